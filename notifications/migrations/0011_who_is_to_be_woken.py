from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("notifications", "0010_drafts_and_waking")]

    operations = [
        AddIndexConcurrently(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('state', 'active'), ('wake_at__isnull', False)), fields=['merchant', 'wake_at'], name='enrolment_to_wake'),
        ),
        AddIndexConcurrently(
            model_name='enrolment',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['merchant', 'flow'], name='enrolment_in_flight'),
        ),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('slot_at__isnull', False)), fields=['merchant', 'to_address', '-slot_at'], name='message_slots'),
        ),
    ]
