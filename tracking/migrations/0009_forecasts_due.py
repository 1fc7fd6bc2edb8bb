"""Find the parcels whose day is to be forecast, and what levels are learned from, without reading all of them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tracking", "0008_lanes_and_promises")]

    operations = [
        AddIndexConcurrently(
            model_name='estimatesnapshot',
            index=models.Index(condition=models.Q(('grounds__isnull', False)), fields=['merchant', '-told_at'], name='estimate_grounds'),
        ),
        AddIndexConcurrently(
            model_name='shipment',
            index=models.Index(condition=models.Q(('estimate_at', None), _negated=True), fields=['merchant', 'estimate_at'], name='shipment_to_estimate'),
        ),
    ]
