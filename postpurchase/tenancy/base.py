"""TenantModel: every table that belongs to a merchant."""

from typing import Any, TypeVar

from django.db import models
from django.db.backends.utils import truncate_name

from postpurchase.lib.ids import uuid7
from postpurchase.tenancy import scope
from postpurchase.tenancy.security import SameMerchant, TenantTable, attach

Row = TypeVar("Row", bound=models.Model, covariant=True)


class InScope(models.Func):
    """merchant_id = <the merchant in scope>, decided when the SQL is written: a query set may be made early and run late."""

    output_field = models.BooleanField()

    def __init__(self, column: models.F, label: str) -> None:
        super().__init__(column)
        self.label = label

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """TRUE for every tenant, a comparison for one, NoMerchant outside a scope."""
        here = scope.demand(f"{self.label}.objects")
        if here.merchant_id is None:
            return "TRUE", []
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} = %s", [*params, here.merchant_id]


class TenantManager(models.Manager[Row]):
    """Sees the rows of the merchant in scope; raises NoMerchant outside a scope. Methods come by from_queryset()."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """The model's query set, bound to the scope."""
        return super().get_queryset().filter(InScope(models.F("merchant"), self.model._meta.label))


class MerchantKey(models.ForeignKey):  # type: ignore[type-arg]
    """The merchant column. Filled from the scope; brings row level security to its table."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("to", "tenancy.Merchant")
        options.setdefault("on_delete", models.CASCADE)
        options |= {"default": scope.merchant_id, "db_index": False, "related_name": "+"}
        super().__init__(**options)

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]
        """Attach the table's row security."""
        super().contribute_to_class(cls, name, **kwargs)
        attach(cls, TenantTable(name=truncate_name(f"{cls._meta.db_table}_tenant", 60)))

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Refuse to write outside a scope."""
        scope.demand(f"saving {instance._meta.label}")
        return super().pre_save(instance, add)


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key to a tenant table; the constraint also compares the merchants, in place of Django's own.

    db_index=False says that an index which begins with the merchant and this column stands anyway: each index costs every write.
    """

    def __init__(self, to: Any, on_delete: Any, **options: Any) -> None:
        super().__init__(to, on_delete, **options | {"db_constraint": False})

    def deconstruct(self) -> Any:
        """db_constraint is ours to set, not the migration's."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, **kwargs: Any) -> None:  # type: ignore[override]
        """Attach the composite key."""
        super().contribute_to_class(cls, name, **kwargs)
        attach(cls, SameMerchant(field=name, name=truncate_name(f"{cls._meta.db_table}_{name}_same_merchant", 60)))


class TenantModel(models.Model):
    """A row of one merchant: uuid7 id, merchant column, row level security."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = MerchantKey(editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # forward keys, refresh_from_db, save and cascades demand a scope as well
