"""What a team can be told of: the words for it, the page that leads to it, and who hears of it unless they choose otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from postpurchase.events.catalogue import (
    ApiKeyMade,
    ExportEnded,
    Fact,
    FlowToldTeam,
    HealthOpened,
    ImportEnded,
    MemberJoined,
    MessageFailed,
    MessageInDoubt,
    SendingPaused,
    ShopperAsked,
    WebhookStopped,
)
from postpurchase.tenancy.models import Role
from postpurchase.tenancy.permissions import RANK


@dataclass(frozen=True)
class Kind:
    """`said`: the headline for so many. `list`: behind /m/<slug>/. `least`: the role that may open that page."""

    label: str | Promise
    said: Callable[[int], str]
    text: str | Promise
    list: str
    least: Role = Role.VIEWER
    usual: bool = False  # owners and admins hear of it at once unless they choose otherwise


KINDS: Final[dict[str, Kind]] = {
    "doubt": Kind(
        _("A message may not have arrived"),
        lambda n: ngettext("%(n)s message may not have arrived", "%(n)s messages may not have arrived", n) % {"n": n},
        _("The mail server took it and did not answer. It is not sent again by itself: somebody has to decide."),
        "messages/?view=doubt",
    ),
    "failed": Kind(
        _("A message was refused"),
        lambda n: ngettext("%(n)s message was refused", "%(n)s messages were refused", n) % {"n": n},
        _("The mail server refused it for good. Its page says why."),
        "messages/?view=failed",
    ),
    "parcel": Kind(
        _("A parcel is in trouble"),
        lambda n: ngettext("%(n)s parcel is in trouble", "%(n)s parcels are in trouble", n) % {"n": n},
        _("Late, quiet for too long, or not handed over: its page says which, and what you can do."),
        "work/",
    ),
    "asked": Kind(
        _("A shopper asks for something"),
        lambda n: ngettext("%(n)s shopper asks for something", "%(n)s shoppers ask for something", n) % {"n": n},
        _("Another address, a safe place, or where the parcel is. They see your answer on their page."),
        "shipments/requests/",
        usual=True,
    ),
    "flow": Kind(
        _("A flow tells the team"),
        lambda n: ngettext("A flow tells of %(n)s order", "Flows tell of %(n)s orders", n) % {"n": n},
        _("A step of a flow was made to tell you."),
        "flows/",
        usual=True,
    ),
    "webhook": Kind(
        _("A webhook endpoint was stopped"),
        lambda n: ngettext("%(n)s webhook endpoint was stopped", "%(n)s webhook endpoints were stopped", n) % {"n": n},
        _("It is told nothing any more. What it missed is kept: mend it, switch it on again, and replay."),
        "webhooks/",
        usual=True,
    ),
    "paused": Kind(
        _("Marketing was paused"),
        lambda n: ngettext("Your marketing was paused", "Your marketing was paused %(n)s times", n) % {"n": n},
        _("Too many of your mails bounced, or were called spam. Nothing is lost: read why, then let it go on."),
        "rules/",
        Role.ADMIN,
        usual=True,
    ),
    "transfer": Kind(
        _("An import or export has ended"),
        lambda n: ngettext("%(n)s import or export has ended", "%(n)s imports and exports have ended", n) % {"n": n},
        _("Its page says what came of it."),
        "imports/",
        Role.ADMIN,
    ),
    "member": Kind(
        _("Somebody joined the team"),
        lambda n: ngettext("%(n)s person joined the team", "%(n)s people joined the team", n) % {"n": n},
        _("If you do not know who it is, take them off the team."),
        "team/",
        Role.ADMIN,
        usual=True,
    ),
    "key": Kind(
        _("An API key was made"),
        lambda n: ngettext("%(n)s API key was made", "%(n)s API keys were made", n) % {"n": n},
        _("If you do not know what it is for, ask your team, or revoke it."),
        "keys/",
        Role.ADMIN,
        usual=True,
    ),
}
OF_FACT: Final[dict[type[Fact], str]] = {
    MessageInDoubt: "doubt",
    MessageFailed: "failed",
    HealthOpened: "parcel",
    ShopperAsked: "asked",
    FlowToldTeam: "flow",
    WebhookStopped: "webhook",
    ImportEnded: "transfer",
    ExportEnded: "transfer",
    MemberJoined: "member",
    ApiKeyMade: "key",
    SendingPaused: "paused",
}


def may_hear(kind: str, role: str) -> bool:
    """Whether somebody of that role may open what it is about."""
    return RANK[Role(role)] >= RANK[KINDS[kind].least]


def usual(role: str) -> list[str]:
    """What somebody of that role hears of at once, unless they choose otherwise."""
    return [key for key, kind in KINDS.items() if kind.usual and RANK[Role(role)] >= RANK[Role.ADMIN]]
