"""What is done to a shop's page: changed, published, taken back to an older version. Each needs the merchant's scope."""

from django.db.models import F

from brands.models import PageDesign, PageVersion
from brands.page.content import Content, fresh, read, stored
from postpurchase.lib import clock, versions
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
    """As lib/versions says; every page drawn before is drawn anew."""
    return _shown(versions.publish(design))


def roll_back(design: PageDesign, number: int) -> PageVersion:
    """As lib/versions says; every page drawn before is drawn anew."""
    return _shown(versions.roll_back(design, number))


def live() -> Content | None:
    """What shoppers see; None where nothing has been published."""
    found = here().live
    return read(found.content) if found else None


def _shown(version: PageVersion) -> PageVersion:
    Brand.objects.update(version=F("version") + 1)
    return version
