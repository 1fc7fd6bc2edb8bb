"""The merchant's door. Everything of one merchant stands under /m/<slug>/, where the middleware opens its scope."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from dashboard import account, flow, flows, home, message, messages, order, orders, webhook, webhook_delivery, webhooks
from dashboard import ids as ids  # registers the converters

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
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook-new"),
    path("webhooks/add/", webhooks.add, name="webhook-add"),
    path("webhooks/<endpoint:endpoint_id>/", webhook.webhook, name="webhook"),
    path("webhooks/<endpoint:endpoint_id>/edit/", webhook.edit, name="webhook-edit"),
    path("webhooks/<endpoint:endpoint_id>/change/", webhook.change, name="webhook-change"),
    path("webhooks/<endpoint:endpoint_id>/switch/", webhook.switch, name="webhook-switch"),
    path("webhooks/<endpoint:endpoint_id>/secret/", webhook.secret, name="webhook-secret"),
    path("webhooks/<endpoint:endpoint_id>/old-secret/", webhook.old_secret, name="webhook-old-secret"),
    path("webhooks/<endpoint:endpoint_id>/test/", webhook.test, name="webhook-test"),
    path("webhooks/<endpoint:endpoint_id>/replay/", webhook.replay, name="webhook-replay"),
    path("webhooks/<endpoint:endpoint_id>/remove/", webhook.remove, name="webhook-remove"),
    path("webhooks/<endpoint:endpoint_id>/delete/", webhook.delete, name="webhook-delete"),
    path("webhooks/deliveries/<delivery:delivery_id>/", webhook_delivery.delivery, name="webhook-delivery"),
    path("webhooks/deliveries/<delivery:delivery_id>/again/", webhook_delivery.again, name="webhook-again"),
]

urlpatterns = [
    path("", account.landing, name="landing"),
    path("sign-in/", account.SignIn.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("theme/", account.theme, name="theme"),
    path("m/<slug:slug>/", include((pages, "dashboard"))),
]
