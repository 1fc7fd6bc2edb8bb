"""Plan the statement of orders_place once for a connection. Left to itself PostgreSQL may plan it anew for every order, at twice its cost."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_drop_double_indexes")]
    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION orders_place SET plan_cache_mode = force_generic_plan", "ALTER FUNCTION orders_place RESET plan_cache_mode"
        )
    ]
