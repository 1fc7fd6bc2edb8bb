"""The addresses of people's accounts. They name no shop: what they show is of whoever is signed in."""

from typing import Any

from postpurchase.tenancy import team
from tests.architecture.intruder.fixture import Fixture
from tests.architecture.intruder.registry_dashboard import asks
from tests.architecture.intruder.world import World

OWN = "it shows what is the person's own, and she has none of it here; tests/accounts try it"
ASKED = "those who are asked are on no team here; tests/accounts try it"


def email(world: World) -> str:
    """Of somebody who has an account there."""
    return world.team_email


def mine(*works: str, **more: Any) -> Fixture:
    """A page about oneself."""
    return Fixture(works=works or ("GET",), **more)


def keyed(body: Any = None) -> Fixture:
    """One of a person's passkeys, by its number: nobody in these shops has any."""
    return Fixture(
        {"pk": lambda world: str(2_000_000_000 + world.people["owner"].pk) if world.people else "1000000007"},
        body,
        works=(),
        unprovable=OWN,
    )


def invitation(world: World) -> str:
    """What stands in the mail."""
    return team.SIGNER.sign(world.ids["tenancy.Invitation"].hex)


SIGN_IN = {"login": email, "password": "a wrong one, of course", "next": lambda world: f"/m/{world.slug}/"}
SIGN_UP = {"shop": "Fresh", "name": "Fay", "password1": "correct horse battery staple", "locale": "en", "time_zone": "UTC"}
FIXTURES: dict[str, Fixture] = {
    "sign-in/": Fixture(body=asks(**SIGN_IN)),
    "sign-in/passkey/": mine(),
    "sign-in/code/": mine(),
    "sign-out/": mine("POST"),
    "sign-up/": Fixture(body=asks(email="", **SIGN_UP)),
    "sign-up/sent/": mine(),
    "sign-up/confirm/<str:key>/": Fixture(
        {"key": lambda world: f"{world.slug}:x:y"}, silent="the key is signed; a made-up one opens nothing"
    ),
    "password/forgotten/": Fixture(body=asks(email="")),
    "password/forgotten/sent/": mine(),
    "password/new/<uidb36>-<key>/": Fixture(
        {"uidb36": lambda world: "zz", "key": lambda world: "made-up"}, silent="the key is signed; a made-up one opens nothing"
    ),
    "password/new/done/": mine(),
    "account/": mine(),
    "invitations/<str:token>/": Fixture({"token": invitation}, secrets=frozenset({"token"})),
    "invitations/<str:token>/accept/": Fixture(
        {"token": invitation},
        asks(name="Fay", password="correct horse battery staple"),
        secrets=frozenset({"token"}),
        works=(),
        unprovable=ASKED,
    ),
    "account/name/": Fixture(body=asks(name="Fay"), works=("POST",)),
    "account/delete/": mine(),
    "account/deleted/": Fixture(works=(), unprovable="everybody here is the only owner or must prove who they are; tests/accounts try it"),
    "account/email/": mine(),
    "account/password/": mine(),
    "account/password/again/": mine(),
    "account/sessions/end/": Fixture(body=asks(session=lambda world: "1000000009"), works=(), unprovable=OWN),
    "account/sessions/end-others/": mine("POST"),
    "account/factors/": mine(),
    "account/factors/again/": mine(),
    "account/factors/app/": mine(),
    "account/factors/app/off/": Fixture(works=(), unprovable=OWN),
    "account/factors/codes/": Fixture(works=(), unprovable=OWN),
    "account/factors/codes/new/": mine(),
    "account/factors/codes/download/": Fixture(works=(), unprovable=OWN),
    "account/factors/passkeys/": mine(),
    "account/factors/passkeys/add/": mine(),
    "account/factors/passkeys/again/": mine(),
    "account/factors/passkeys/<int:pk>/remove/": keyed(),
    "account/factors/passkeys/<int:pk>/name/": keyed(asks(name="x")),
}
