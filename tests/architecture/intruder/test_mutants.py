"""Take one of the locks away: a check of the suite must see it. (test_catalogue.py does the same to every table in PostgreSQL.)"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.test import override_settings

from api.inbound import mail
from dashboard.forms.sign_in import SignInForm
from orders.models import Customer
from portal import find, quick
from postpurchase.events import bus
from postpurchase.lib import crypto
from postpurchase.tenancy import gates, middleware, permissions, problems, scope
from postpurchase.tenancy.base import MerchantKey, TenantManager
from postpurchase.tenancy.models import Merchant, Role, User
from postpurchase.tenancy.scope import every_tenant, in_merchant
from tests.architecture.intruder.ask import Aim, compose, put_question
from tests.architecture.intruder.intruder import Stage, try_route
from tests.architecture.intruder.personas import Persona, logged_in, with_key
from tests.architecture.intruder.registry import FIXTURES
from tests.architecture.intruder.routes import Route
from tests.tenancy import test_requests as requests
from tests.tenancy import test_scope as scopes

Check = Callable[[Stage], list[str]]
Change = Callable[[pytest.MonkeyPatch, Stage], None]


def at(pattern: str) -> Check:
    """test_routes.py at one address, with few who ask."""

    def check(stage: Stage) -> list[str]:
        asking = [Persona("nobody"), logged_in(stage.ann, "owner"), with_key(stage.ann, "full")]
        return try_route(replace(stage, strangers=asking), Route(pattern, ""), FIXTURES[pattern])

    return check


def told_by(test: Callable[..., None], *given: Any) -> list[str]:
    """A test of the suite, run here; what it has to say."""
    try:
        with transaction.atomic():
            test(*given)
            transaction.set_rollback(True)
    except (Exception, pytest.fail.Exception) as failure:
        return [f"{test.__name__}: {failure!r}"]
    return []


def outside(use: Callable[[Customer], object]) -> Check:
    """tests/tenancy/test_scope.py: a use outside every scope raises, and names the model."""

    def check(stage: Stage) -> list[str]:
        with in_merchant(stage.ann.merchant):
            customer = Customer.objects.get(pk=stage.ann.id("orders.Customer"))
        return told_by(scopes.test_outside_a_scope_every_use_raises_and_names_the_model, (customer, customer), use)

    return check


def undone(test: Callable[..., None]) -> Check:
    """tests/tenancy/test_requests.py: what raised leaves nothing behind."""

    def check(stage: Stage) -> list[str]:
        with override_settings(ROOT_URLCONF="tests.tenancy.test_requests"):
            return told_by(test, stage.ann.merchant)

    return check


def refused(persona: Callable[[Stage], Persona], method: str, pattern: str) -> Check:
    """Somebody of the shop's own who may not do this is told so."""

    def check(stage: Stage) -> list[str]:
        ask = compose(Route(pattern, ""), FIXTURES[pattern], method, stage.ann, Aim(stage.ann, stage.ann))
        status = put_question(persona(stage), ask).status
        return [] if status == 403 else [f"{method} {pattern} is answered {status}"]

    return check


def viewer(stage: Stage) -> Persona:
    return logged_in(stage.ann, "viewer")


def reader(stage: Stage) -> Persona:
    return with_key(stage.ann, "read")


# --- the mutants ---


def manager_without_filter(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(TenantManager, "get_queryset", models.Manager.get_queryset)


def djangos_base_manager(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    manager: models.Manager[Customer] = models.Manager()
    manager.model = Customer
    patch.setattr(Customer._meta, "base_manager", manager)


def saving_asks_for_no_scope(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(MerchantKey, "pre_save", models.ForeignKey.pre_save)


def scope_outlives_its_block(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    kept: list[Any] = [None]
    patch.setattr(scope, "_scope", SimpleNamespace(get=lambda: kept[-1], set=kept.append, reset=lambda token: None))


def gate_lets_everybody_in(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    def by_slug(user_id: int, slug: str) -> gates.Member | None:
        merchant = Merchant.objects.filter(slug=slug).first()
        return gates.Member(merchant.pk, merchant.pk, "owner") if merchant else None

    patch.setattr(gates, "by_membership", by_slug)


def gate_makes_everybody_owner(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    ask = gates.by_membership
    patch.setattr(gates, "by_membership", lambda user, slug: (found := ask(user, slug)) and found._replace(role="owner"))


def roles_are_alike(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    for role in Role:
        patch.setitem(permissions.RANK, role, 0)


def any_key_opens_bobs_shop(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    ask, bob = gates.by_api_key, stage.bob.ids["tenancy.Merchant"]
    patch.setattr(gates, "by_api_key", lambda key: (found := ask(key)) and found._replace(merchant_id=bob))


def keys_scopes_are_not_asked(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(permissions.HasScope, "has_permission", lambda self, request, view: request.auth is not None)


def requests_run_in_every_tenant(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    wide = SimpleNamespace(in_merchant=lambda merchant: every_tenant("mutant"), current=scope.current)
    patch.setattr(middleware, "scope", wide)


def error_commits_half_the_work(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(middleware, "transaction", SimpleNamespace(set_rollback=lambda value: None))


def refusal_commits_half_the_work(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(problems, "transaction", SimpleNamespace(set_rollback=lambda value: None))


def any_link_opens_bobs_order(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    order = stage.bob.ids["orders.Order"]
    patch.setattr(quick, "crypto", SimpleNamespace(from_link_token=lambda token: order))
    patch.setattr(crypto, "from_link_token", lambda token: order)


def look_up_tells_a_hit(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    def publish(fact: Any) -> None:
        if fact.order_id is None:
            raise Http404
        bus.publish(fact)

    patch.setattr(find, "bus", SimpleNamespace(publish=publish))


def sign_in_tells_who_has_an_account(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    def say(form: SignInForm) -> None:
        known = User.objects.filter(email=form.cleaned_data["login"]).exists()
        raise ValidationError("wrong password" if known else "no such account")

    patch.setattr(SignInForm, "clean", say)


def providers_need_no_proof(patch: pytest.MonkeyPatch, stage: Stage) -> None:
    patch.setattr(mail, "provable", lambda provider: True)


@dataclass(frozen=True)
class Mutant:
    """What is taken away, and the check that must see it. `without`: settings in which that lock is the one that holds."""

    change: Change
    check: Check
    without: str = ""


READ = outside(lambda customer: list(Customer.objects.all()))
MUTANTS = [
    Mutant(manager_without_filter, READ),
    Mutant(djangos_base_manager, outside(lambda customer: customer.refresh_from_db())),
    Mutant(saving_asks_for_no_scope, outside(lambda customer: Customer.objects.create(email="c@x.example"))),
    Mutant(scope_outlives_its_block, READ),
    Mutant(gate_lets_everybody_in, at("m/<slug:slug>/messages/<message:message_id>/text/")),
    Mutant(gate_makes_everybody_owner, refused(viewer, "POST", "m/<slug:slug>/orders/<order:order_id>/send/")),
    Mutant(roles_are_alike, refused(viewer, "POST", "m/<slug:slug>/flows/<slug:key>/switch/")),
    Mutant(any_key_opens_bobs_shop, at("api/v1/orders/<str:public_id>")),
    Mutant(keys_scopes_are_not_asked, refused(reader, "POST", "api/v1/orders")),
    Mutant(requests_run_in_every_tenant, at("m/<slug:slug>/messages/<message:message_id>/body/")),
    Mutant(error_commits_half_the_work, undone(requests.test_what_a_page_did_before_it_raised_is_undone)),
    Mutant(refusal_commits_half_the_work, undone(requests.test_what_a_call_did_before_it_was_refused_is_undone)),
    Mutant(any_link_opens_bobs_order, at("t/<str:token>")),
    Mutant(look_up_tells_a_hit, at("s/<slug:slug>/")),
    Mutant(sign_in_tells_who_has_an_account, at("sign-in/")),
    Mutant(providers_need_no_proof, at("mail/postmark/tracking/"), without="ANYMAIL"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.change.__name__)
def test_a_lock_taken_away_is_seen(mutant: Mutant, stage: Stage, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    if mutant.without:
        setattr(settings, mutant.without, {})
    whole = mutant.check(stage)

    mutant.change(monkeypatch, stage)
    broken = mutant.check(stage)

    monkeypatch.undo()
    print(broken[:1])
    assert whole == []
    assert broken != []
