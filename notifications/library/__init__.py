"""The flows that every new merchant starts with."""

from notifications.definition import stored
from notifications.library import after, parcel, purchase
from notifications.library.parts import Default
from notifications.models import Flow, FlowVersion

__all__ = ["DEFAULTS", "Default", "install"]

DEFAULTS = (*purchase.FLOWS, *parcel.FLOWS, purchase.REFUND, *after.FLOWS)


def install() -> list[Flow]:
    """Give the merchant in scope the default flows that it lacks. Safe to repeat.

    A new merchant has each as it is shipped, on or off. Who has flows already gets the others switched off: nobody starts to write
    because we shipped something.
    """
    have = set(Flow.objects.values_list("key", flat=True))
    return [_install(default, place, on=default.on and not have) for place, default in enumerate(DEFAULTS) if default.key not in have]


def _install(default: Default, position: int, *, on: bool) -> Flow:
    flow = Flow.objects.create(key=default.key, name=default.name, purpose=default.purpose, position=position, enabled=on)
    flow.live = FlowVersion.objects.create(flow=flow, number=1, definition=stored(default.definition))
    flow.save(update_fields=["live"])
    return flow
