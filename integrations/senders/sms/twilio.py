"""Twilio's Programmable Messaging, through its own client; the requests leave by lib.http. It knows no idempotency key."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from integrations.senders.base import Envelope, Ready, Reply, Result
from postpurchase.lib import http

WIDTH = 8  # calls at a time
BUSY = 429
TAKEN = ("params", "data", "headers", "auth")  # of what the client hands over; time-outs and redirects are ours to decide
CALLBACK = "Status-Callback"  # the header of an envelope that says where to report to


class GuardedHttp(HttpClient):
    """What Twilio's client sends its requests with: our one way out, with its time-outs and without a proxy."""

    def __init__(self) -> None:
        super().__init__(logger=None, is_async=False, timeout=None)
        self._client = http.client()

    def request(self, method: str, url: str, **given: Any) -> Response:
        """One call. Raises http.NotSent where nothing left, http.NoAnswer where that is not known."""
        answer = http.call(self._client, method, url, **{name: given[name] for name in TAKEN if name in given})
        return Response(answer.status_code, answer.text)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class TwilioSender:
    """One merchant's account."""

    def __init__(self, sid: str, token: str) -> None:
        self._http = GuardedHttp()
        self._client = Client(sid, token, http_client=self._http)

    @property
    def width(self) -> int:
        """As many calls as run at a time."""
        return WIDTH

    def deliver(self, window: Sequence[Envelope], ready: Ready) -> list[Reply]:
        """Hand texts over. A refusal by the API is definite; a call that breaks after it was sent is not."""
        won = set(ready(list(range(len(window)))))
        with ThreadPoolExecutor(len(window)) as pool:
            running = [pool.submit(self._send, text) if place in won else None for place, text in enumerate(window)]
            return [one.result() if one else Reply(Result.FENCED) for one in running]

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _send(self, text: Envelope) -> Reply:
        source = {"messaging_service_sid": text.sender} if text.sender.startswith("MG") else {"from_": text.sender}
        reports = {"status_callback": text.headers[CALLBACK]} if CALLBACK in text.headers else {}
        try:
            made = self._client.messages.create(to=text.to, body=text.text, **source, **reports)
        except TwilioRestException as error:
            return _judge(error)
        except http.NotSent as error:
            return Reply(Result.LATER, str(error)[:300])
        except TwilioException as error:  # refused before anything was sent
            return Reply(Result.REFUSED, str(error)[:300])
        except Exception as error:  # the call broke, or the answer is no JSON: it may have been taken
            return Reply(Result.LOST, f"no answer from Twilio: {error}"[:300])
        return Reply(Result.SENT, str(made.status), str(made.sid)[:200])


def _judge(error: TwilioRestException) -> Reply:
    told = f"{error.status} {error.code}: {error.msg}"[:300]
    if error.status >= 500:
        return Reply(Result.LOST, told)
    return Reply(Result.LATER if error.status == BUSY else Result.REFUSED, told)


def signed(token: str, url: str, params: dict[str, str], signature: str) -> bool:
    """Whether Twilio signed this call: the whole address and the form's fields, under the account's token."""
    return bool(RequestValidator(token).validate(url, params, signature))
