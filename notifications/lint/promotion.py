"""Words that sell, by language: in an email about an order they need a consent that nobody was asked for."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from notifications.designs.blocks import Block, Coupon, Divider, Footer, Header, Points, Recommendations, Social, Text
from notifications.designs.content import Content, fields, said
from notifications.lint.finding import ERROR, WARNING, Finding

WORDS = {
    "en": r"shop now|buy now|buy again|on sale|(?:summer|winter|flash|spring|autumn|our) sale|special offer|limited[- ]time"
    r"|promo(?:tion)?s?|discount codes?|vouchers?|coupons?|best deals?|free gift|new (?:collection|arrivals)"
    r"|you (?:may|might) also (?:like|love)"
    r"|(?:next|another) (?:order|purchase)|treat yourself|don['’]t miss",
    "de": r"jetzt (?:kaufen|shoppen|sichern)|rabatt\w*|gutschein\w*|sonderangebot\w*|angebote?|schnäppchen|ausverkauf|aktionscode"
    r"|neue kollektion|nächste[nr]? (?:bestellung|einkauf)|gratis|das könnte (?:ihnen|dir) (?:auch )?gefallen",
    "fr": r"achetez maintenant|profitez|soldes|promo(?:tion)?s?|code promo|offres? (?:spéciales?|exclusives?)|réductions?|bons? plans?"
    r"|bon d['’]achat|nouvelle collection|prochaine commande|prochain achat|vous aimerez aussi|cadeau offert",
    "es": r"compra ya|compra ahora|rebajas?|ofertas?|descuentos?|cup[oó]n(?:es)?|promoci[oó]n(?:es)?|nueva colección"
    r"|pr[oó]xim[oa] (?:compra|pedido)|tambi[eé]n te (?:puede|podría) gustar|de regalo",
    "pt": r"compre (?:agora|já)|promoç(?:ão|ões)|ofertas?|descontos?|cupo(?:m|ns)|liquidação|nova coleção|próxim[oa] (?:compra|pedido)"
    r"|você também (?:pode|vai) gostar|brinde|aproveite",
    "ja": r"セール|割引|クーポン|キャンペーン|特価|お買い得|今すぐ(?:購入|買)|新作|おすすめ商品|次回(?:の)?(?:ご注文|のお買い物)"
    r"|プレゼント|期間限定|ポイント\d*倍",
}
ANYWHERE = r"-?\d{1,2} ?[%％] ?(?:off|rabatt|auf|de (?:réduction|descuento|desconto)|オフ|引き)|black friday|cyber monday|outlet"
_FOUND = {
    language: re.compile((rf"{words}" if language == "ja" else rf"\b(?:{words})\b") + rf"|{ANYWHERE}", re.IGNORECASE)
    for language, words in WORDS.items()
}
MOST_SHARE = 20  # per cent of an email about an order that may be about something else
WEIGHT = {Coupon: 3.0, Points: 2.0, Social: 0.5}  # about how tall a block is, in paragraphs
SELLS = (Coupon, Points, Recommendations, Social)


def selling(content: Content) -> Iterator[Finding]:
    """What sells in a design for transactional messages."""
    for block in content.blocks:
        if isinstance(block, Coupon):
            yield _found(_("A coupon is advertising, and this email is about an order."), block.id)
    seen: set[tuple[str, str]] = set()
    for language in (content.language, *sorted(content.words)):
        for field in fields(content):
            hit = word(said(content, field, language), language)
            if hit and (field.key, hit) not in seen:
                seen.add((field.key, hit))
                yield _found(_("“%s” is advertising, and this email is about an order.") % hit, field.block, language)
    yield from _share(content)


def word(text: str, language: str) -> str:
    """The first word of the text that sells; ''."""
    hit = _FOUND[language.partition("-")[0]].search(text)
    return hit[0] if hit else ""


def share(content: Content) -> int:
    """Per cent of the email that is not about the order."""
    weighed = [(_weight(block), isinstance(block, SELLS)) for block in content.blocks]
    whole = sum(weight for weight, _sells in weighed)
    return round(100 * sum(weight for weight, sells in weighed if sells) / whole) if whole else 0


def _weight(block: Block) -> float:
    if isinstance(block, Header | Footer | Divider):
        return 0.0
    if isinstance(block, Recommendations):
        return 0.5 + 1.5 * len(block.products)
    return 1 + len(block.text) / 200 if isinstance(block, Text) else WEIGHT.get(type(block), 2.0)


def _share(content: Content) -> Iterator[Finding]:
    found = share(content)
    offers = next((one.id for one in content.blocks if isinstance(one, Recommendations)), "")
    if found > MOST_SHARE:
        text = _("%(share)s %% of this email is not about the order; %(most)s %% may be.") % {"share": found, "most": MOST_SHARE}
        yield _found(text, offers)
    elif offers:
        fix = _("It is little enough to be sent. In some countries it needs consent all the same: ask who knows yours.")
        yield Finding(WARNING, "promotion", _("Products are recommended in an email about an order."), fix, offers)


def _found(text: str, block: str = "", language: str = "") -> Finding:
    return Finding(ERROR, "promotion", text, _("Take it out, or make this a design for news and requests."), block, language)
