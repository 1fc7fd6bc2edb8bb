"""Which names may be a merchant's."""

from typing import Any

import pytest

from domains import names
from domains.names import Unfit


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.BASE_URL = "https://app.postpurchase.example"
    settings.PORTAL_TARGET = "portal.ours.net"
    settings.ALLOWED_HOSTS = ["app.postpurchase.example", ".also-ours.example", "127.0.0.1", "*"]
    settings.EMAIL_FROM_DOMAIN, settings.RETURN_PATH_TARGET = "post.postpurchase.example", "bounces.post.postpurchase.example"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("track.shop.com", "track.shop.com"),
        (" Track.Shop.COM. ", "track.shop.com"),
        ("track.shop.co.uk", "track.shop.co.uk"),
        ("sendung.münchen-mode.de", "sendung.xn--mnchen-mode-thb.de"),
        ("SENDUNG.MÜNCHEN-MODE.DE", "sendung.xn--mnchen-mode-thb.de"),
        ("a.b.c.shop.com", "a.b.c.shop.com"),
    ],
)
def test_a_host_below_a_domain_of_ones_own_is_taken(text: str, name: str) -> None:
    assert names.portal_host(text) == name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "alone"),
        ("https://track.shop.com/", "alone"),
        ("track.shop.com/path", "alone"),
        ("track.shop.com:8080", "alone"),
        ("me@shop.com", "alone"),
        ("[::1]", "alone"),
        ("127.0.0.1", "not a name"),
        ("203.0.114.9", "IP address"),
        ("0x7f.1", "not a name"),
        ("2130706433", "not a name"),
        ("localhost", "not a name"),
        ("track.localhost", "not a name"),
        ("printer.local", "not a name"),
        ("db.internal", "not a name"),
        ("shop", "not a name"),
        ("tra ck.shop.com", "not a name"),
        ("_dmarc.shop.com", "not a name"),
        ("-x.shop.com", "not a name"),
        ("*.shop.com", "not a name"),
        ("track..shop.com", "not a name"),
        ("xn--zzzzzzz-.com", "not a name"),
        ("xn--a.shop.com", "not a name"),
        ("com", "not a name"),
        ("co.uk", "shared by many"),
        ("github.io", "shared by many"),
        ("shop.com", "below your domain"),
        ("northlight.myshopify.com", "below your domain"),
        ("app.postpurchase.example", "ours"),
        ("APP.postpurchase.example.", "ours"),
        ("evil.postpurchase.example", "ours"),
        ("x.also-ours.example", "ours"),
        ("portal.ours.net", "ours"),
        ("x." * 110 + "shop.com", "characters"),
    ],
)
def test_any_other_text_is_refused_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        names.portal_host(text)


def test_mails_may_come_from_a_domain_itself_but_not_from_a_shared_one() -> None:
    assert names.sending_domain("Shop.com") == "shop.com"
    with pytest.raises(Unfit, match="shared by many"):
        names.sending_domain("co.uk")
    with pytest.raises(Unfit, match="ours"):
        names.sending_domain("post.postpurchase.example")


def test_a_name_is_spoken_as_people_write_it() -> None:
    assert names.spoken("sendung.xn--mnchen-mode-thb.de") == "sendung.münchen-mode.de"
    assert names.spoken("track.shop.com") == "track.shop.com"
