"""Imports and exports: where each stands, the bytes of their files, and the rows of an import that could not be taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models import Connection
from postpurchase.lib import clock
from postpurchase.lib.states import Moves
from postpurchase.tenancy.base import TenantForeignKey, TenantModel


class StoredFile(TenantModel):
    """A file, kept in pieces where every worker can read it and row security guards it (docs/adr/0009)."""

    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)  # bytes
    created_at = models.DateTimeField(default=clock.machine_now)

    def __str__(self) -> str:
        return self.name


class Piece(TenantModel):
    """Some bytes of a file."""

    file = TenantForeignKey(StoredFile, models.CASCADE, db_index=False, related_name="pieces")
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "file", "position"], name="one_piece")]


class Kind(models.TextChoices):
    """What a file is about."""

    ORDERS = "orders", _("Orders")
    CUSTOMERS = "customers", _("Customers")
    SHIPMENTS = "shipments", _("Shipments")


class Stage(models.TextChoices):
    """Where an import stands."""

    DRAFT = "draft", "Columns to be confirmed"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Ready to run"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


WORKING = (Stage.CHECKING, Stage.RUNNING)
MOVES: Moves = {
    Stage.DRAFT: frozenset({Stage.CHECKING, Stage.CANCELLED}),
    Stage.CHECKING: frozenset({Stage.CHECKED, Stage.FAILED, Stage.CANCELLED}),
    Stage.CHECKED: frozenset({Stage.DRAFT, Stage.RUNNING, Stage.CANCELLED}),
    Stage.RUNNING: frozenset({Stage.DONE, Stage.FAILED, Stage.CANCELLED}),
    Stage.DONE: frozenset(),
    Stage.CANCELLED: frozenset(),
    Stage.FAILED: frozenset({Stage.DRAFT}),
}


class Leased(TenantModel):
    """Work that one worker at a time does, under a lease with a fencing token."""

    by = models.CharField(max_length=254, blank=True)  # who started it
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # failed ones, since the last part that went well
    problem = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(default=clock.business_now)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = True


class Standing(models.TextChoices):
    """Where work that is done in portions stands."""

    RUNNING = "running", "At work"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Stopped"
    FAILED = "failed", "Failed"


STANDINGS: Moves = {
    Standing.RUNNING: frozenset({Standing.DONE, Standing.CANCELLED, Standing.FAILED}),
    Standing.DONE: frozenset(),
    Standing.CANCELLED: frozenset(),
    Standing.FAILED: frozenset(),
}


class Import(Leased):
    """A file on its way in. It is split into parts that hold whole orders; each part is one transaction."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    file_name = models.CharField(max_length=200)
    file = TenantForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    connection = TenantForeignKey(Connection, models.RESTRICT, null=True, related_name="+")  # the source that the rows are taken as from
    how = models.JSONField(default=dict)  # transfers.reading.layout.Layout
    headers = models.JSONField(default=list)
    sample = models.JSONField(default=list)  # the first rows
    mapping = models.JSONField(default=dict)  # field -> position of its column
    rows = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    next_part = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcome -> number of orders, customers or shipments
    errors = models.PositiveIntegerField(default=0)  # rows that cannot be taken

    class Meta(Leased.Meta):
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["lease_until"], name="import_working", condition=models.Q(state__in=WORKING)),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def share(self) -> int:
        """Per cent of the present stage that is done."""
        return self.next_part * 100 // self.parts if self.parts else 0


class Segment(TenantModel):
    """Rows of one part, as msgpack under zlib; a part may have several."""

    source = TenantForeignKey(Import, models.CASCADE, db_index=False, related_name="segments")
    part = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "source", "part", "position"], name="one_segment")]


class RowError(TenantModel):
    """A row that cannot be taken, as it stood in the file, and what to mend."""

    source = TenantForeignKey(Import, models.CASCADE, db_index=False, related_name="row_errors")
    row = models.PositiveIntegerField()  # as a spreadsheet counts: the header is row 1
    header = models.CharField(max_length=200, blank=True)  # of the columns to mend
    reason = models.CharField(max_length=500)
    cells = models.JSONField(default=list)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["merchant", "source", "row", "id"], name="row_error_by_row")]


class Subject(models.TextChoices):
    """What an export is about."""

    ORDERS = "orders", _("Orders")
    SHIPMENTS = "shipments", _("Shipments")
    CUSTOMERS = "customers", _("Customers")
    MESSAGES = "messages", _("Messages")
    AUDIT = "audit", _("Audit log")
    SUPPRESSIONS = "suppressions", _("Addresses not written to")


class Form(models.TextChoices):
    """The form of a file."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel")
    JSON = "json", _("JSON, a row a line")


class Progress(models.TextChoices):
    """Where an export stands."""

    RUNNING = "running", "Being written"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


PROGRESS_MOVES: Moves = {
    Progress.RUNNING: frozenset({Progress.DONE, Progress.FAILED}),
    Progress.DONE: frozenset(),
    Progress.FAILED: frozenset(),
}


class Export(Leased):
    """A file on its way out, written page by page; its link ends with `expires_at`."""

    subject = models.CharField(max_length=12, choices=Subject.choices)
    form = models.CharField(max_length=5, choices=Form.choices, default=Form.CSV)
    state = models.CharField(max_length=8, choices=Progress.choices, default=Progress.RUNNING)
    query = models.TextField(blank=True)  # the list's address, behind its question mark
    file = TenantForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    cursor = models.CharField(max_length=500, blank=True, default="")  # where the next page begins
    rows = models.PositiveIntegerField(default=0)
    form_state = models.JSONField(default=dict)  # of a workbook: how far its sheets and their sums are
    expires_at = models.DateTimeField()

    class Meta(Leased.Meta):
        indexes = [
            models.Index(fields=["merchant", "-created_at", "-id"], name="export_newest"),
            models.Index(fields=["lease_until"], name="export_working", condition=models.Q(state=Progress.RUNNING)),
            models.Index(fields=["expires_at"], name="export_to_forget"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}.{self.form}"
