"""Which names may be a merchant's: public ones, written plainly, and none of ours."""

from functools import lru_cache
from urllib.parse import urlsplit

import idna
from django.conf import settings
from publicsuffixlist import PublicSuffixList

from postpurchase.lib import reach

LONGEST = 200  # characters: names of records are longer
NOT_A_NAME = "/:@?#[]"


class Unfit(ValueError):
    """The name cannot be used. The text says what to do instead."""


def portal_host(text: str) -> str:
    """A host for the portal, in lower case ASCII. Raises Unfit."""
    name = _public(text)
    if _registered(name) == name:
        raise Unfit(f"Use a name below your domain, for example track.{name}: your domain itself belongs to your shop.")
    return name


def sending_domain(text: str) -> str:
    """A domain that mails come from, in lower case ASCII. Raises Unfit."""
    return _public(text)


def spoken(name: str) -> str:
    """The name as people write it: xn--mnchen-3ya.example is münchen.example."""
    try:
        return idna.decode(name) if "xn--" in name else name
    except idna.IDNAError:
        return name


def _public(text: str) -> str:
    name = _plain(text)
    if reach.as_address(name) is not None:
        raise Unfit("Enter a name, not an IP address.")
    if len(name) > LONGEST:
        raise Unfit(f"A name may have {LONGEST} characters.")
    if _registered(name) is None:
        raise Unfit("This name is shared by many: enter one that is registered to you, or a name below it.")
    if any(name == one or name.endswith(f".{one}") for one in ours()):
        raise Unfit("This name is ours. Enter one of your own domain.")
    return name


def _plain(text: str) -> str:
    """In lower case ASCII. Raises Unfit for what is no name with a domain on the public internet."""
    text = text.strip().rstrip(".")
    if not text or any(char in text for char in NOT_A_NAME):
        raise Unfit("Enter the name alone, for example track.example.com, without https:// and slashes.")
    try:
        name = reach.target(f"https://{text}/").host
        for label in name.split("."):
            if label.startswith("xn--"):
                idna.decode(label)
    except (reach.Refused, idna.IDNAError):
        raise Unfit("This is not a name on the public internet, as track.example.com is one.") from None
    if "." not in name:
        raise Unfit("Enter the whole name with its domain, for example track.example.com.")
    return name


def ours() -> set[str]:
    """The domains that this product itself lives at, with all below them."""
    hosts = {urlsplit(settings.BASE_URL).hostname or "", settings.PORTAL_TARGET, settings.EMAIL_FROM_DOMAIN, settings.RETURN_PATH_TARGET}
    hosts |= {host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"}
    named = {host for host in hosts if "." in host and reach.as_address(host) is None}
    return {_registered(host) or host for host in named}


@lru_cache(maxsize=1)
def _list() -> PublicSuffixList:
    return PublicSuffixList()


def _registered(name: str) -> str | None:
    """The part that somebody registered: shop.co.uk of track.shop.co.uk. None for what many share, as co.uk is."""
    found: str | None = _list().privatesuffix(name)
    return found
