"""Photographs taken on the spot, without the ORM: small, upright, nothing beside.

A telephone writes where, when and by which device a picture was taken. What is kept
is drawn anew from the picture alone, so that nothing else can come along.
"""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

# Larger than any telephone takes; a small file can hide a picture that fills memory.
MAX_PIXELS = 64_000_000
MAX_SIDE = 1600
MIN_SIDE = 320
_QUALITIES = (82, 70, 58)


class PhotoError(ValueError):
    """What was sent is no picture that can be read."""


def clean_photo(content: bytes, max_bytes: int, max_side: int = MAX_SIDE) -> bytes:
    """Return a picture as a JPEG of so many bytes at most, drawn anew.

    :raise PhotoError: for what is no picture, or one of too many points
    """
    picture = _read(content, max_side)
    side = max(picture.size)
    while True:
        for quality in _QUALITIES:
            drawn = _written(picture, quality)
            if len(drawn) <= max_bytes:
                return drawn
        if side <= MIN_SIDE:
            return drawn
        side = max(side * 3 // 4, MIN_SIDE)
        picture.thumbnail((side, side))


def _read(content: bytes, max_side: int) -> Image.Image:
    """Return the points of a picture, upright, without anything beside them."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as source:
            width, height = source.size
            if width * height > MAX_PIXELS:
                raise PhotoError("too many points")
            upright = ImageOps.exif_transpose(source).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise PhotoError("no picture") from error
    upright.thumbnail((max_side, max_side))
    points = Image.new("RGB", upright.size)
    points.paste(upright)
    return points


def _written(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()
