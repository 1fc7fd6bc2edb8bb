"""An import or export is over: said where it becomes true."""

from postpurchase.events import bus
from postpurchase.events.catalogue import ExportEnded, ImportEnded
from transfers.models import Export, Import


def announce(row: Import | Export) -> None:
    """Publish it, in the transaction that ends it."""
    bus.publish(ImportEnded(import_id=row.pk) if isinstance(row, Import) else ExportEnded(export_id=row.pk))
