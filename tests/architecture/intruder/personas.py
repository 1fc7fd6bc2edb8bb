"""Who asks."""

from dataclasses import dataclass, field, replace
from http.cookies import SimpleCookie

from django.test import Client
from django.test.client import ClientHandler

from tests.architecture.intruder.world import World

BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"

HANDLER = ClientHandler(enforce_csrf_checks=False)


@dataclass
class Persona:
    """A person or program with her log-in or key. `below`: those of her kind who may do less than she."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: str = ""
    below: tuple["Persona", ...] = ()

    def client(self) -> Client:
        """A fresh client: what one answer does to the log-in (log out) is not carried to the next question."""
        client = Client(raise_request_exception=False, headers={"user-agent": BROWSER, **self.headers})
        client.handler = HANDLER  # its middleware is built once
        client.cookies = SimpleCookie(self.cookies)
        return client


def logged_in(world: World, role: str) -> Persona:
    """A member of the shop's team in her browser."""
    client = Client()
    client.force_login(world.people[role])
    return Persona(f"{world.slug}'s {role}", cookies=client.cookies.output(header="", sep=";"))


def with_key(world: World, key: str) -> Persona:
    """A program with one of the shop's API keys."""
    text = world.keys[key]
    headers = {"authorization": f"Bearer {text}", "as-api-key": text, "tracking-api-key": text}  # ours, AfterShip's, TrackingMore's
    return Persona(f"{world.slug}'s {key} key", headers=headers)


def strongest(world: World) -> tuple[Persona, Persona]:
    """Everybody who acts for a shop: its owner and its full key, and below them the others of the team and the lesser keys."""
    people = tuple(logged_in(world, role) for role in ("viewer", "agent", "admin"))
    programs = (with_key(world, "read"), with_key(world, "test"))
    return replace(logged_in(world, "owner"), below=people), replace(with_key(world, "full"), below=programs)
