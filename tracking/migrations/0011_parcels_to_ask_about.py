from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('tracking', '0010_pollers'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(condition=models.Q(('poll_at', None), _negated=True), fields=['merchant', 'carrier', 'poll_at'], name='shipment_to_ask'),
        ),
    ]
