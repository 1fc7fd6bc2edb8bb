"""What is known of each lane: counts by the month in which parcels left, blended down a ladder from all parcels to the finest lane."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracking.promises.curve import Counts, blend, masses, quantiles, rising

Key = tuple[str, ...]  # the name of a grouping, and what a parcel is in it
HALF_LIFE = 8.0  # months after which a parcel counts half
OLDEST = 30  # months kept
BEYOND = 0.5  # how far beyond the groups' own curves their sum may reach, as a share of the way between them
PARENT = 12.0  # parcels that what is known of the parent counts for


class Parcel(NamedTuple):
    """One parcel. Days are ordinals (date.toordinal); `end` is None while it is open."""

    start: int
    end: int | None
    ladder: tuple[Key, ...]  # its groups from the coarsest to the finest; all parcels come before them
    effects: tuple[Key, ...]  # groups that shift the curve of all parcels, side by side: origin, destination, day of the week
    off: int = 0  # days on the way (until today, while it is open) on which nobody works: they are not counted

    part: float = 0.0  # of a day that it took longer, where times are told: never learned from, only measured against

    @property
    def took(self) -> float:
        """How long it took in the end, parts of days included."""
        return (self.end or self.start) - self.start - self.off + self.part

    def days(self, today: int) -> int:
        """How long it took, or has taken by the morning of `today`."""
        end = self.end if self.end is not None and self.end < today else today
        return end - self.start - self.off


EVERY: Key = ("all",)


@dataclass
class Lanes:
    """Counts by group and month. Parcels are added when they have arrived; those open are told with the question."""

    halving: float = HALF_LIFE
    parent: float = PARENT
    months: dict[Key, dict[int, Counts]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, parcel: Parcel, days: int, *, arrived: bool = True) -> None:
        """Count a parcel in all of its groups."""
        for key in (EVERY, *parcel.ladder, *parcel.effects):
            counts = self.months[key].setdefault(month_of(parcel.start), Counts())
            found = counts.arrived if arrived else counts.open
            found[days] = found.get(days, 0.0) + 1.0


def month_of(day: int) -> int:
    """The month of an ordinal day, counted on."""
    return day * 4800 // 146097  # mean Gregorian months, which need no calendar


MIXED, MOVED = "mixed", "moved"
Steps = list[tuple[int, float]]


class Known:
    """What may be known on the morning of a day: arrivals counted before, parcels open then. Its curves are those of parcels that leave."""

    def __init__(self, lanes: Lanes, today: int, still_open: Iterable[Parcel] = (), lost: float = 0.0) -> None:
        self.today, self._lanes, self._lost = today, lanes, lost
        self._curves: dict[tuple[object, ...], tuple[float, ...]] = {}
        self._mixes: dict[tuple[Key, ...], dict[int, float]] = {}
        self._groups: dict[Key, tuple[float, Steps, tuple[float, ...]] | None] = {}
        self._open = Lanes()
        for parcel in still_open:
            self._open.add(parcel, parcel.days(today), arrived=False)

    def curve(self, parcel: Parcel, style: str) -> tuple[float, ...]:
        """Days at each of LEVELS for a parcel like this. Raises ValueError where nothing has arrived at all."""
        path = (style, *parcel.ladder, *(parcel.effects if style == MOVED else ()))
        found = self._curves.get(path)
        if found is None:
            found = self._curves[path] = self._moved(parcel) if style == MOVED else quantiles(sorted(self._mixed(parcel.ladder).items()))
        return found

    def _mixed(self, ladder: tuple[Key, ...]) -> dict[int, float]:
        """Shares by day: the finest group's, and the parent's as if they were so many parcels more."""
        if ladder in self._mixes:
            return self._mixes[ladder]
        own = self._group(ladder[-1] if ladder else EVERY)
        parent = self._mixed(ladder[:-1]) if ladder else {}
        found = parent
        if own:
            weight = own[0] / (own[0] + self._lanes.parent) if ladder else 1.0
            found = {day: share * (1.0 - weight) for day, share in parent.items()}
            for day, share in own[1]:
                found[day] = found.get(day, 0.0) + weight * share
        self._mixes[ladder] = found
        return found

    def _moved(self, parcel: Parcel) -> tuple[float, ...]:
        every = self._group(EVERY)
        if every is None:
            raise ValueError("no parcel has arrived")
        beside = [(group[0], group[2]) for key in parcel.effects if (group := self._group(key))]
        found = _beside(every[2], beside, self._lanes.parent)
        for key in parcel.ladder:
            own = self._group(key)
            if own:
                found = blend(own[2], found, own[0] / (own[0] + self._lanes.parent))
        return found

    def _group(self, key: Key) -> tuple[float, Steps, tuple[float, ...]] | None:
        """The weight, shares and curve of one group by itself, or None where nothing of it has arrived."""
        if key not in self._groups:
            counts, this = Counts(), month_of(self.today)
            for source in (self._lanes.months, self._open.months):
                for month, found in source.get(key, {}).items():
                    if this - month <= OLDEST:
                        counts.add(found, 0.5 ** ((this - month) / self._lanes.halving))
            steps = masses(counts, self._lost) if counts.arrived else []
            self._groups[key] = (counts.size, steps, quantiles(steps)) if steps else None
        return self._groups[key]


def _beside(every: Sequence[float], groups: Sequence[tuple[float, tuple[float, ...]]], parent: float) -> tuple[float, ...]:
    """The curve of all parcels, moved by what each group differs by, side by side.

    Two slow groups may make a parcel slower than either, but not without limit: where days are wild, sums of tails would be wilder.
    """
    found = list(every)
    for weight, days in groups:
        share = weight / (weight + parent)
        found = [so_far + share * (own - all_) for so_far, own, all_ in zip(found, days, every, strict=True)]
    lows = [min(one) for one in zip(every, *(days for _, days in groups), strict=True)]
    highs = [max(one) for one in zip(every, *(days for _, days in groups), strict=True)]
    bounds = [(low - BEYOND * (high - low), high + BEYOND * (high - low)) for low, high in zip(lows, highs, strict=True)]
    return rising([min(max(days, low), high) for days, (low, high) in zip(found, bounds, strict=True)])
