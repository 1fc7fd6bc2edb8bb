"""Who may do what, in one table: every page and act of the dashboard x every role."""

import pytest
from django.test import Client
from django.urls import get_resolver

from dashboard.ids import PREFIXES
from postpurchase.tenancy.models import Membership, Merchant, Role, User
from postpurchase.tenancy.permissions import RANK
from postpurchase.tenancy.scope import in_merchant
from tests.people import signed_in

pytestmark = pytest.mark.django_db

LEAST: dict[str, tuple[str, ...]] = {
    Role.VIEWER: (
        "home", "orders", "order", "messages", "message", "message-body", "message-text", "flows", "flow", "flow-preview", "webhooks",
        "designs", "design", "design-preview",
        "simulate", "backtests", "backtest",
        "webhook", "webhook-delivery", "team-leave", "team-left", "connections", "connection", "inbound-delivery",
        "flow-versions", "results", "flow-results",
        "alerts", "alerts-change",
        "shipments", "codes", "promises", "requests", "customers", "customer", "search",
        "work", "case", "case-preview", "limits", "asked", "evidence-verifier",
        "filter-add", "filter-rename", "filter-remove", "filter-restore",
    ),
    Role.AGENT: (
        "order-send", "message-again", "message-arrived", "message-held", "exports", "export-add", "export-file", "jobs",
        "job-ask", "job-add", "job", "job-stop", "suppressions", "suppression-add",
        "backtest-file", "request-answer",
        "work-many", "case-tell", "case-asked", "case-snooze", "case-assign", "case-done", "case-reopen", "evidence",
    ),
    Role.ADMIN: (
        "connection-new", "connection-add", "connection-switch", "connection-secret", "connection-old-secret", "connection-again",
        "connection-mapping", "connection-mapping-look", "connection-mapping-keep", "connection-file", "connection-asking",
        "connection-asking-keep",
        "code-give", "connection-replay", "connection-remove", "connection-delete", "inbound-again",
        "domains", "domain-add", "domain-check", "domain-remove", "domain-delete",
        "sms", "sms-change", "sms-test", "sms-remove", "sms-counting",
        "tracking-page", "page-change", "page-arrange", "page-variant", "page-whole", "page-publish", "page-restore",
        "points", "point-add", "point-file", "point", "point-change", "point-switch", "point-remove",
        "design-add", "design-change", "design-arrange", "design-test", "design-publish", "design-restore",
        "flow-switch", "flow-test", "webhook-new", "webhook-add", "webhook-edit", "webhook-change", "webhook-switch", "webhook-secret",
        "flow-new", "flow-add", "flow-edit", "flow-change", "flow-discard", "flow-review", "flow-publish",
        "flow-older", "flow-roll-back",
        "backtest-start", "backtest-stop",
        "webhook-old-secret", "webhook-test", "webhook-replay", "webhook-remove", "webhook-delete", "webhook-again", "team", "team-invite",
        "invitation-again", "invitation-revoke", "member", "member-role", "member-remove",
        "brand", "brand-change", "brand-preview", "brand-mail", "brand-read", "brand-take", "brand-leave", "alerts-channel",
        "alerts-channel-test", "alerts-channel-remove", "first-order", "first-steps-close", "settings", "settings-change",
        "imports", "import-new", "import-add", "import-sample", "import", "import-look", "import-check", "import-change", "import-run",
        "import-cancel", "import-errors", "keys", "key-new", "key-add", "key", "key-rotate", "key-end", "key-revoke", "usage", "audit",
        "audit-check", "audit-entry", "limits-change", "limits-remove", "customer-data", "customer-erase", "customer-erased",
        "rules", "rules-change", "rules-resume", "suppression-lift", "suppression-lifted",
    ),
    Role.OWNER: ("team-two-factor", "close", "closed"),
}  # fmt: skip
NOBODYS = "00000000000000000000000000"


def views() -> dict[str, tuple[str, Role | None]]:
    """Name -> (an address, the least role that stands at the view)."""
    found = {}
    for resolver in get_resolver().url_patterns:
        for inner in getattr(resolver, "url_patterns", []):
            for one in getattr(inner, "url_patterns", []):
                if getattr(inner, "namespace", "") == "dashboard":
                    found[one.name] = (address(str(one.pattern)), getattr(one.callback, "needs_role", None))
    return found


def address(pattern: str) -> str:
    for kind, prefix in PREFIXES.items():
        pattern = pattern.replace(f"<{kind}:{kind}_id>", f"{prefix}_{NOBODYS}")
    return "/m/ann/" + pattern.replace("<slug:key>", "none").replace("<slug:kind>", "orders").replace("<int:number>", "1").replace(
        "<str:look>", "x"
    )


def test_every_view_says_its_role_and_the_table_says_the_same() -> None:
    said = {name: role for name, (_, role) in views().items()}

    assert said == {name: role for role, names in LEAST.items() for name in names}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(ann: Merchant, role: Role) -> None:
    client = signed_in(ann, role)

    for name, (path, least) in views().items():
        assert least is not None
        for method in ("get", "post"):
            refused = getattr(client, method)(path).status_code == 403
            assert refused is (RANK[role] < RANK[least]), (name, method, role)
            if name == "team-left" and method == "post" and role != Role.OWNER:
                client = signed_in_again(ann, role)


def signed_in_again(merchant: Merchant, role: Role) -> Client:
    """In the place that was just left."""
    user, client = User.objects.get(email=f"{role}@{merchant.slug}.example"), Client()
    with in_merchant(merchant):
        Membership.objects.create(user=user, role=role)
    client.force_login(user)
    return client


def test_strangers_get_404_everywhere_and_the_logged_out_the_page_to_sign_in(ann: Merchant, bob: Merchant) -> None:
    stranger = signed_in(bob, Role.OWNER)

    for path, _least in views().values():
        assert {stranger.get(path).status_code, stranger.post(path).status_code} == {404}
        assert Client().get(path)["Location"].startswith("/sign-in/?next=")
