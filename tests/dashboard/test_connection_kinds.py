"""Every kind of connection that can receive is offered, in its group, with its steps."""

import pytest
from django.test import Client

from dashboard.wiring import KINDS
from integrations import registry
from integrations.models import Connection
from postpurchase.lib.ids import to_public
from postpurchase.tenancy.models import Merchant
from postpurchase.tenancy.scope import in_merchant
from tests.dashboard.pages import text

AT = "/m/ann/connections/"


def test_the_kinds_that_can_receive_are_those_that_are_offered() -> None:
    assert sorted(KINDS) == registry.kinds()


def test_the_kinds_are_offered_in_groups(ann: Merchant, admin: Client) -> None:
    said = text(admin.get(f"{AT}new/"))

    places = [said.index(word) for word in ("Shops", "Shopify", "Aggregators", "17TRACK", "Carriers", "Canada Post")]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_is_connected_step_by_step(ann: Merchant, admin: Client, kind: str) -> None:
    assert str(KINDS[kind].brings) in text(admin.get(f"{AT}new/?kind={kind}"))

    made = admin.post(f"{AT}add/", {"kind": kind, "label": "New"})

    with in_merchant(ann):
        row = Connection.objects.get(kind=kind, label="New")
    said = text(made)
    assert f"/in/{to_public('con', row.pk)}" in said
    assert str(KINDS[kind].secret_step) in said
    assert bool(row.secret_sealed) is not registry.adapter(kind).makes_secret
