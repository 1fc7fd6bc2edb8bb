"""The headers of every portal answer: nothing leaks by referrer, cache, frame or foreign request."""

from django.http import HttpResponse

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PRIVATE = "private, no-cache"
UNKEPT = "private, no-store"


def seal(response: HttpResponse, cache: str = UNKEPT, *, form: bool = False) -> HttpResponse:
    """The response with the portal's headers and `cache` as its Cache-Control.

    `form`: the page posts. Under no-referrer browsers post with `Origin: null` (Fetch, "append a request Origin header"), which the check
    against forged forms refuses; same-origin tells other sites just as little.
    """
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = cache
    if form:
        response.headers["Referrer-Policy"] = "same-origin"
    return response
