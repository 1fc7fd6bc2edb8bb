"""What is done to a shop's page: changed, published, taken back to an older version. Each needs the merchant's scope."""

from django.db.models import F, Max
from django.utils.translation import gettext as _

from brands.models import PageDesign, PageVersion
from brands.page.content import Content, fresh, read, stored
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove
from postpurchase.tenancy.models import Brand


def here() -> PageDesign:
    """The shop's design; as every page is where it has none yet, which is not kept."""
    found = PageDesign.objects.select_related("live").first()
    return found or PageDesign(draft=stored(fresh(Brand.objects.order_by("id")[0].locale)))


def locked() -> PageDesign:
    """The shop's design, held for this transaction; begun where there is none."""
    brand = Brand.objects.select_for_update(of=("self",)).order_by("id")[0]  # so that two do not begin it at once
    PageDesign.objects.get_or_create(defaults={"draft": stored(fresh(brand.locale))})
    return PageDesign.objects.select_for_update(of=("self",)).get()


def keep(design: PageDesign, content: Content) -> None:
    """Make this the draft. Raises BadPage for what could not be read again."""
    design.draft = stored(read(stored(content)))
    design.changed_at = clock.business_now()
    design.save(update_fields=["draft", "changed_at"])


def publish(design: PageDesign) -> PageVersion:
    """The draft becomes the live version, with the next number; the same draft twice stays one version."""
    newest = design.versions.order_by("-number").first()
    if newest and newest.content == design.draft:
        found = newest
    else:
        number = (design.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        found = PageVersion.objects.create(design=design, number=number, content=design.draft)
    _go_live(design, found)
    return found


def roll_back(design: PageDesign, number: int) -> PageVersion:
    """An older version is live again, and the draft is what it was. Raises IllegalMove for a number that there is not."""
    found = design.versions.filter(number=number).first()
    if found is None:
        raise IllegalMove(_("There is no version %s.") % number)
    design.draft = found.content
    _go_live(design, found)
    return found


def unpublished(design: PageDesign) -> bool:
    """Whether the draft says something else than what shoppers see."""
    return design.live is None or bool(design.live.content != design.draft)


def live() -> Content | None:
    """What shoppers see; None where nothing has been published."""
    found = here().live
    return read(found.content) if found else None


def _go_live(design: PageDesign, version: PageVersion) -> None:
    design.live, design.changed_at = version, clock.business_now()
    design.save(update_fields=["live", "draft", "changed_at"])
    Brand.objects.update(version=F("version") + 1)  # every page drawn before is drawn anew
