"""/api/v1/messages/{id}/why and /api/v1/orders/{id}/expected-messages"""

from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import mode, why_shapes
from api.v1.openapi import told
from api.v1.resource import Resource, answer, found_or_404, key_of
from api.v1.show import maybe, same
from notifications.explain import expected, why
from postpurchase.lib.ids import to_public


class MessageWhy(Resource):
    """Why a message went or did not."""

    scopes = {"GET": "messages:read"}

    @told("Ask why a message went or did not", gives=why_shapes.Why)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """What let its order into the flow, each step on the way with its one decision, the checks made, and what put it off."""
        rows = mode.messages(key_of(request)).select_related("flow", "enrolment__version", "enrolment__order", "enrolment__shipment")
        return answer(_why(why.why(found_or_404(rows, "msg", public_id))))


class OrderExpected(Resource):
    """What an order is to expect."""

    scopes = {"GET": "messages:read"}

    @told("List the messages that an order is to expect", gives=why_shapes.ExpectedMessages)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """What is planned, and what the steps that wait would lead to next: not before when, and under which conditions."""
        order = found_or_404(mode.orders(key_of(request)), "ord", public_id)
        return answer(why_shapes.ExpectedMessages([_expected(one) for one in expected.expected(order)]))


def _why(found: why.Why) -> why_shapes.Why:
    message, own = found.message, found.decision
    trigger = found.trigger
    return why_shapes.Why(**same(
        vars(message),
        why_shapes.Why,
        id=to_public("msg", message.pk),
        verdict=own.verdict if own else "",
        flow=message.flow.key if message.flow else "",
        version=found.version,
        step=message.node,
        entered_at=message.enrolment.entered_at if message.enrolment else None,
        trigger=why_shapes.WhyTrigger(to_public("evt", trigger.pk), trigger.kind, trigger.occurred_at) if trigger else None,
        steps=[_step(one) for one in found.steps],
        checks=own.checks if own else [],
        put_off=[_put_off(one) for one in found.put_off],
    ))  # fmt: skip


def _step(one: why.Passed) -> why_shapes.WhyStep:
    row = one.decision
    return why_shapes.WhyStep(row.node, one.does, row.verdict, row.reason, row.decided_at)


def _put_off(told: dict[str, Any]) -> why_shapes.PutOff:
    return msgspec.convert(told, why_shapes.PutOff)


def _expected(one: expected.Expected) -> why_shapes.ExpectedMessage:
    return why_shapes.ExpectedMessage(
        flow=one.flow, version=one.version, step=one.step, template=one.template, channel=one.channel, stream=one.stream,
        shipment_id=maybe("shp", one.shipment_id), message_id=maybe("msg", one.message.pk if one.message else None),
        state=one.message.state if one.message else "", earliest=one.earliest,
        under=[why_shapes.Under(hinge.kind, hinge.what) for hinge in one.under],
    )  # fmt: skip
