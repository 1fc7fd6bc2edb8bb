from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('tracking', '0014_wishes'),
    ]

    operations = [
        migrations.AddField(model_name='poller', name='begun_at', field=models.DateTimeField(null=True)),
        migrations.AddField(model_name='poller', name='found_from', field=models.DateTimeField(null=True)),
        AddIndexConcurrently(
            model_name='shipment',
            index=BrinIndex(autosummarize=True, fields=['changed_at'], name='shipment_changed_lately', pages_per_range=32),
        ),
        RemoveIndexConcurrently(model_name='shipment', name='shipment_changed'),
    ]
