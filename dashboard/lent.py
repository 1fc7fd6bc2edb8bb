"""What the lists lend to exports: an export of a list holds what its address shows."""

from dashboard import audit, customers, messages, orders, shipments
from transfers.exporting.sources import filtered_by
from transfers.models import Subject

filtered_by(Subject.ORDERS, orders.wanted)
filtered_by(Subject.MESSAGES, messages.wanted)
filtered_by(Subject.AUDIT, audit.wanted)
filtered_by(Subject.SHIPMENTS, shipments.wanted)
filtered_by(Subject.CUSTOMERS, customers.wanted)
