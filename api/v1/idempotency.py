"""Idempotency-Key: the same POST sent again gets the first one's answer, and does nothing."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from rest_framework.request import Request

from integrations.models import IdempotencyRecord
from postpurchase.lib import crypto
from postpurchase.tenancy.problems import Problem

HEADER = "Idempotency-Key"
MOST = 255


def once(request: Request, key_id: UUID, raw: bytes, work: Callable[[], HttpResponse], *, seal_for: UUID | None = None) -> HttpResponse:
    """The answer of `work`, kept under the request's Idempotency-Key if it has one, in the same transaction as the work.

    `seal_for` names the merchant where the answer tells a secret: it is then kept encrypted.

    Refusals are raised, so they roll back and are not kept. Raises Problem: 409 while a request with this key is at work, 422 for a key
    that stood on another request.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not 1 <= len(key) <= MOST or not key.isprintable() or not key.isascii():
        raise Problem(400, "bad-idempotency-key", f"Idempotency-Key takes 1 to {MOST} printable ASCII characters.")
    _lock(f"{key_id}:{key}")
    print_ = fingerprint(request, raw)
    record = IdempotencyRecord.objects.filter(api_key_id=key_id, key=key).first()
    if record:
        return _replay(record, print_)
    response = work()
    kept: dict[str, Any] = {"body": response.content}
    if seal_for:
        kept = {"body": crypto.seal(response.content.decode(), seal_for), "sealed": True}
    IdempotencyRecord.objects.create(api_key_id=key_id, key=key, fingerprint=print_, status=response.status_code, **kept)
    return response


def fingerprint(request: Request, raw: bytes) -> bytes:
    """SHA-256 of method, path, query and body."""
    head = f"{request.method}\n{request.path}\n{request.META.get('QUERY_STRING', '')}\n"
    return hashlib.sha256(head.encode() + raw).digest()


def _lock(name: str) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            detail = "A request with this Idempotency-Key is being worked on. Ask again in a second."
            raise Problem(409, "in-flight", detail, Retry_After="1")


def _replay(record: IdempotencyRecord, print_: bytes) -> HttpResponse:
    if bytes(record.fingerprint) != print_:
        detail = "This Idempotency-Key stood on a request with another path or body. Use a new key for a new request."
        raise Problem(422, "idempotency-key-reused", detail)
    body = crypto.unseal(record.body, UUID(str(record.merchant_id))) if record.sealed else bytes(record.body)
    response = HttpResponse(body, status=record.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return response
