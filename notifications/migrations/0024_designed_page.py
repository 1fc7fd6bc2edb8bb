"""The tracking page may ask for what the shop made of it: the first variant whose rules hold for the order, and what the shopper asked for.

The score of the last 13 weeks is added up only for a page that shows it.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("notifications.migrations.0009_page_languages").AFTER
DESIGN = """
    'design', (SELECT json_build_object('language', coalesce(v.content ->> 'language', 'en'), 'asks', coalesce(v.content -> 'asks', '[]'),
        'sections', (SELECT one.variant -> 'sections'
          FROM jsonb_array_elements(v.content -> 'variants') WITH ORDINALITY AS one (variant, turn)
          WHERE (coalesce(one.variant -> 'countries', '[]') = '[]' OR one.variant -> 'countries' ? o.ship_country)
            AND (coalesce(one.variant -> 'tags', '[]') = '[]'
              OR one.variant -> 'tags' ?| (o.tags || coalesce((SELECT c.tags FROM orders_customer c
                WHERE c.merchant_id = p_merchant AND c.id = o.customer_id), '{}'))::text[])
          ORDER BY one.turn LIMIT 1),
        'score', CASE WHEN v.content @? '$.variants[*].sections[*] ? (@.kind == "score")' THEN (
          SELECT json_build_array(coalesce(sum(w.on_time), 0), coalesce(sum(w.promised), 0)) FROM tracking_promiseweek w
          WHERE w.merchant_id = p_merchant AND w.week > (SELECT max(l.week) FROM tracking_promiseweek l WHERE l.merchant_id = p_merchant) - 91) END)
      FROM brands_pagedesign d JOIN brands_pageversion v ON v.merchant_id = p_merchant AND v.id = d.live_id
      WHERE d.merchant_id = p_merchant),
    'wishes', (SELECT coalesce(json_agg(json_build_object('kind', i.kind, 'state', i.state, 'asked_at', i.asked_at) ORDER BY i.asked_at, i.id),
        '[]') FROM tracking_wish i WHERE i.merchant_id = p_merchant AND i.order_id = o.id),
    'message',"""
AFTER = BEFORE.replace("\n    'message',", DESIGN)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0023_bodies_stay_in_their_row"), ("brands", "0003_page_designs"), ("tracking", "0014_wishes")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
