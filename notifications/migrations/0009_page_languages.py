"""The tracking page may ask for the order's and the brand's language: for a reader whose browser names none that we speak."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("notifications.migrations.0006_tracking_page").FACTS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AFTER = BEFORE.replace("'ship_country', o.ship_country,", "'locale', o.locale, 'ship_country', o.ship_country,").replace(
    "'surface', b.surface,", "'surface', b.surface, 'locale', b.locale,"
)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_held_back")]
    operations = [migrations.RunSQL(AFTER, BEFORE)]
