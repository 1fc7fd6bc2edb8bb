"""Addresses that behave, and addresses with one fault each: what the intruder must tell apart."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from orders.models import Order
from postpurchase.tenancy.models import Role
from postpurchase.tenancy.permissions import at_least
from postpurchase.tenancy.scope import every_tenant


def anybody(order_id: object) -> Order | None:
    with every_tenant("sample: a door that forgets whose row it is"):
        return Order.objects.filter(pk=order_id).first()


@at_least(Role.VIEWER)
def good_page(request: HttpRequest, slug: str, order_id: object) -> HttpResponse:
    return HttpResponse(f"order {get_object_or_404(Order, pk=order_id).number} {request.GET.get('q', '')} {request.GET.get('email', '')}")


@at_least(Role.AGENT)
def good_act(request: HttpRequest, slug: str, order_id: object) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(status=405)
    Order.objects.filter(pk=get_object_or_404(Order, pk=order_id).pk).update(channel="seen")
    return HttpResponseRedirect(f"/m/{slug}/")


def good_api(request: Any, order_id: object) -> HttpResponse:
    if not request.api_key:
        return JsonResponse({"detail": "a key, please"}, status=401)
    order = Order.objects.filter(pk=order_id).first()
    return JsonResponse({"number": order.number} if order else {"detail": "nothing here"}, status=200 if order else 404)


def shows(request: HttpRequest, order_id: object) -> HttpResponse:
    order = anybody(order_id)
    return HttpResponse(order.number if order else "", status=200)


def forbids(request: HttpRequest, order_id: object) -> HttpResponse:
    return HttpResponse("no", status=403 if anybody(order_id) else 404)


def hints(request: HttpRequest, order_id: object) -> HttpResponse:
    return HttpResponse("this is not yours" if anybody(order_id) else "this does not exist", status=404)


def points(request: HttpRequest, order_id: object) -> HttpResponse:
    return HttpResponseRedirect("/elsewhere/" if anybody(order_id) else "/")


def writes(request: HttpRequest, order_id: object) -> HttpResponse:
    if request.method == "DELETE":
        with every_tenant("sample: changes first, asks later"):
            Order.objects.filter(pk=order_id).update(channel="touched")
    raise Http404


def breaks(request: HttpRequest, order_id: object) -> HttpResponse:
    raise ValueError if request.method == "PATCH" else Http404


def lists(request: HttpRequest) -> HttpResponse:
    order = anybody(request.GET["order"])
    return HttpResponse("1 found" if order else "0 found")


def takes(request: HttpRequest) -> HttpResponse:
    order = anybody(request.POST["order"]) if request.method == "POST" else None
    return HttpResponse(status=302 if order else 422)


def finds(request: HttpRequest) -> HttpResponse:
    with every_tenant("sample: searches everywhere"):
        return HttpResponse(", ".join(Order.objects.filter(number__icontains=request.GET["q"]).values_list("number", flat=True)))


@at_least(Role.VIEWER)
def counts_visits(request: HttpRequest, slug: str) -> HttpResponse:
    Order.objects.update(channel="visited")
    return HttpResponse("")


@at_least(Role.VIEWER)
def forgets_the_lowest(request: Any, slug: str, order_id: object) -> HttpResponse:
    return HttpResponse("", status=200 if request.member.role == Role.VIEWER and anybody(order_id) else 404)


def guessable(request: HttpRequest, token: str) -> HttpResponse:
    """A secret of which only the first letters are looked at."""
    with every_tenant("sample: a careless secret"):
        found = [order for order in Order.objects.all() if str(order.pk)[:8] == token[:8]]
    return HttpResponse("", status=200 if found else 404)


View = Callable[..., HttpResponseBase]
GOOD: dict[str, View] = {
    "m/<slug:slug>/orders/<uuid:order_id>/": good_page,
    "m/<slug:slug>/orders/<uuid:order_id>/seen/": good_act,
    "api/orders/<uuid:order_id>": good_api,
}
LEAKY: dict[str, tuple[View, str]] = {
    "shows/<uuid:order_id>/": (shows, "shows Bob's data"),
    "forbids/<uuid:order_id>/": (forbids, "answered 403, a random one 404"),
    "hints/<uuid:order_id>/": (hints, "'this is not yours'"),
    "points/<uuid:order_id>/": (points, "/elsewhere/"),
    "writes/<uuid:order_id>/": (writes, "changes Bob's rows in orders_order"),
    "breaks/<uuid:order_id>/": (breaks, "answers 500"),
    "lists/": (lists, "'1 found' and '0 found'"),
    "takes/": (takes, "answered 302, a random one 422"),
    "finds/": (finds, "shows Bob's data"),
    "m/<slug:slug>/visits/": (counts_visits, "a safe method changes orders_order"),
    "m/<slug:slug>/lowest/<uuid:order_id>/": (forgets_the_lowest, "by ann's viewer: a foreign id is answered 200, a random one 404"),
    "guessable/<str:token>/": (guessable, "answered 200, a random one 404"),
}
urlpatterns = [path("log-in/", lists, name="account_login"), *(path(pattern, view) for pattern, view in GOOD.items())]
urlpatterns += [path(pattern, view) for pattern, (view, _) in LEAKY.items()]
