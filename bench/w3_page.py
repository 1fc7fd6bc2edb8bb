"""W3: the tracking page. Cold beside a naive ORM page; unchanged (304 or from memory) beside the least that Django can do (Y2)."""

import itertools
from collections.abc import Callable

from bench import load
from bench.ground import Ground, Web
from bench.harness import Report
from bench.naive import place
from postpurchase.embedded.progress import Failure
from postpurchase.lib import crypto

PAGES = 20_000  # more than the shelf holds, so that each is drawn anew when its turn comes again
PARCELS = """
SET session_replication_role = replica; SET synchronous_commit = off;
WITH shop AS (SELECT merchant, connection FROM bench.batch WHERE name = 'stock'),
parcel AS (
  INSERT INTO tracking_shipment (id, merchant_id, order_id, connection_id, external_id, carrier, number, service, tracking_url, origin_country,
    shipped_at, created_at, status, substatus, party, action_required, status_at, first_scan_at, last_scan_at, attempts, signed_by, estimate_on,
    estimate_source, health, version)
  SELECT gen_random_uuid(), shop.merchant, o.id, shop.connection, 'w3-' || o.external_id, 'dhl', 'W3' || replace(o.external_id, '-', ''), '', '',
    'DE', now() - interval '3 days', now() - interval '3 days', 'in_transit', '', '', '', now(), now() - interval '2 days', now(), 0, '',
    current_date + 2, 'carrier', '{}', 1 FROM shop JOIN orders_order o ON o.merchant_id = shop.merchant LIMIT %(count)s
  RETURNING id, merchant_id, order_id),
item AS (
  INSERT INTO tracking_shipmentline (id, merchant_id, shipment_id, line_id, quantity)
  SELECT gen_random_uuid(), p.merchant_id, p.id, l.id, l.quantity FROM parcel p JOIN orders_line l ON l.order_id = p.order_id),
scan AS (
  INSERT INTO tracking_scan (id, merchant_id, shipment_id, fingerprint, occurred_at, zone_known, code, text, status, substatus, party,
    action_required, carrier, city, region, postcode, country, source, signed_by, received_at, extra)
  SELECT gen_random_uuid(), merchant_id, parcel.id, decode(md5(n::text), 'hex'), now() - n * interval '5 hours', true, 'x' || n, 'Departed facility',
    'in_transit', '', '', '', 'dhl', 'Leipzig', '', '04435', 'DE', 'easypost', '', now(), '{}' FROM parcel, generate_series(1, 10) n)
SELECT order_id FROM parcel"""
NAIVE = """
INSERT INTO naive_customer (merchant_id, external_id, email, phone, first_name, last_name, locale)
SELECT m.id, '', 'mia' || n || '@example.com', '', 'Mia', 'Berg', 'de' FROM naive_merchant m, generate_series(1, %(count)s) n;
INSERT INTO naive_order (merchant_id, customer_id, external_id, number, email, phone, placed_at, updated_at, currency, total, shipping_total,
  tax_total, taxes_included, shipping_address, discount_codes, tags, channel, locale, financial_status)
SELECT merchant_id, id, 'page-' || row_number() OVER (ORDER BY id), '#' || id, email, '', now(), now(), 'EUR', 24570, 490, 0, true, '{}', '[]', '[]',
  'web', 'de', 'paid' FROM naive_customer ORDER BY id DESC LIMIT %(count)s;
INSERT INTO naive_line (order_id, external_id, title, variant, sku, product_id, image_url, quantity, unit_price, weight_grams)
SELECT o.id, n, 'Linen shirt', 'White / M', 'SKU-1', 'prod-1', 'https://cdn.example.com/products/1/front-1024x1024.jpg', n, 4900, 320
FROM naive_order o, generate_series(1, 3) n WHERE o.external_id LIKE 'page-%%';
INSERT INTO naive_shipment (order_id, carrier, number, status, expected_on)
SELECT id, 'dhl', 'W3' || id, 'in_transit', current_date + 2 FROM naive_order WHERE external_id LIKE 'page-%%';
INSERT INTO naive_scan (shipment_id, occurred_at, text, status, city, country)
SELECT s.id, now() - n * interval '5 hours', 'Departed facility', 'in_transit', 'Leipzig', 'DE' FROM naive_shipment s, generate_series(1, 10) n"""


def run(ground: Ground) -> Report:
    """Measure and judge."""
    report = Report()
    count = 2_000 if ground.quick else PAGES
    orders = [order_id for (order_id,) in ground.sql(PARCELS, {"count": count})]
    naive = place.prepare(ground)
    ground.sql("SET synchronous_commit = off; " + NAIVE, {"count": count}, database=place.NAME)
    for database in ("postpurchase", place.NAME):
        ground.sql("VACUUM ANALYZE", database=database)
    application = "bench.naive.wsgi:application"
    with ground.web() as ours, ground.web(application, **naive) as theirs, ground.web(application, BARE="1", **naive) as bare:
        tokens = [crypto.link_token(order_id) for order_id in orders]
        unchanged = load.get(f"/t/{tokens[0]}", ours.port)
        sides = {
            "cold": ground.http(ours, _each(ours, "/t/", tokens[1:]), wanted=200),
            "naive page": ground.http(theirs, _each(theirs, "/track/page-", [str(n) for n in range(1, count + 1)]), wanted=200),
            "304": ground.http(ours, _same(load.get(f"/t/{tokens[0]}", ours.port, If_None_Match=_etag(ours, unchanged))), wanted=304),
            "from memory": ground.http(ours, _same(unchanged), wanted=200),
            "Y2 hello": ground.http(bare, _same(load.get("/hello", bare.port)), wanted=200),
        }
        found = ground.compare("W3", sides, report)
    report.rate("W3", "pages a second, cold", found, ours="cold", theirs="naive page", at_least=2.0)
    report.rate("W3", "answers a second, 304", found, ours="304", theirs="Y2 hello", at_least=0.4)
    report.rate("W3", "pages a second, from memory", found, ours="from memory", theirs="Y2 hello", at_least=0.4)
    return report


def _each(web: Web, path: str, names: list[str]) -> Callable[[], bytes]:
    turn = itertools.cycle(names)
    return lambda: load.get(path + next(turn), web.port)


def _same(raw: bytes) -> Callable[[], bytes]:
    return lambda: raw


def _etag(web: Web, page: bytes) -> str:
    line, status = load.Line(web.port), 0
    line.send(page)
    while not status:
        status = line.answer()
    line.socket.close()
    named = [part.split(b": ", 1)[1].decode() for part in line.head.split(b"\r\n") if part.lower().startswith(b"etag: ")]
    if status != 200 or not named:
        raise Failure(f"The tracking page answered {status}.", "read the web server's log in .run/bench.")
    return named[0]
