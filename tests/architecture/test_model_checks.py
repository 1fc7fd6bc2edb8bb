"""tenancy.E001 to E005: what a bad model is told before any database sees it."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from orders.models import Customer
from postpurchase.tenancy.base import TenantForeignKey, TenantManager, TenantModel
from postpurchase.tenancy.checks import faults
from postpurchase.tenancy.models import Merchant, User


@pytest.fixture
def own_registry() -> Iterator[None]:
    """The samples live in a registry of their own, in which their merchant and user can be found."""
    with isolate_apps("orders", "postpurchase.tenancy") as registry:
        for model in Merchant, User:
            registry.register_model("tenancy", model)
        yield


def plain_key() -> type[models.Model]:
    class Bad(TenantModel):
        customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def unique_column() -> type[models.Model]:
    class Bad(TenantModel):
        number = models.CharField(max_length=9, unique=True)

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def one_to_one() -> type[models.Model]:
    class Bad(TenantModel):
        user = models.OneToOneField(User, models.CASCADE, related_name="+")

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def unique_across_merchants() -> type[models.Model]:
    class Bad(TenantModel):
        number = models.CharField(max_length=9)

        class Meta(TenantModel.Meta):
            app_label = "orders"
            constraints = [models.UniqueConstraint(fields=["number", "merchant"], name="bad")]

    return Bad


def unique_together() -> type[models.Model]:
    class Bad(TenantModel):
        number = models.CharField(max_length=9)

        class Meta(TenantModel.Meta):
            app_label = "orders"
            unique_together = [("number", "merchant")]

    return Bad


def hidden_join_table() -> type[models.Model]:
    class Bad(TenantModel):
        customers = models.ManyToManyField(Customer, related_name="+")

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def open_manager() -> type[models.Model]:
    class Bad(TenantModel):
        objects = models.Manager()

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def open_second_manager() -> type[models.Model]:
    class Bad(TenantModel):
        objects = TenantManager()
        everything = models.Manager()

        class Meta(TenantModel.Meta):
            app_label = "orders"

    return Bad


def other_base_manager() -> type[models.Model]:
    class Bad(TenantModel):
        objects = TenantManager()
        plain = models.Manager()

        class Meta:
            app_label = "orders"
            base_manager_name = "plain"

    return Bad


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (plain_key, "tenancy.E001"),
        (unique_column, "tenancy.E002"),
        (one_to_one, "tenancy.E002"),
        (unique_across_merchants, "tenancy.E003"),
        (unique_together, "tenancy.E003"),
        (hidden_join_table, "tenancy.E004"),
        (open_manager, "tenancy.E005"),
        (open_second_manager, "tenancy.E005"),
        (other_base_manager, "tenancy.E005"),
    ],
    ids=lambda it: getattr(it, "__name__", it),
)
@pytest.mark.usefixtures("own_registry")
def test_a_bad_model_is_told_what_to_do(make: Callable[[], type[models.Model]], told: str) -> None:
    assert [fault.id for fault in faults(make())] == [told]


@pytest.mark.usefixtures("own_registry")
def test_a_good_model_is_left_alone() -> None:
    class Good(TenantModel):
        customer = TenantForeignKey(Customer, models.CASCADE, related_name="+")
        tags = ArrayField(models.CharField(max_length=9))

        class Meta(TenantModel.Meta):
            app_label = "orders"
            constraints = [models.UniqueConstraint(fields=["merchant", "customer"], name="good")]

    assert faults(Good) == []


def test_the_projects_models_pass() -> None:
    assert [error for error in run_checks() if str(error.id).startswith("tenancy")] == []


@pytest.mark.django_db
def test_the_apps_role_passes_the_deployment_check() -> None:
    found = run_checks(tags=["database"], include_deployment_checks=True, databases=["default"])

    assert [error for error in found if str(error.id).startswith("tenancy")] == []
