"""The blocks that an email is built of, typed. Stored as JSON; read only through content.py."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$")]
Line = Annotated[str, Meta(max_length=300)]
Long = Annotated[str, Meta(max_length=8_000)]
Url = Annotated[str, Meta(max_length=1_000)]


class Base(Struct, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """A block and its name in this design."""

    id: Id


class Header(Base, tag="header"):
    """The shop's logo, or its name."""


class Text(Base, tag="text"):
    """A heading and a paragraph; `size` says which heading."""

    title: Line = ""
    text: Long = ""
    size: Literal["big", "small", "plain"] = "plain"


class Summary(Base, tag="summary"):
    """What was bought and what it cost, and where it goes."""

    title: Line = ""
    address: bool = False


class Tracking(Base, tag="tracking"):
    """Four bars and a sentence. "auto": as far as the parcel is."""

    stage: Literal["auto", "ordered", "shipped", "out", "delivered"] = "auto"
    note: Line = ""


class Items(Base, tag="items"):
    """What is in the parcel, or in the order where the message is about all of it."""

    title: Line = ""


class Product(Struct, forbid_unknown_fields=True, kw_only=True):
    """Something else to buy, picked by hand."""

    title: Line = ""
    image: Url = ""
    url: Url = ""
    price: Line = ""


class Recommendations(Base, tag="recommendations"):
    """Products to buy next."""

    title: Line = ""
    products: Annotated[list[Product], Meta(max_length=6)] = []


class Coupon(Base, tag="coupon"):
    """A code for the next order."""

    title: Line = ""
    code: Line = ""
    text: Long = ""


class Points(Base, tag="points"):
    """Where the shopper stands in the shop's programme."""

    title: Line = ""
    text: Long = ""


class Review(Base, tag="review"):
    """Five stars, each a link to the order's page with that star taken; all to `url` where it is an address of the design's own."""

    title: Line = ""
    url: Url = "{{ review_url }}"


class Image(Base, tag="image"):
    """A picture as wide as the email."""

    image: Url = ""
    alt: Line = ""
    url: Url = ""


class Button(Base, tag="button"):
    """The one thing to do."""

    label: Line = ""
    url: Url = "{{ tracking_url }}"


class Profile(Struct, forbid_unknown_fields=True, kw_only=True):
    """The shop elsewhere."""

    title: Line = ""
    url: Url = ""


class Social(Base, tag="social"):
    """Where else the shop is."""

    profiles: Annotated[list[Profile], Meta(max_length=6)] = []


class Question(Struct, forbid_unknown_fields=True, kw_only=True):
    """A question and its answer."""

    title: Line = ""
    text: Long = ""


class Faq(Base, tag="faq"):
    """Questions that come anyway."""

    title: Line = ""
    questions: Annotated[list[Question], Meta(max_length=10)] = []


class Divider(Base, tag="divider"):
    """A line, or room."""

    look: Literal["line", "space"] = "space"


class Footer(Base, tag="footer"):
    """Where to turn, why this came, who wrote it; in marketing, how to stop it."""

    text: Long = ""
    help: bool = True


Block = (
    Header
    | Text
    | Summary
    | Tracking
    | Items
    | Recommendations
    | Coupon
    | Points
    | Review
    | Image
    | Button
    | Social
    | Faq
    | Divider
    | Footer
)
KINDS: dict[str, type[Block]] = {
    one.__struct_config__.tag: one  # type: ignore[misc]
    for one in (
        Header, Text, Summary, Tracking, Items, Recommendations, Coupon, Points, Review, Image, Button, Social, Faq, Divider, Footer,
    )
}  # fmt: skip
LISTS: dict[str, tuple[str, type[Product | Profile | Question]]] = {
    "recommendations": ("products", Product),
    "social": ("profiles", Profile),
    "faq": ("questions", Question),
}
