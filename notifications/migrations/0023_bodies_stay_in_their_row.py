"""Bodies are compressed already: up to a page's size they stay in their row, where PostgreSQL would compress them again in vain and move them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0022_results")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE notifications_messagebody SET (toast_tuple_target = 8160)",
            "ALTER TABLE notifications_messagebody RESET (toast_tuple_target)",
        )
    ]
