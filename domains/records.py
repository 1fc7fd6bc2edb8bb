"""The records that a name needs in the DNS, and what to make of those that stand there. Pure but for `ask`, which is given."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from domains.models import Domain, Kind
from postpurchase.lib.dns import Answer

Ask = Callable[[str, str], Answer]
OWNER = "postpurchase="


@dataclass(frozen=True)
class Record:
    """One record to make. `key` names its part: alias, owner, dkim, spf, bounces or dmarc."""

    key: str
    kind: str
    name: str
    value: str


@dataclass(frozen=True)
class Finding:
    """What stands there: found, wrong, missing, or silent where no name server answered. `note`: two, add or taken, how it is wrong."""

    state: str
    values: tuple[str, ...] = ()
    note: str = ""


def wanted(domain: Domain) -> list[Record]:
    """The records of a domain, in the order to make them."""
    name = domain.name
    if domain.kind == Kind.PORTAL:
        return [
            Record("alias", "CNAME", name, settings.PORTAL_TARGET),
            Record("owner", "TXT", f"_postpurchase.{name}", OWNER + domain.token),
        ]
    return [
        Record("dkim", "TXT", f"{domain.selector}._domainkey.{name}", f"v=DKIM1; k=rsa; p={domain.public_key}"),
        Record("spf", "TXT", name, f"v=spf1 include:{settings.SPF_INCLUDE} ~all"),
        Record("bounces", "CNAME", f"bounces.{name}", settings.RETURN_PATH_TARGET),
        Record("dmarc", "TXT", f"_dmarc.{name}", "v=DMARC1; p=none"),
    ]


def look_up(record: Record, ask: Ask) -> Finding:
    """Ask the DNS for a record, and judge it."""
    answer = ask(record.name, record.kind)
    if record.key == "alias" and not answer.silent and not answer.values:
        return _addresses(record, ask)
    return Finding("silent") if answer.silent else JUDGES[record.key](record, answer.values)


def _addresses(record: Record, ask: Ask) -> Finding:
    """No CNAME: some name servers answer for it with the target's own addresses, which is as good."""
    here, there = ([ask(name, kind) for kind in ("A", "AAAA")] for name in (record.name, record.value))
    if any(one.silent for one in (*here, *there)):
        return Finding("silent")
    values = tuple(value for one in here for value in one.values)
    if not values:
        return Finding("missing")
    target = {value for one in there for value in one.values}
    return Finding("found" if set(values) <= target else "wrong", values)


def _alias(record: Record, values: tuple[str, ...]) -> Finding:
    if not values:
        return Finding("missing")
    return Finding("found" if values == (record.value.lower(),) else "wrong", values)


def _owner(record: Record, values: tuple[str, ...]) -> Finding:
    """Other tokens may stand beside ours."""
    if record.value in values:
        return Finding("found", (record.value,))
    others = tuple(value for value in values if value.startswith(OWNER))
    return Finding("wrong" if others else "missing", others)


def _dkim(record: Record, values: tuple[str, ...]) -> Finding:
    if not values:
        return Finding("missing")
    mine = _tags(record.value)["p"]
    right = [value for value in values if _tags(value).get("p", "").replace(" ", "") == mine and _tags(value).get("v", "DKIM1") == "DKIM1"]
    return Finding("found" if right and len(values) == 1 else "wrong", values, "two" if right and len(values) > 1 else "")


def _spf(record: Record, values: tuple[str, ...]) -> Finding:
    """There may be one only: mail servers heed none of two (RFC 7208, section 4.5)."""
    found = tuple(value for value in values if value.lower().split(" ")[0] == "v=spf1")
    if len(found) != 1:
        return Finding("wrong" if found else "missing", found, "two" if found else "")
    terms = found[0].lower().split()
    through = f"include:{settings.SPF_INCLUDE}".lower()
    return Finding("found", found) if through in terms or f"+{through}" in terms else Finding("wrong", found, "add")


def _dmarc(record: Record, values: tuple[str, ...]) -> Finding:
    """Any policy will do: it is the merchant's to choose."""
    found = tuple(value for value in values if _tags(value).get("v") == "DMARC1")
    if len(found) != 1:
        return Finding("wrong" if found else "missing", found, "two" if found else "")
    return Finding("found" if _tags(found[0]).get("p") in ("none", "quarantine", "reject") else "wrong", found)


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip(): text.strip() for name, _, text in pairs if name.strip()}


JUDGES: dict[str, Callable[[Record, tuple[str, ...]], Finding]] = {
    "alias": _alias,
    "owner": _owner,
    "dkim": _dkim,
    "spf": _spf,
    "bounces": _alias,
    "dmarc": _dmarc,
}
