from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('tracking', '0015_times_of_those_asked_about'),
    ]

    operations = [
        migrations.AddField(model_name='shipment', name='carrier_seen', field=models.BooleanField(db_default=False, default=False)),
    ]
