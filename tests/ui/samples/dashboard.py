from tests.ui.samples.flows import FLOW, FLOWS
from tests.ui.samples.frame import frame
from tests.ui.samples.home import FIRST_DAY, HOME
from tests.ui.samples.messages import DOUBT, HELD, MESSAGE, MESSAGES, NO_MESSAGES, PLANNED, PLANNED_MESSAGES, REFUSED, SECRET
from tests.ui.samples.orders import BARE_ORDER, NO_ORDERS, ORDER, ORDERS
from tests.ui.samples.webhooks import DELIVERY, EDIT, JUST_MADE, LOOKING, NEW, REMOVE, ROTATING, STOPPED, UNSENT, WEBHOOK, WEBHOOKS

DASHBOARD: dict[str, tuple[str, dict[str, object]]] = {
    "home": ("dashboard/home.html", {"frame": frame("home"), "home": HOME}),
    "home_first_day": ("dashboard/home.html", {"frame": frame("home"), "home": FIRST_DAY}),
    "orders": ("dashboard/orders.html", {"frame": frame("orders"), "orders": ORDERS}),
    "orders_none": ("dashboard/orders.html", {"frame": frame("orders"), "orders": NO_ORDERS}),
    "order": ("dashboard/order.html", {"frame": frame("orders"), "order": ORDER}),
    "order_bare": ("dashboard/order.html", {"frame": frame("orders"), "order": BARE_ORDER}),
    "messages": ("dashboard/messages.html", {"frame": frame("messages"), "messages_page": MESSAGES}),
    "messages_planned": ("dashboard/messages.html", {"frame": frame("messages"), "messages_page": PLANNED_MESSAGES}),
    "messages_none": ("dashboard/messages.html", {"frame": frame("messages"), "messages_page": NO_MESSAGES}),
    "message": ("dashboard/message.html", {"frame": frame("messages"), "message": MESSAGE}),
    "message_doubt": ("dashboard/message.html", {"frame": frame("messages"), "message": DOUBT}),
    "message_planned": ("dashboard/message.html", {"frame": frame("messages"), "message": PLANNED}),
    "message_held": ("dashboard/message.html", {"frame": frame("messages"), "message": HELD}),
    "message_refused": ("dashboard/message.html", {"frame": frame("messages"), "message": REFUSED}),
    "message_secret": ("dashboard/message.html", {"frame": frame("messages"), "message": SECRET}),
    "flows": ("dashboard/flows.html", {"frame": frame("flows"), "flows": FLOWS, "may_edit": True}),
    "flow": ("dashboard/flow.html", {"frame": frame("flows"), "flow": FLOW, "may_edit": True}),
    "flow_viewer": (
        "dashboard/flow.html",
        {"frame": frame("flows"), "flow": FLOW | {"message": None, "live": False}, "may_edit": False},
    ),
    "webhooks": ("dashboard/webhooks.html", {"frame": frame("webhooks", beside=True), "webhooks": WEBHOOKS}),
    "webhooks_none": ("dashboard/webhooks.html", {"frame": frame("webhooks", beside=True), "webhooks": WEBHOOKS | {"rows": []}}),
    "webhook": ("dashboard/webhook.html", {"frame": frame("webhooks"), "webhook": WEBHOOK}),
    "webhook_made": ("dashboard/webhook.html", {"frame": frame("webhooks"), "webhook": JUST_MADE}),
    "webhook_stopped": ("dashboard/webhook.html", {"frame": frame("webhooks"), "webhook": STOPPED}),
    "webhook_rotating": ("dashboard/webhook.html", {"frame": frame("webhooks"), "webhook": ROTATING}),
    "webhook_viewer": ("dashboard/webhook.html", {"frame": frame("webhooks"), "webhook": LOOKING}),
    "webhook_new": ("dashboard/webhook_edit.html", {"frame": frame("webhooks"), "webhook": NEW}),
    "webhook_edit": ("dashboard/webhook_edit.html", {"frame": frame("webhooks"), "webhook": EDIT}),
    "webhook_remove": ("dashboard/webhook_remove.html", {"frame": frame("webhooks"), "webhook": REMOVE}),
    "webhook_delivery": ("dashboard/webhook_delivery.html", {"frame": frame("webhooks"), "delivery": DELIVERY}),
    "webhook_delivery_unsent": ("dashboard/webhook_delivery.html", {"frame": frame("webhooks"), "delivery": UNSENT}),
}
