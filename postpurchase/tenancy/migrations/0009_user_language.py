"""The language in which somebody reads the dashboard. With a default in the database: an older process may still add people."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0008_shortcuts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
    ]
