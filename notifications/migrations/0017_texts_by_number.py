"""Find the texts of a number. Most messages are mails, so the index holds few rows; it is made beside the running product."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0016_channel_and_sms_accounts")]
    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(condition=models.Q(("channel", "sms")), fields=["merchant", "to_address"], name="message_by_phone"),
        ),
    ]
