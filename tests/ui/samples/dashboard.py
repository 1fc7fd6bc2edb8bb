from tests.ui.samples.flows import FLOW, FLOWS
from tests.ui.samples.home import FIRST_DAY, HOME
from tests.ui.samples.messages import DOUBT, MESSAGE, MESSAGES, PLANNED
from tests.ui.samples.orders import BARE_ORDER, ORDER, ORDERS
from tests.ui.samples.parts import frame
from tests.ui.samples.webhooks import DELIVERY, EDIT, JUST_MADE, LOOKING, NEW, REMOVE, ROTATING, STOPPED, UNSENT, WEBHOOK, WEBHOOKS

DASHBOARD: dict[str, tuple[str, dict[str, object]]] = {
    "home": ("dashboard/home.html", {"frame": frame("Home"), "home": HOME}),
    "home_first_day": ("dashboard/home.html", {"frame": frame("Home"), "home": FIRST_DAY}),
    "orders": ("dashboard/orders.html", {"frame": frame("Orders"), "orders": ORDERS}),
    "orders_none": (
        "dashboard/orders.html",
        {"frame": frame("Orders", "#9999"), "orders": ORDERS | {"rows": [], "bulk": None, "query": "#9999"}},
    ),
    "order": ("dashboard/order.html", {"frame": frame("Orders"), "order": ORDER}),
    "order_bare": ("dashboard/order.html", {"frame": frame("Orders"), "order": BARE_ORDER}),
    "messages": ("dashboard/messages.html", {"frame": frame("Messages"), "messages_page": MESSAGES}),
    "messages_none": ("dashboard/messages.html", {"frame": frame("Messages"), "messages_page": MESSAGES | {"rows": []}}),
    "message": ("dashboard/message.html", {"frame": frame("Messages"), "message": MESSAGE}),
    "message_doubt": ("dashboard/message.html", {"frame": frame("Messages"), "message": DOUBT}),
    "message_planned": ("dashboard/message.html", {"frame": frame("Messages"), "message": PLANNED}),
    "flows": ("dashboard/flows.html", {"frame": frame("Flows"), "flows": FLOWS, "may_edit": True}),
    "flow": ("dashboard/flow.html", {"frame": frame("Flows"), "flow": FLOW, "may_edit": True}),
    "flow_viewer": (
        "dashboard/flow.html",
        {"frame": frame("Flows"), "flow": FLOW | {"message": None, "live": False}, "may_edit": False},
    ),
    "webhooks": ("dashboard/webhooks.html", {"frame": frame("Webhooks"), "webhooks": WEBHOOKS}),
    "webhooks_none": ("dashboard/webhooks.html", {"frame": frame("Webhooks"), "webhooks": WEBHOOKS | {"rows": []}}),
    "webhook": ("dashboard/webhook.html", {"frame": frame("Webhooks"), "webhook": WEBHOOK}),
    "webhook_made": ("dashboard/webhook.html", {"frame": frame("Webhooks"), "webhook": JUST_MADE}),
    "webhook_stopped": ("dashboard/webhook.html", {"frame": frame("Webhooks"), "webhook": STOPPED}),
    "webhook_rotating": ("dashboard/webhook.html", {"frame": frame("Webhooks"), "webhook": ROTATING}),
    "webhook_viewer": ("dashboard/webhook.html", {"frame": frame("Webhooks"), "webhook": LOOKING}),
    "webhook_new": ("dashboard/webhook_edit.html", {"frame": frame("Webhooks"), "webhook": NEW}),
    "webhook_edit": ("dashboard/webhook_edit.html", {"frame": frame("Webhooks"), "webhook": EDIT}),
    "webhook_remove": ("dashboard/webhook_remove.html", {"frame": frame("Webhooks"), "webhook": REMOVE}),
    "webhook_delivery": ("dashboard/webhook_delivery.html", {"frame": frame("Webhooks"), "delivery": DELIVERY}),
    "webhook_delivery_unsent": ("dashboard/webhook_delivery.html", {"frame": frame("Webhooks"), "delivery": UNSENT}),
}
