import pytest
from datetime import timedelta
from postpurchase.lib import clock
from postpurchase.tenancy.scope import in_merchant
from postpurchase.tenancy.models import Brand
from tests.people import open_shop
from tests.portal.acts import *
from tests.factories import line_data

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_shots(window):
    now = clock.business_now()
    shop = open_shop("northlight")
    with in_merchant(shop):
        Brand.objects.update(
            name="Northlight", website="https://northlight.example", return_policy_url="https://northlight.example/returns"
        )
        d = lambda n: (now + timedelta(days=n)).date()

        def mk(ext, **k):
            return place(external_id=ext, number="#11" + ext, placed_at=now - timedelta(days=4), **k)

        urls = {}

        def track(ext, statuses, **k):
            o = mk(ext)
            ship(o, f"p{ext}", shipped_at=now - timedelta(days=3), **k)
            for i, (st, kw) in enumerate(statuses):
                scan(f"p{ext}", st, now - timedelta(hours=60) + timedelta(hours=57 * i / max(1, len(statuses) - 1)), **kw)
            return o

        way = [
            ("info_received", {"text": "Shipment information sent to DHL", "city": "Gothenburg", "country": "SE"}),
            ("in_transit", {"text": "Left the terminal", "city": "Malmö", "country": "SE"}),
            ("in_transit", {"text": "Sorted at the hub. Next stop: Munich.", "city": "Leipzig"}),
        ]
        o = track("01", way)
        expect("p01", d(2), told_at=now - timedelta(days=3))
        urls["way"] = link(o)
        o = track("02", way)
        expect("p02", d(1), told_at=now - timedelta(days=3))
        expect("p02", d(3), d(2), told_at=now)
        urls["late"] = link(o)
        o = track("03", way + [("out_for_delivery", {"city": "Munich"}), ("delivered", {"city": "Munich", "substatus": "neighbour"})])
        expect("p03", d(0), told_at=now - timedelta(days=3))
        urls["delivered"] = link(o)
        o = mk("04")
        ship(o, "p04a", lines=[SHIRT], shipped_at=now - timedelta(days=2))
        ship(o, "p04b", carrier="postnord", lines=[ShippedLineData("socks", 1)], shipped_at=now - timedelta(days=2))
        scan("p04a", "delivered", now - timedelta(hours=5), city="Berlin")
        scan("p04b", "in_transit", now - timedelta(hours=7), text="Arrived at sorting centre", city="Hamburg")
        expect("p04b", d(2))
        urls["split"] = link(o)
        o = track("05", way + [("available_for_pickup", {"city": "Munich"})])
        urls["collect"] = link(o)
        o = mk("06")
        urls["packing"] = link(o)
        urls["find"] = "/s/northlight/"
        urls["code"] = urls["way"] + "/code"
        urls["verify"] = urls["way"] + "/verify"
        from notifications import direct

        m = direct.write("tracking_link", o)
        urls["unsub"] = "/u/" + crypto.link_token(m.pk)
    for w, theme in ((390, "light"), (1440, "dark"), (1440, "light")):
        win = window(width=w, theme=theme)
        for name, u in urls.items():
            if w == 1440 and theme == "light" and name not in ("way", "late"):
                continue
            p = win.open(u)
            p.screenshot(path=f"/tmp/shots/{name}-{w}-{theme}.png", full_page=True)
        print(win.strangers, win.wrong)
