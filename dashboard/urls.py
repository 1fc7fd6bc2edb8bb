"""The merchant's door. Everything of one merchant stands under /m/<slug>/, where the middleware opens its scope."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from dashboard import account, flow, flows, home, ids, message, messages, order, orders  # noqa: F401  (ids registers the converters)

pages = [
    path("", home.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<order:order_id>/", order.order, name="order"),
    path("orders/<order:order_id>/send/", order.send, name="order-send"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<message:message_id>/", message.message, name="message"),
    path("messages/<message:message_id>/body/", message.body, name="message-body"),
    path("messages/<message:message_id>/text/", message.text, name="message-text"),
    path("messages/<message:message_id>/again/", message.again, name="message-again"),
    path("messages/<message:message_id>/arrived/", message.arrived, name="message-arrived"),
    path("flows/", flows.flows, name="flows"),
    path("flows/<slug:key>/", flow.flow, name="flow"),
    path("flows/<slug:key>/switch/", flows.switch, name="flow-switch"),
    path("flows/<slug:key>/preview/", flow.preview, name="flow-preview"),
    path("flows/<slug:key>/test/", flow.test, name="flow-test"),
]

urlpatterns = [
    path("", account.landing, name="landing"),
    path("sign-in/", account.SignIn.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("theme/", account.theme, name="theme"),
    path("m/<slug:slug>/", include((pages, "dashboard"))),
]
