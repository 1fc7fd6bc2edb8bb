"""Our own messages that a step of a flow may send, and the stream that each is written for."""

from notifications.models import Stream

NEWS = (
    "confirmation", "payment_pending", "on_hold", "backordered", "processing_late", "shipped", "first_scan", "arriving_tomorrow",
    "out_for_delivery", "ready_to_collect", "collect_reminder", "collect_last", "attempt_failed", "delayed", "delivered", "returning",
    "refunded", "tracking_link",
)  # fmt: skip
REQUESTS = ("how_to", "follow_up", "review_request", "review_reminder", "refill", "win_back")
OF_PARCEL = frozenset({
    "shipped", "first_scan", "arriving_tomorrow", "out_for_delivery", "ready_to_collect", "collect_reminder", "collect_last",
    "attempt_failed", "delayed", "delivered", "returning",
})  # fmt: skip
STREAMS = dict.fromkeys(NEWS, Stream.TRANSACTIONAL) | dict.fromkeys(REQUESTS, Stream.MARKETING)
