from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('tracking', '0006_codes_that_no_table_has'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='scan',
            index=models.Index(condition=models.Q(('unlisted', True)), fields=['merchant', 'source', 'code', 'shipment'], name='scan_unlisted'),
        ),
    ]
