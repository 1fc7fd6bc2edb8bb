"""The shopper's addresses, and the probes'."""

from django.urls import path

from portal import (
    ask,
    calendar,
    choices,
    contact,
    embed,
    engagement,
    find,
    health,
    looks,
    metrics,
    sample,
    stars,
    step_up,
    tracking,
    unsubscribe,
    wish,
)

app_name = "portal"
pages = [
    path("t/<str:token>", tracking.show, name="tracking"),
    path("t/<str:token>/code", step_up.ask, name="code"),
    path("t/<str:token>/verify", step_up.verify, name="verify"),
    path("t/<str:token>/contact", contact.contact, name="contact"),
    path("t/<str:token>/stars/<int:stars>", stars.star, name="star"),
    path("t/<str:token>/delivery.ics", calendar.delivery, name="calendar"),
    path("t/<str:token>/delivery", wish.wish, {"page": "delivery"}, name="delivery"),
    path("t/<str:token>/pickup", wish.wish, {"page": "pickup"}, name="pickup"),
    path("t/<str:token>/address", wish.wish, {"page": "address"}, name="address"),
    path("t/<str:token>/missing", wish.wish, {"page": "missing"}, name="missing"),
    path("u/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/choices", choices.choices, name="choices"),
    path("u/<str:token>/confirm", choices.confirm, name="confirm"),
    path("c/<str:token>", engagement.click, name="click"),
    path("o/<str:token>.gif", engagement.opened, name="opened"),
    path("s/<slug:slug>/", find.find, name="find"),
    path("s/<slug:slug>/embed", embed.embed, name="embed"),
    path("brand/<str:accent>-<str:surface>.css", looks.stylesheet, name="stylesheet"),
    path("logo/<uuid:logo_id>.png", looks.logo, name="logo"),
    path("favicon.ico", looks.icon, name="icon"),
    path("look/<str:look>/", sample.sample, name="sample"),
    path("draft/<str:look>/", sample.draft, name="draft"),
]
urlpatterns = [
    *pages,
    path("internal/tls-ask", ask.tls, name="tls-ask"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("health/work", health.work, name="work"),
    path("metrics", metrics.metrics, name="metrics"),
]
