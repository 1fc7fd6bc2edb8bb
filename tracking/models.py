"""Parcels, what carriers saw of them, and what follows: status, health, estimates."""

from datetime import UTC, datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from integrations.carriers import directory
from integrations.models import Connection
from orders.models import Line, Order
from postpurchase.lib import clock
from postpurchase.tenancy.base import TenantForeignKey, TenantModel
from tracking.followed import Following as Following
from tracking.health_rules import HealthRule as HealthRule
from tracking.point import PickupPoint as PickupPoint
from tracking.poller import Poller as Poller
from tracking.wish import Wish as Wish


class Status(models.TextChoices):
    """Where the parcel is. Derived from the set of scans, never set by hand (tracking/status.py)."""

    PENDING = "pending", "Not scanned yet"
    INFO_RECEIVED = "info_received", "Label made"
    IN_TRANSIT = "in_transit", "On the way"
    OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
    ATTEMPT_FAILED = "attempt_failed", "Delivery attempt failed"
    AVAILABLE_FOR_PICKUP = "available_for_pickup", "Ready to collect"
    EXCEPTION = "exception", "Held up"
    RETURNING = "returning", "On its way back"
    DELIVERED = "delivered", "Delivered"
    RETURNED = "returned", "Returned to sender"
    CANCELLED = "cancelled", "Cancelled"
    LOST_OR_DESTROYED = "lost_or_destroyed", "Lost or destroyed"
    EXPIRED = "expired", "No news for long"
    UNKNOWN = "unknown", "Unknown"


ENDED = (Status.DELIVERED, Status.RETURNED, Status.CANCELLED, Status.LOST_OR_DESTROYED)
NEEDS_EYE = ~models.Q(health=[]) | models.Q(status=Status.EXCEPTION)  # somebody should look at it
NOT_STARTED = (Status.PENDING, Status.INFO_RECEIVED, Status.UNKNOWN)  # no carrier has been seen with it


class Shipment(TenantModel):
    """A parcel. Its status axes are a fold over its scans; its version grows with every visible change."""

    order = TenantForeignKey(Order, models.CASCADE, null=True, db_index=False, related_name="shipments")
    connection = TenantForeignKey(Connection, models.RESTRICT, related_name="+")
    external_id = models.CharField(max_length=120, blank=True)  # the shop's fulfilment
    carrier = models.CharField(max_length=40)  # a code of integrations.carriers.directory, or the sender's word
    carrier_seen = models.BooleanField(default=False, db_default=False)  # nobody but scans told the carrier (naming.py)
    number = models.CharField(max_length=60, blank=True)  # upper case, no spaces
    service = models.CharField(max_length=120, blank=True)
    tracking_url = models.CharField(max_length=1000, blank=True)
    origin_country = models.CharField(max_length=2, blank=True)
    shipped_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)  # the merchant's promise to the shopper
    created_at = models.DateTimeField(default=clock.business_now)
    cancelled_at = models.DateTimeField(null=True)  # the shop took the fulfilment back

    status = models.CharField(max_length=24, choices=Status.choices, default=Status.PENDING)
    substatus = models.CharField(max_length=40, blank=True)
    party = models.CharField(max_length=12, blank=True)  # who can do something about it
    action_required = models.CharField(max_length=12, blank=True)  # "", shopper, merchant
    status_at = models.DateTimeField(null=True)
    first_scan_at = models.DateTimeField(null=True)  # the carrier's first, label data does not count
    last_scan_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # failed ones
    signed_by = models.CharField(max_length=120, blank=True)

    first_estimate_on = models.DateField(null=True)
    estimate_on = models.DateField(null=True)
    estimate_earliest_on = models.DateField(null=True)
    estimate_source = models.CharField(max_length=12, blank=True)  # carrier, merchant, shop

    health = ArrayField(models.CharField(max_length=24), default=list)  # open flags; HealthInterval has their history
    estimate_at = models.DateTimeField(  # when to forecast it, or to learn from it; those from before forecasts come first
        null=True, default=clock.business_now, db_default=datetime(2000, 1, 1, tzinfo=UTC)
    )
    check_at = models.DateTimeField(null=True)  # business time at which health may change without a scan
    poll_at = models.DateTimeField(null=True)  # business time at which its carrier is to be asked; None where there is no poller for it
    polled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)  # when its version grew last; None: not since this was kept

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "connection", "external_id"], name="shipment_external_id", condition=~models.Q(external_id="")
            )
        ]
        indexes = [
            models.Index(fields=["merchant", "order"], name="shipment_by_order"),
            models.Index(fields=["merchant", "number"], name="shipment_by_number"),
            models.Index(fields=["merchant", "-created_at", "-id"], name="shipment_newest"),
            models.Index(fields=["check_at"], name="shipment_to_check", condition=~models.Q(check_at=None)),
            models.Index(fields=["merchant", "estimate_at"], name="shipment_to_estimate", condition=~models.Q(estimate_at=None)),
            BrinIndex(fields=["changed_at"], name="shipment_changed_lately", pages_per_range=32, autosummarize=True),
            models.Index(fields=["merchant", "carrier", "poll_at"], name="shipment_to_ask", condition=~models.Q(poll_at=None)),
            models.Index(fields=["merchant", "delivered_at"], name="shipment_delivered", condition=~models.Q(delivered_at=None)),
            models.Index(fields=["merchant", "status_at"], name="shipment_held_up", condition=models.Q(status=Status.EXCEPTION)),
            models.Index(fields=["merchant", "-created_at", "-id"], name="shipment_needs_eye", condition=NEEDS_EYE),
            models.Index(
                fields=["merchant", "-created_at", "-id"], name="shipment_taken_back", condition=models.Q(cancelled_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.number}"

    @property
    def stage(self) -> str:
        """How far it is, for forecasts: made, moving, near (the page says today), came, over."""
        if self.status == Status.DELIVERED:
            return "came"
        if self.status not in (*NOT_STARTED, Status.IN_TRANSIT, Status.EXCEPTION):
            return "near" if self.status in (Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.AVAILABLE_FOR_PICKUP) else "over"
        return "moving" if self.first_scan_at else "made"

    @property
    def carrier_name(self) -> str:
        """What people call the carrier."""
        return directory.display(self.carrier)

    @property
    def carrier_url(self) -> str:
        """The carrier's own page for the parcel: as the shop told it, else as we know it; '' for neither."""
        return self.tracking_url or directory.tracking_url(self.carrier, self.number)


class ShipmentLine(TenantModel):
    """Units of an order line inside a parcel."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, db_index=False, related_name="items")
    line = TenantForeignKey(Line, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "shipment", "line"], name="shipment_line")]


class Leg(TenantModel):
    """A carrier and the number it knows the parcel by. Carriers recycle numbers: `epoch` counts the lives of one."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, related_name="legs")
    position = models.PositiveSmallIntegerField(default=0)
    carrier = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    epoch = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "carrier", "number", "epoch"], name="one_leg")]
        indexes = [models.Index(fields=["merchant", "number"], name="leg_by_number")]


class Scan(TenantModel):
    """One thing a carrier saw, once: the fingerprint makes a repeat the same row."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, db_index=False, related_name="scans")
    fingerprint = models.BinaryField()
    occurred_at = models.DateTimeField()  # the best instant we can give; exact only if zone_known
    local_time = models.DateTimeField(null=True)  # the wall clock there, written as if in UTC; shown without a zone
    zone_known = models.BooleanField(default=True)
    code = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=24, blank=True)  # "" for a code that no table maps
    substatus = models.CharField(max_length=40, blank=True)
    party = models.CharField(max_length=12, blank=True)
    action_required = models.CharField(max_length=12, blank=True)
    carrier = models.CharField(max_length=40)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=20, blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(default=clock.business_now)
    extra = models.JSONField(default=dict)
    unlisted = models.BooleanField(default=False, db_default=False)  # no table of ours has its code: its CarrierCode says what it means

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "shipment", "fingerprint"], name="one_scan")]
        indexes = [
            models.Index(fields=["merchant", "source", "code"], name="scan_unmapped", condition=models.Q(status="")),
            models.Index(fields=["merchant", "source", "code", "shipment"], name="scan_unlisted", condition=models.Q(unlisted=True)),
        ]

    @property
    def place(self) -> str:
        """City and country, as far as they are told."""
        return ", ".join(part for part in (self.city, self.country) if part)


class CarrierCode(TenantModel):
    """A code that no table of ours has, how often it came, and what the merchant says it means ('' until then)."""

    source = models.CharField(max_length=20, blank=True)
    carrier = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=80)
    text = models.CharField(max_length=500, blank=True)  # of the latest scan with it
    scans = models.PositiveIntegerField(default=0)
    first_seen_at = models.DateTimeField(default=clock.business_now)
    last_seen_at = models.DateTimeField(default=clock.business_now)
    status = models.CharField(max_length=24, choices=Status.choices, blank=True)
    substatus = models.CharField(max_length=40, blank=True)
    redo_after = models.UUIDField(null=True)  # the last parcel that was read anew
    redo_done = models.PositiveIntegerField(default=0)  # parcels, of those
    redo_total = models.PositiveIntegerField(null=True)  # that have such a scan; None: nothing is being read anew

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "source", "carrier", "code"], name="one_carrier_code")]
        indexes = [
            models.Index(fields=["merchant", "-last_seen_at", "-id"], name="carrier_code_latest"),
            models.Index(fields=["merchant"], name="carrier_code_redo", condition=models.Q(redo_total__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code}"

    @property
    def carrier_name(self) -> str:
        """What people call the carrier."""
        return directory.display(self.carrier)


class HealthInterval(TenantModel):
    """A problem with a parcel, from when it was seen to when it was over."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, related_name="health_intervals")
    flag = models.CharField(max_length=24)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "shipment", "flag"], name="one_open_flag", condition=models.Q(resolved_at=None))
        ]
        indexes = [models.Index(fields=["merchant", "flag", "opened_at"], name="health_open", condition=models.Q(resolved_at=None))]


class EstimateSnapshot(TenantModel):
    """Every day of arrival that was ever told for a parcel, by whom and when."""

    shipment = TenantForeignKey(Shipment, models.CASCADE, db_index=False, related_name="estimates")
    source = models.CharField(max_length=12)
    earliest_on = models.DateField(null=True)
    expected_on = models.DateField()
    told_at = models.DateTimeField()
    p50 = models.DateField(null=True)  # of our own: half of such parcels are there by then; expected_on is the day for 8 of 10
    p95 = models.DateField(null=True)
    grounds = models.JSONField(null=True)  # of a parcel's first of ours in a stage: what levels are learned from (outlook.py)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["merchant", "shipment", "told_at"], name="estimate_by_shipment"),
            models.Index(fields=["merchant", "-told_at"], name="estimate_grounds", condition=models.Q(grounds__isnull=False)),
        ]


class LaneStat(TenantModel):
    """How many working days parcels of a group took, by the month in which they left. Grows as parcels arrive; never rebuilt."""

    key = models.CharField(max_length=200)  # stage and group, as groups.py writes them
    month = models.IntegerField()
    arrived = models.JSONField(default=dict)  # days -> parcels

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["merchant", "key", "month"], name="one_lane_month")]


class PromiseWeek(TenantModel):
    """How promises were kept for the parcels of one carrier, service and lane that came in one week. Sums, so that weeks add up."""

    week = models.DateField()  # its Monday
    carrier = models.CharField(max_length=40)
    service = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    country = models.CharField(max_length=2, blank=True)
    parcels = models.PositiveIntegerField(default=0)
    promised = models.PositiveIntegerField(default=0)  # of which a day was told
    on_time = models.PositiveIntegerField(default=0)  # came or were tried on or before the first day told
    forecast = models.PositiveIntegerField(default=0)  # had a first estimate of ours
    kept = models.PositiveIntegerField(default=0)  # came on or before its day
    slipped = models.PositiveIntegerField(default=0)  # came later than the first day told
    slipped_days = models.PositiveIntegerField(default=0)  # calendar days, of those together
    took = models.JSONField(default=dict)  # working days from the first scan -> parcels

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["merchant", "week", "carrier", "service", "origin", "country"], name="one_promise_week")
        ]
