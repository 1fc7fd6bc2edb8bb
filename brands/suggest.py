"""A look at a shop's own site, asked for in a request, made by a worker, and taken over or left by the merchant."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from brands import picture, read
from brands.models import Logo, Reading, Suggestion
from postpurchase.jobs import nudge
from postpurchase.lib import clock, http, reach
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy import scope
from postpurchase.tenancy.models import Brand
from postpurchase.tenancy.scope import in_merchant
from postpurchase.ui.colour import contrast

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
GIVE_UP = 2  # readings that died with their worker
SECONDS, PAGE, PICTURE = 10.0, 1_000_000, 1_000_000  # of each fetch; bytes
MOST_PICTURES = 4  # that are tried
HTML = ("text/html", "application/xhtml+xml")
LEAST_CONTRAST = 1.25  # with white: what is paler is a ground, not a colour
FIELDS = ("name", "accent", "logo_url")


def address_of(given: str) -> str:
    """The home page as one is likely to write it: shop.example, http://shop.example. Raises reach.Refused."""
    text = given.strip()
    bare = text.removeprefix("http://").removeprefix("https://")
    return reach.target(f"https://{bare}" if not _listed(text) else text).url


def _listed(text: str) -> bool:
    try:
        return reach.target(text).listed
    except reach.Refused:
        return False


def ask(website: str) -> Suggestion:
    """Have a site read soon. A look that is under way or waits to be judged makes room. Needs the merchant's scope."""
    Suggestion.objects.filter(state__in=(Reading.ASKED, Reading.FOUND)).update(state=Reading.LEFT)
    row = Suggestion.objects.create(website=website)
    nudge.after_commit("brands.tasks.read_soon", scope.merchant_id())
    return row


def newest() -> Suggestion | None:
    """The last one that was asked for."""
    return Suggestion.objects.select_related("logo").order_by("-asked_at", "-id").first()


def waiting(merchant_id: object) -> list[UUID]:
    """The merchant's looks that wait for a worker."""
    with in_merchant(merchant_id):
        return list(Suggestion.objects.filter(state=Reading.ASKED, due_at__lte=clock.machine_now()).values_list("pk", flat=True)[:10])


def carry_out(merchant_id: object, row_id: UUID) -> None:
    """Read the site and keep what was found. Holds no transaction while it reads."""
    now = clock.machine_now()
    with in_merchant(merchant_id):
        mine = Suggestion.objects.filter(pk=row_id, state=Reading.ASKED, due_at__lte=now)
        if not mine.update(due_at=now + LEASE, tries=F("tries") + 1):
            return
        row = Suggestion.objects.get(pk=row_id)
    found = None
    try:
        if row.tries > GIVE_UP:
            raise http.NoAnswer(_("It took too long."))
        found = look(row.website)
    except (reach.Refused, http.NoAnswer) as error:
        problem = str(error)
    with in_merchant(merchant_id):
        mine = Suggestion.objects.filter(pk=row_id, state=Reading.ASKED, tries=row.tries)
        if found is None:
            mine.update(state=Reading.FAILED, problem=problem[:300])
        elif mine.exists():
            mine.update(state=Reading.FOUND, name=found.name, accent=found.accent, logo=_kept(found.logo))


def _kept(drawn: picture.Drawn | None) -> Logo | None:
    return Logo.objects.create(body=drawn.body, width=drawn.width, height=drawn.height) if drawn else None


class Found:
    """What a site says: each part may be missing."""

    def __init__(self, name: str, accent: str, logo: picture.Drawn | None) -> None:
        self.name, self.accent, self.logo = name, accent, logo


def look(website: str) -> Found:
    """Fetch the home page, its manifest, and pictures until one can be a logo. Raises reach.Refused and http.NoAnswer."""
    page = http.get(website, accept="text/html", seconds=SECONDS, most=PAGE)
    if page.kind not in HTML:
        raise http.NoAnswer(_("There is no page at this address."))
    told = read.head(page)
    more = _manifest(told.manifest) if told.manifest else read.Look()
    logo = _logo([*told.pictures[:1], *more.pictures, *told.pictures[1:]])
    colours = [*told.colours, *more.colours, *([logo.colour] if logo and logo.colour else [])]
    seen = [one for one in colours if contrast(one, "#ffffff") >= LEAST_CONTRAST]
    return Found(next(iter([*told.names, *more.names]), ""), next(iter(seen), ""), logo)


def _manifest(address: str) -> read.Look:
    try:
        return read.manifest(http.get(address, accept="application/manifest+json", seconds=SECONDS, most=PAGE))
    except (reach.Refused, http.NoAnswer) as error:
        log.info("no manifest: %s", error)
        return read.Look()


def _logo(addresses: list[str]) -> picture.Drawn | None:
    for address in list(dict.fromkeys(addresses))[:MOST_PICTURES]:
        try:
            file = http.get(address, accept="image/png,image/jpeg,image/webp", seconds=SECONDS, most=PICTURE)
            if file.whole:
                return picture.draw(file.body)
        except (reach.Refused, http.NoAnswer, picture.Unusable) as error:
            log.info("a picture is no logo: %s", error)
    return None


def logo_url(logo: Logo) -> str:
    """Where we serve it: on our own host, so that no other server learns who looks at which parcel."""
    return f"{settings.BASE_URL}/logo/{logo.pk}.png"


def changes(row: Suggestion, brand: Brand) -> dict[str, tuple[str, str]]:
    """Field of the brand -> (as it is, as it would be), for what differs."""
    told = {"name": row.name, "accent": row.accent, "logo_url": logo_url(row.logo) if row.logo else ""}
    return {name: (getattr(brand, name), value) for name, value in told.items() if value and value != getattr(brand, name)}


def take(row_id: UUID, fields: list[str]) -> None:
    """The brand takes over what was found, in those fields. Every page drawn before is drawn anew. Raises IllegalMove."""
    row = Suggestion.objects.select_for_update(of=("self",)).select_related("logo").get(pk=row_id)
    _move(row, Reading.TAKEN)
    brand = Brand.objects.select_for_update().order_by("id")[0]
    wanted = {name: new for name, (_old, new) in changes(row, brand).items() if name in fields}
    if not brand.website:
        wanted["website"] = row.website[:200]
    Brand.objects.filter(pk=brand.pk).update(**wanted, version=F("version") + 1)


def leave(row_id: UUID) -> None:
    """Not wanted. Raises IllegalMove."""
    _move(Suggestion.objects.get(pk=row_id), Reading.LEFT)


def _move(row: Suggestion, state: Reading) -> None:
    if not Suggestion.objects.filter(pk=row.pk, state=Reading.FOUND).update(state=state):
        raise IllegalMove(_("This suggestion was taken over or put away meanwhile."))
