"""Somebody's picture, drawn anew: a small PNG in which nothing of the file is left but its points."""

import io
import warnings
from collections import Counter
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "ICO")  # no SVG: it is a program, not a picture
MOST_POINTS = 16_000_000  # before it is unpacked: a file of some kilobytes can stand for gigabytes
LEAST, WIDEST, HIGHEST = 32, 480, 192  # points of a side
GREY = 28  # a colour whose channels lie closer than this is none
MOST_BYTES = 300_000


class Unusable(ValueError):
    """No picture that can be a logo."""


@dataclass(frozen=True)
class Drawn:
    """The PNG, and the colour that most of it has ('' for one in grey)."""

    body: bytes
    width: int
    height: int
    colour: str


def draw(file: bytes, box: tuple[int, int] = (WIDEST, HIGHEST)) -> Drawn:
    """The picture, no larger than `box` (points): than a logo needs to be. Raises Unusable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(file, box)
    except Unusable:
        raise
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("It cannot be read.") from error
    except (ValueError, SyntaxError, EOFError, ArithmeticError, MemoryError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise Unusable("It is broken.") from error  # what decoders raise at files that were made to hurt them


def _drawn(file: bytes, box: tuple[int, int]) -> Drawn:
    with Image.open(io.BytesIO(file), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_POINTS:
            raise Unusable("It is too large.")
        if min(width, height) < LEAST:
            raise Unusable("It is too small.")
        picture.draft("RGB", box)  # JPEG: unpacks no more than is needed
        points = picture.convert("RGBA")
    points.thumbnail(box)
    out = io.BytesIO()
    points.save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:  # a photograph: fewer colours, a quarter of the bytes
        out = io.BytesIO()
        points.quantize(256, method=Image.Quantize.FASTOCTREE).save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise Unusable("It is too large.")
    return Drawn(out.getvalue(), points.width, points.height, _colour(points))


def _colour(points: Image.Image) -> str:
    """The colour that most of what can be seen has."""
    small = points.resize((48, 48))
    seen = Counter((red >> 4, green >> 4, blue >> 4) for red, green, blue, alpha in _points(small) if alpha > 128)
    coloured = {one: count for one, count in seen.items() if (max(one) - min(one)) * 16 > GREY}
    if sum(coloured.values()) * 10 < sum(seen.values()):  # a dot of colour in a grey picture is no brand
        return ""
    best = max(coloured, key=lambda one: (coloured[one], one))
    return "#{:02x}{:02x}{:02x}".format(*(channel * 16 + 8 for channel in best))


def _points(picture: Image.Image) -> list[tuple[int, int, int, int]]:
    raw = picture.tobytes()
    return [(raw[at], raw[at + 1], raw[at + 2], raw[at + 3]) for at in range(0, len(raw), 4)]
