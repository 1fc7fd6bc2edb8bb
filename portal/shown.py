"""What the tracking page's templates are given: plain values, already in the reader's words."""

from dataclasses import dataclass, field
from datetime import datetime

from postpurchase.ui.badges import Badge


@dataclass(frozen=True, slots=True)
class Flag:
    """The word above the answer, when it is not good news."""

    tone: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go: help, or the one thing to do."""

    icon: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five. `date` is shown where `text` is empty."""

    label: str
    state: str  # past, current, future
    date: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """The five steps of a parcel."""

    tone: str
    label: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Item:
    """Units of a product."""

    title: str
    variant: str
    quantity: int
    image_url: str = ""  # on our own host or empty: a shop's picture server would learn who looks


@dataclass(frozen=True, slots=True)
class Seen:
    """A scan. `at` is naive where only the clock on the wall is known; `zone` says which day is today there."""

    text: str
    place: str
    at: datetime
    zone: str
    icon: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A parcel."""

    position: int
    count: int
    badge: Badge | str
    expected_text: str
    carrier_name: str
    number: str
    carrier_url: str
    latest: Seen | None
    scans: list[Seen]
    items: list[Item]
    pickup: None = None  # carriers name the place on their own page


@dataclass(frozen=True, slots=True)
class Way:
    """The scans of a parcel, for a section of their own. `label` says which parcel, where there are several; `more` is folded."""

    label: str
    scans: list[Seen]
    more: list[Seen]
    count: int


@dataclass(frozen=True, slots=True)
class Box:
    """What is in a parcel, or still to come, for a section of its own. label and note may be empty."""

    label: str
    note: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Amount:
    """A line of the sum, or of the order: money as text."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What only the buyer may see."""

    name: str
    address_lines: list[str]
    email: str  # masked
    lines: list[Amount]
    totals: list[Amount]
    total_text: str  # '' of an order that only a parcel told of: nobody said what it cost


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, a step, a product or a profile of the merchant's."""

    title: str
    text: list[str]  # paragraphs
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page. Everything but the kind is the merchant's own, in the reader's language, and may be empty."""

    kind: str
    id: str
    title: str = ""
    text: list[str] = field(default_factory=list)  # paragraphs
    label: str = ""
    url: str = ""
    image: str = ""
    rows: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the map, in the units of its picture."""

    x: float
    y: float
    r: float
    last: bool


@dataclass(frozen=True, slots=True)
class Map:
    """A picture of the way so far: `label` says in words what it shows; box, land, borders and way are SVG's."""

    label: str
    box: str
    land: str
    borders: str
    way: str
    stops: list[Stop]


@dataclass(frozen=True, slots=True)
class Page:
    """The tracking page. `main` and `beside` are its sections in their order; on a phone the second follow the first."""

    order_number: str
    title: str
    flag: Flag | None
    answer: str
    promised: str
    expected: str
    reasons: list[str]
    act: Link | None
    track: Track | None
    parcels: list[Card]
    unshipped: list[Item]
    unshipped_text: str
    help: list[Link]
    unlocked: bool
    unlock_url: str
    details: Details | None
    read_from: str
    read_at: datetime | None
    unsubscribe_url: str
    main: list[Part]
    beside: list[Part]
    wishes: list[Flag]  # what was asked of the shop, and what it said
    calendar_url: str  # may be empty
    score: str  # may be empty
    map: Map | None = None
    ways: list[Way] = field(default_factory=list)  # of the section "timeline", where the page has it
    stars: list[Link] = field(default_factory=list)  # of the section "review", once everything is delivered
    boxes: list[Box] = field(default_factory=list)  # of the section "items", likewise; the cards of parcels then have neither


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language to choose, by its own name."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class Look:
    """The brand as every portal page shows it."""

    name: str
    logo_url: str
    css_url: str
    home_url: str
    support_email: str
    support_url: str
    favicon_url: str = ""
    privacy_url: str = ""
