"""What is done to a design: begun, changed, published, taken back to an older version."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from notifications.designs import builtin
from notifications.designs.content import Content, read, stored
from notifications.models import EmailDesign, Stream
from postpurchase.lib import clock
from postpurchase.lib.states import IllegalMove

MOST = 200  # designs of one shop


def begin(name: str, base: str, stream: str, language: str) -> EmailDesign:
    """A new design, from a built-in email or from nothing ('')."""
    if EmailDesign.objects.count() >= MOST:
        raise IllegalMove(_("A shop may have %s designs.") % MOST)
    content = builtin.content(base, language)
    values = {"name": name, "base": base, "stream": builtin.STREAMS.get(base, Stream(stream)), "draft": stored(content)}
    wanted = slugify(name)[:24].strip("-") or "design"
    taken = set(EmailDesign.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    key = next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, MOST + 3))) if one not in taken)
    try:
        with transaction.atomic():
            return EmailDesign.objects.create(key=key, **values)
    except IntegrityError as error:  # somebody began one of that name just now
        raise IllegalMove(_("Somebody else made a design of that name just now. Give yours another name.")) from error


def locked(key: str) -> EmailDesign:
    """The design of that key, held for this transaction. Raises EmailDesign.DoesNotExist."""
    return EmailDesign.objects.select_for_update(of=("self",)).get(key=key)


def keep(design: EmailDesign, content: Content) -> None:
    """Make this the draft. Raises BadDesign for what could not be read again."""
    design.draft = stored(read(stored(content)))
    design.changed_at = clock.business_now()
    design.save(update_fields=["draft", "changed_at", "name"])
