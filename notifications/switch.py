"""Switch a flow on or off."""

from notifications.models import Flow


def switch(flow: Flow, *, on: bool) -> None:
    """Let the flow take in orders and write, or not. Safe to repeat.

    Off: nothing enters, and what it has planned is not sent when its time comes (guards.flow_off says so).
    """
    Flow.objects.filter(pk=flow.pk).update(enabled=on)
    flow.enabled = on
