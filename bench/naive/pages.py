"""Two pages: hello, and a tracking page drawn from the ORM on every request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from bench.naive.models import Order


def hello(request: HttpRequest) -> HttpResponse:
    """As little as Django can do."""
    return HttpResponse("hello")


def tracking(request: HttpRequest, number: str) -> HttpResponse:
    """An order, its lines, its parcels and what carriers saw of them."""
    order = get_object_or_404(Order.objects.select_related("customer", "merchant"), external_id=number)
    shipments = order.shipments.prefetch_related("scans")
    steps = ["Ordered", "Shipped", "Out for delivery", "Delivered"]
    return render(request, "naive/tracking.html", {"order": order, "lines": order.lines.all(), "shipments": shipments, "steps": steps})
