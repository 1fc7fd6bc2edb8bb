"""The addresses of dashboard/work_urls.py."""

from tests.architecture.intruder.fixture import Body, Fixture, public, row, slug
from tests.architecture.intruder.registry_dashboard import ONCE, asks

CASE = public("cse", "desk.Case")


def case(*works: str, body: Body | None = None, **more: Body) -> Fixture:
    """An address of one case."""
    return Fixture({"slug": slug, "case_id": CASE}, body, works=works, **more)  # type: ignore[arg-type]


PAGES: dict[str, Fixture] = {
    "work/": Fixture(
        {"slug": slug},
        query=asks(view="snoozed"),
        more=(asks(view="snoozed", who=public("mbr", "tenancy.Membership")), asks(kind="stalled", view="snoozed")),
    ),
    "work/many/": Fixture({"slug": slug}, asks(row=CASE, act="tomorrow", once=ONCE), works=("POST",)),
    "work/<case:case_id>/": case("GET", query=asks(message="delayed")),
    "work/<case:case_id>/preview/": case("GET", query=asks(message="delayed")),
    "work/<case:case_id>/tell/": case("POST", body=asks(template="delayed", once=ONCE)),
    "work/<case:case_id>/asked/": case("POST", body=asks(letter="Where is it?", once=ONCE)),
    "work/<case:case_id>/snooze/": case("POST", body=asks(until="2099-12-31", once=ONCE)),
    "work/<case:case_id>/assign/": case("POST", body=asks(member=row("tenancy.Membership"), once=ONCE)),
    "work/<case:case_id>/done/": case("POST", body=asks(note="Found", once=ONCE)),
    "work/<case:case_id>/reopen/": case("POST", body=asks(once=ONCE)),
    "shipments/limits/": Fixture({"slug": slug}),
    "shipments/limits/change/": Fixture({"slug": slug}, asks(carrier=lambda world: world.word, quiet_days="4"), works=("POST",)),
    "shipments/limits/<rule:rule_id>/remove/": Fixture({"slug": slug, "rule_id": public("hru", "tracking.HealthRule")}, works=("POST",)),
    "shipments/asked/": Fixture({"slug": slug}, more=(asks(since="90d"),), silent="numbers alone"),
    "shipments/<parcel:parcel_id>/evidence/": Fixture(
        {"slug": slug, "parcel_id": public("shp", "tracking.Shipment")}, asks(form="json"), works=("POST",)
    ),
    "evidence/verify/": Fixture({"slug": slug}, silent="a script"),
}
FIXTURES: dict[str, Fixture] = {f"m/<slug:slug>/{pattern}": fixture for pattern, fixture in PAGES.items()}
