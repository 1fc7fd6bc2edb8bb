"""What can be seen without a database. The catalogue test sees the rest."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection, models

from postpurchase.tenancy.base import TenantForeignKey, TenantManager, TenantModel


@register(Tags.models)
def tenant_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The rules of TenantModel, on every model that is one."""
    return [error for model in apps.get_models() if issubclass(model, TenantModel) for error in faults(model)]


def faults(model: type[models.Model]) -> list[CheckMessage]:
    """What is wrong with one tenant model."""
    found = [error for field in model._meta.local_fields for error in _field_faults(field, model)]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] != ("merchant",):
            found.append(Error(f"{constraint.name} must start with merchant", obj=model, id="tenancy.E003"))
    for fields in model._meta.unique_together:
        if fields[0] != "merchant":
            found.append(Error(f"unique_together {fields} must start with merchant", obj=model, id="tenancy.E003"))
    for many in model._meta.local_many_to_many:
        if many.remote_field.through._meta.auto_created:  # type: ignore[union-attr]
            found.append(Error(f"{many} needs through=<a TenantModel>", obj=model, id="tenancy.E004"))
    if any(not isinstance(manager, TenantManager) for manager in (*model._meta.managers, model._base_manager)):
        found.append(Error("every manager must be a TenantManager: TenantManager.from_queryset(...)", obj=model, id="tenancy.E005"))
    return found


def _field_faults(field: Any, model: type[models.Model]) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    target = field.remote_field and field.remote_field.model
    if target and issubclass(target, TenantModel) and not isinstance(field, TenantForeignKey):
        found.append(Error(f"{field} points at a tenant table: use TenantForeignKey", obj=model, id="tenancy.E001"))
    if field.unique and not field.primary_key:
        hint = "use UniqueConstraint(fields=['merchant', ...])"
        found.append(Error(f"{field} is unique across merchants: {hint}", obj=model, id="tenancy.E002"))
    return found


@register(Tags.database, deploy=True)  # deploy: `migrate` runs every other database check, as the owner
def app_role(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --deploy --database default`: the role of web and workers owns nothing and bypasses nothing."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        bypass, owns = cursor.fetchone()
    return [Error("the database role owns tables or bypasses row level security", id="tenancy.E010")] if bypass or owns else []
