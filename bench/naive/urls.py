"""The yardsticks' addresses."""

from django.urls import path

from bench.naive import api, pages

urlpatterns = [
    path("orders", api.Orders.as_view()),
    path("hello", pages.hello),
    path("track/<str:number>", pages.tracking),
]
