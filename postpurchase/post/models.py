"""Letters that have not left yet. What they say is sealed, as some carry a link that opens an account; it is dropped when they leave."""

from django.db import models

from postpurchase.lib import clock
from postpurchase.lib.ids import uuid7


class Letter(models.Model):
    """A mail to a person. Global, as a person may work for several merchants, or for none yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.EmailField()
    sealed = models.BinaryField(null=True)  # subject and both bodies; None once it has left or was given up
    made_at = models.DateTimeField(default=clock.machine_now)
    due_at = models.DateTimeField(default=clock.machine_now)  # while a worker has it: when others may take it for lost
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, default="")  # the last answer of the mail server

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="letter_due", condition=models.Q(sealed__isnull=False)),
            models.Index(fields=["made_at"], name="letter_by_age"),
        ]
