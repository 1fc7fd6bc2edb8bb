"""Indexes, small ones: messages that rest while their merchant's marketing is paused, and the reports that rates are counted of."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0012_consent_and_rules")]
    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(condition=models.Q(("reason", "sending_paused"), ("state", "held")), fields=["merchant"], name="message_at_rest"),
        ),
        AddIndexConcurrently(
            "providerevent",
            models.Index(condition=models.Q(("hard", True)), fields=["merchant", "received_at"], name="provider_event_hard"),
        ),
    ]
