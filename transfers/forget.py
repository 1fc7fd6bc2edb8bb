"""What is not kept: the bytes of files, and rows that could not be taken."""

from datetime import datetime, timedelta

from transfers.models import WORKING, Export, Import, RowError, Segment, Stage, StoredFile

KEPT = timedelta(days=7)
AT_ONCE = 50


def old(now: datetime) -> None:
    """Of imports, a week after they began, the file and its rows go and what became of them stays; exports go whole when they expire."""
    over = list(Import.objects.filter(created_at__lt=now - KEPT, file__isnull=False).exclude(state__in=WORKING)[:AT_ONCE])
    Segment.objects.filter(source__in=over).delete()
    RowError.objects.filter(source__in=over).delete()
    files = [row.file_id for row in over]
    unfinished = (Stage.DRAFT, Stage.CHECKED, Stage.FAILED)
    Import.objects.filter(pk__in=[row.pk for row in over], state__in=unfinished).update(state=Stage.CANCELLED, finished_at=now)
    Import.objects.filter(pk__in=[row.pk for row in over]).update(file=None, sample=[])
    expired = list(Export.objects.filter(expires_at__lt=now)[:AT_ONCE])
    files += [row.file_id for row in expired]
    Export.objects.filter(pk__in=[row.pk for row in expired]).delete()
    StoredFile.objects.filter(pk__in=[pk for pk in files if pk]).delete()
