"""What is counted for the page of usage: rows by the day on which they were written."""

from integrations.models import InboundDelivery, WebhookAttempt
from notifications.models import Attempt
from orders.models import Order
from postpurchase.jobs.usage import counted
from tracking.models import Scan, Shipment

counted("orders", lambda: Order.objects.all())
counted("shipments", lambda: Shipment.objects.all())
counted("scans", lambda: Scan.objects.all())
counted("email", lambda: Attempt.objects.filter(outcome="sent"))
counted("webhooks_out", lambda: WebhookAttempt.objects.all())
counted("webhooks_in", lambda: InboundDelivery.objects.all())
