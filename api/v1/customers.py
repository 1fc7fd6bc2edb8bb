"""/api/v1/customers"""

from django.http import HttpResponse
from rest_framework.request import Request

from api.v1 import mode, show
from api.v1.openapi import parameter, told
from api.v1.resource import Resource, answer, found_or_404, key_of, listed, query_of
from api.v1.shapes import Customer, CustomerPage


class Customers(Resource):
    """All customers."""

    scopes = {"GET": "customers:read"}

    @told("List customers", gives=CustomerPage, params=[parameter("email", "Their email address, in any case")])
    def get(self, request: Request) -> HttpResponse:
        """Newest first."""
        rows, query = mode.customers(key_of(request)), query_of(request, "email")
        if "email" in query:
            rows = rows.filter(email=query["email"].strip().lower())
        return listed(request, rows.values(*show.CUSTOMER), ("-created_at", "-id"), show.customers, CustomerPage, "email")


class OneCustomer(Resource):
    """One customer."""

    scopes = {"GET": "customers:read"}

    @told("Read a customer", gives=Customer)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """A person, found by id."""
        return answer(show.customers([vars(found_or_404(mode.customers(key_of(request)), "cus", public_id))])[0])
