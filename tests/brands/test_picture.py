"""A picture becomes a small PNG of ours, or nothing."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from brands import picture
from tests.brands.shop import png


def opened(drawn: picture.Drawn) -> Image.Image:
    return Image.open(io.BytesIO(drawn.body))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "ICO"])
def test_every_usual_form_becomes_a_small_png(form: str) -> None:
    drawn = picture.draw(png(900, 600, form=form))

    assert opened(drawn).format == "PNG"
    assert (drawn.width, drawn.height) == opened(drawn).size
    assert drawn.width <= 480
    assert drawn.height <= 192


def test_nothing_of_the_file_is_left_but_its_points() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "<script>alert(1)</script>")
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (1, 2, 3)).save(out, "PNG", pnginfo=hidden)
    file = out.getvalue() + b"<script>alert(2)</script>"

    body = picture.draw(file).body

    assert b"alert" not in body
    assert b"tEXt" not in body


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that claims to be so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (5000, 4000), (2**31 - 1, 1), (400_000, 50)])
def test_a_picture_that_claims_to_be_huge_is_not_unpacked(width: int, height: int) -> None:
    with pytest.raises(picture.Unusable):
        picture.draw(bomb(width, height))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>'


@pytest.mark.parametrize(
    "file", [SVG, b"", b"GIF89a", b"<html>", png()[:200], b"%!PS-Adobe-3.0 EPSF-3.0", b"\0\0\1\0\xff\xff" + b"\0" * 40]
)
def test_what_is_no_picture_is_none(file: bytes) -> None:
    with pytest.raises(picture.Unusable):
        picture.draw(file)


def test_one_too_small_to_be_a_logo_is_none() -> None:
    with pytest.raises(picture.Unusable, match="too small"):
        picture.draw(png(16, 16))


def test_the_colour_is_the_one_that_most_of_it_has_and_grey_is_none() -> None:
    half = Image.new("RGB", (100, 100), (255, 255, 255))
    half.paste((15, 118, 110), (0, 0, 50, 100))
    out = io.BytesIO()
    half.save(out, "PNG")

    assert picture.draw(out.getvalue()).colour == "#087868"
    assert picture.draw(png(colour=(80, 80, 80))).colour == ""
