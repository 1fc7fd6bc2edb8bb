"""What one hears of by mail, and what the team's chat is told."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from alerts import channels, pile
from alerts.kinds import usual
from alerts.models import Channel, Choice
from alerts.tell import drop
from dashboard import links
from dashboard.forms.alerts import ChannelForm, ChoiceForm
from dashboard.page import act, may, note, page, show
from postpurchase.tenancy.models import Role


@page(Role.VIEWER)
def alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own choice; for admins, the team's chat too."""
    return _page(request, _own_form(request), _channel_form())


@act(Role.VIEWER)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep one's own choice. What was piled up of what one no longer wants is forgotten."""
    form = _own_form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, _channel_form(), status=422)
    chosen = {"at_once": form.chosen("at_once"), "daily": form.chosen("daily"), "time_zone": form.cleaned_data["time_zone"]}
    Choice.objects.update_or_create(member_id=_me(request), defaults=chosen)
    drop(_me(request), [key for key in form.fields if key not in (*chosen["at_once"], *chosen["daily"])])
    notes.success(request, _("Saved. It holds for you, in this shop, from now on."))
    return redirect(links.to(request, "alerts"))


@act(Role.ADMIN)
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the team's chat, and greet it if it is new."""
    row = Channel.objects.first()
    form = ChannelForm(request.POST, fresh=row is None)
    if not form.is_valid():
        return _page(request, _own_form(request), form, status=422)
    given = form.cleaned_data
    channels.keep(row, given["url"], given["kinds"])
    note(request, "chat.kept", changes={"kinds": (None, given["kinds"])})
    notes.success(request, _("Saved. A new address is greeted within seconds: look into your chat."))
    return redirect(links.to(request, "alerts"))


@act(Role.ADMIN)
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Greet the chat once more."""
    channels.greet_soon(get_object_or_404(Channel))
    notes.success(request, _("A greeting is on its way. This page says what came of it."))
    return redirect(links.to(request, "alerts"))


@act(Role.ADMIN)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell the chat nothing any more. Its address is forgotten."""
    Channel.objects.all().delete()
    note(request, "chat.removed")
    notes.success(request, _("The chat is told nothing any more."))
    return redirect(links.to(request, "alerts"))


def _me(request: HttpRequest) -> UUID:
    found: UUID = request.member.id  # type: ignore[attr-defined]
    return found


def _own_form(request: HttpRequest, data: Any = None) -> ChoiceForm:
    role = request.member.role  # type: ignore[attr-defined]
    row = Choice.objects.filter(member_id=_me(request)).first()
    at_once, daily = (row.at_once, row.daily) if row else (usual(role), [])
    initial = dict.fromkeys(at_once, "at_once") | dict.fromkeys(daily, "daily")
    return ChoiceForm(data, role=role, initial=initial | {"time_zone": row.time_zone if row else pile.zone_of_shop()})


def _channel_form() -> ChannelForm:
    row = Channel.objects.first()
    return ChannelForm(fresh=row is None, initial={"kinds": row.kinds if row else usual(Role.OWNER)})


def _page(request: HttpRequest, form: ChoiceForm, channel_form: ChannelForm, status: int = 200) -> HttpResponse:
    row = Channel.objects.first()
    context = {
        "form": form,
        "change_url": links.to(request, "alerts-change"),
        "webhooks_url": links.to(request, "webhooks"),
        "may_channel": may(request, Role.ADMIN),
        "channel": row and {"host": row.host, "error": row.error, "failing_since": row.failing_since, "last": row.last_success_at},
        "channel_form": channel_form,
        "urls": {name: links.to(request, f"alerts-{name.replace('_', '-')}") for name in ("channel", "channel_test", "channel_remove")},
    }
    return show(request, "dashboard/alerts.html", "alerts", {"alerts": context}, status)
