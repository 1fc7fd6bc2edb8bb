"""The developers' door."""

from django.urls import URLPattern, URLResolver, include, path

from api.inbound import sms
from api.inbound.receive import receive
from api.v1 import docs
from api.v1.customers import Customers, OneCustomer
from api.v1.detect import Detect
from api.v1.events import Events
from api.v1.flow_results import FlowResults
from api.v1.flows import FlowPublished, Flows, OneFlow
from api.v1.messages import Messages, OneMessage
from api.v1.missing import Missing
from api.v1.orders import OneOrder, Orders, OrdersBulk
from api.v1.scans import Scans
from api.v1.shipments import OneShipment, Shipments
from api.v1.webhook_deliveries import OneWebhookDelivery, WebhookDeliveries, WebhookDeliveryReplay
from api.v1.webhooks import OneWebhook, WebhookReplay, Webhooks, WebhookSecret, WebhookTest
from api.v1.why import MessageWhy, OrderExpected

urlpatterns: list[URLPattern | URLResolver] = [
    path("in/<str:public_id>", receive, name="inbound"),
    path("sms/<str:public_id>", sms.inbound, name="sms-inbound"),
    path("sms/<str:public_id>/<str:token>", sms.status, name="sms-status"),
    path("mail/", include("api.inbound.mail")),
    path("", include("api.aftership.routes")),
    path("", include("api.trackingmore.routes")),
    path("api/v1/orders", Orders.as_view(), name="api-orders"),
    path("api/v1/orders/bulk", OrdersBulk.as_view(), name="api-orders-bulk"),
    path("api/v1/orders/<str:public_id>", OneOrder.as_view(), name="api-order"),
    path("api/v1/orders/<str:public_id>/expected-messages", OrderExpected.as_view(), name="api-order-expected"),
    path("api/v1/customers", Customers.as_view(), name="api-customers"),
    path("api/v1/customers/<str:public_id>", OneCustomer.as_view(), name="api-customer"),
    path("api/v1/shipments", Shipments.as_view(), name="api-shipments"),
    path("api/v1/shipments/<str:public_id>", OneShipment.as_view(), name="api-shipment"),
    path("api/v1/scans", Scans.as_view(), name="api-scans"),
    path("api/v1/tracking/detect", Detect.as_view(), name="api-tracking-detect"),
    path("api/v1/messages", Messages.as_view(), name="api-messages"),
    path("api/v1/messages/<str:public_id>", OneMessage.as_view(), name="api-message"),
    path("api/v1/messages/<str:public_id>/why", MessageWhy.as_view(), name="api-message-why"),
    path("api/v1/flows", Flows.as_view(), name="api-flows"),
    path("api/v1/flows/<str:key>", OneFlow.as_view(), name="api-flow"),
    path("api/v1/flows/<str:key>/publish", FlowPublished.as_view(), name="api-flow-publish"),
    path("api/v1/flows/<str:key>/results", FlowResults.as_view(), name="api-flow-results"),
    path("api/v1/events", Events.as_view(), name="api-events"),
    path("api/v1/webhooks", Webhooks.as_view(), name="api-webhooks"),
    path("api/v1/webhooks/<str:public_id>", OneWebhook.as_view(), name="api-webhook"),
    path("api/v1/webhooks/<str:public_id>/secret", WebhookSecret.as_view(), name="api-webhook-secret"),
    path("api/v1/webhooks/<str:public_id>/test", WebhookTest.as_view(), name="api-webhook-test"),
    path("api/v1/webhooks/<str:public_id>/replay", WebhookReplay.as_view(), name="api-webhook-replay"),
    path("api/v1/webhooks/<str:public_id>/deliveries", WebhookDeliveries.as_view(), name="api-webhook-deliveries"),
    path("api/v1/webhook-deliveries/<str:public_id>", OneWebhookDelivery.as_view(), name="api-webhook-delivery"),
    path("api/v1/webhook-deliveries/<str:public_id>/replay", WebhookDeliveryReplay.as_view(), name="api-webhook-delivery-replay"),
    path("api/v1/openapi.json", docs.openapi, name="api-contract"),
    path("api/v1/docs", docs.page, name="api-docs"),
    path("api/", Missing.as_view(), name="api-nothing"),
    path("api/<path:rest>", Missing.as_view(), name="api-missing"),
]
