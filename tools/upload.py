"""What a file really is, and how it is kept: the one look at everything uploaded.

The list of kinds is short on purpose: scans and photographs. Office files carry macros
and links, SVG and HTML run scripts in the browser of whoever opens them. Pictures are
drawn anew, so that neither place nor device nor anything hidden behind them is kept.
"""

import io
import re
import struct
from itertools import islice

from PIL import Image, ImageOps, UnidentifiedImageError

from odoo.tools.mimetypes import guess_mimetype

from .form_text import clean_line
from .photo import MAX_PIXELS

# extension -> kind
EXTENSIONS = {
    "pdf": "pdf",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "heic": "heic",
    "heif": "heic",
}
_SIGNATURES = {
    "pdf": b"%PDF-",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
}
# Not taken as documents; they come by mail and in talks, and say where they were taken.
_OTHER_PICTURES = re.compile(
    rb"RIFF.{4}WEBP|GIF8|II\*\x00|MM\x00\*|.{4}ftypavi[fs]", re.DOTALL
)
_TIFF_HEADER = re.compile(
    rb"(?:\A|Exif\x00\x00|EXIF.{4})(?=II\*\x00|MM\x00\*)", re.DOTALL
)
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
# What the platform's own detection may call them; unknown is no contradiction.
_MIMETYPES = {
    "pdf": {"application/pdf"},
    "jpeg": {"image/jpeg", "image/jpg"},
    "png": {"image/png"},
    "heic": {"image/heic", "image/heif", "image/heic-sequence", "video/mp4"},
}
_UNKNOWN = {"application/octet-stream", "text/plain", ""}
# Never opened in the page: what runs scripts, or says that it is something else.
ACTIVE = re.compile(r"html|xml(?!formats)|svg|script|x-sh|x-msdownload|x-dosexec|hta")
# Not octet-stream: for that the platform guesses again what it could be.
OPAQUE = "application/x-download"
_ACTIVE_ENDINGS = frozenset(
    "html htm xhtml shtml mht svg svgz xml xsl hta js mjs vbs exe bat cmd scr com lnk"
    " ps1 sh jar swf".split()
)
_ACTIVE_PDF = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|SubmitForm)\b"
)
_SCRIPT = re.compile(rb"<\s*(?:script|svg|html|!doctype|iframe|\?xml)", re.IGNORECASE)
# How much of a file is looked at for what a browser would take for a page.
_HEAD = 4096
_LONGEST = 80
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/%{}$`]')
# An identity number, a mobile, an account: never in the name of a file (P038). The
# number of a case has dashes and stays, and so does a day.
_NUMBER = re.compile(
    r"(?:SA)?\+?\d{9,}"
    r"|(?<![\d-])(?:SA ?)?\+?(?:\d ?){8,}\d"
    r"|0?5\d-\d{3}-?\d{4}",
    re.IGNORECASE,
)
_MARKS = re.compile("[\u200b-\u200f\u061c\u2060\ufeff]")
_JPEG_TABLES = frozenset((0xC4, 0xDB, 0xDD, *range(0xC0, 0xC4), *range(0xC5, 0xC8)))
_BESIDE = re.compile(rb"\xff[\xe1-\xef\xfe]")
_PNG_CHUNKS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB"))
# What a picture that somebody made to keep us busy may cost: descriptions of it, the
# entries of one, and the bytes of an entry.
_MAX_HEADERS = 4
_MAX_ENTRIES = 64
_MAX_ENTRY = 4096
_XMP = (b"<x:xmpmeta", b"</x:xmpmeta>")
# All that a library raises that is made to draw what is no picture.
_NO_PICTURE = (
    Image.DecompressionBombError,
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    struct.error,
)
_QUALITY = 88
_MAX_SIDE = 3000


class UploadError(ValueError):
    """Why a file is not taken; the code is in `args[0]`."""


def file_kind(content: bytes) -> str:
    """Return pdf, jpeg, png or heic by the first bytes; "" for anything else.

    The signature stands at the very beginning: what hides behind a programme's
    header is not taken for a document. The platform's detection must not contradict.
    """
    kind = next(
        (kind for kind, start in _SIGNATURES.items() if content.startswith(start)), ""
    )
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        kind = "heic"
    if not kind:
        return ""
    detected = guess_mimetype(content) or ""
    return kind if detected in _MIMETYPES[kind] | _UNKNOWN else ""


def extension_kind(file_name: str | None) -> str:
    """Return the kind that a file's name promises; "" for any that is not taken."""
    _stem, dot, extension = (file_name or "").strip().lower().rpartition(".")
    return EXTENSIONS.get(extension, "") if dot else ""


def clean_name(name: object, otherwise: str = "file") -> str:
    """Return a name without a path, without signs that turn it, without numbers.

    >>> clean_name("C:\\\\Users\\\\x\\\\1000000008 scan.pdf")
    'scan.pdf'
    >>> clean_name("photo\\u202egpj.exe")
    'photogpj.exe'
    """
    line = _MARKS.sub("", clean_line(name)).replace("\\", "/").rstrip("/. ")
    base = _NUMBER.sub(" ", line.rpartition("/")[2])
    stem, dot, ending = base.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = _NOT_IN_NAMES.sub("", dot + ending)[:10].strip()
    stem = clean_line(_NOT_IN_NAMES.sub(" ", stem)).strip(" .-_")
    return f"{stem[: _LONGEST - len(ending)].strip() or otherwise}{ending}"


def clean_content(content: bytes) -> bytes:
    """Return a picture drawn anew where anything stands beside its points.

    What is a picture and no more, as one that was drawn here before, stays as it is:
    it does not get worse by being handed on. So does what is no picture.

    :raise UploadError: "picture" for a picture that cannot be drawn
    """
    kind = file_kind(content)
    if kind in ("jpeg", "png"):
        is_bare = _is_bare_jpeg if kind == "jpeg" else _is_bare_png
        draw = _sized if is_bare(content) else _redrawn
        try:
            return draw(content, kind.upper())
        except _NO_PICTURE as error:
            raise UploadError("picture") from error
    if kind == "heic" or _OTHER_PICTURES.match(content):
        return _without_place(content)
    return content


def take(name: object, content: bytes) -> tuple[str, bytes]:
    """Return the name and the content as they are kept.

    :raise UploadError: "empty", "kind", "name" (it promises another kind), "picture"
    """
    if not content:
        raise UploadError("empty")
    kind = file_kind(content)
    if not kind:
        raise UploadError("kind")
    if name and extension_kind(clean_name(name)) != kind:
        raise UploadError("name", kind)
    return clean_name(name) if name else "", clean_content(content)


def is_active(name: str | None, mimetype: str | None, content: bytes) -> bool:
    """Tell whether a file could do something in the page of whoever opens it."""
    ending = (name or "").rpartition(".")[2].lower()
    if ending in _ACTIVE_ENDINGS or ACTIVE.search((mimetype or "").lower()):
        return True
    if content.startswith(b"%PDF-"):
        return bool(_ACTIVE_PDF.search(content))
    head = content[:_HEAD]
    is_picture = file_kind(content) in ("jpeg", "png", "heic")
    return not is_picture and not head.startswith(b"PK") and bool(_SCRIPT.search(head))


def _is_bare_jpeg(content: bytes) -> bool:
    """Tell whether a JPEG holds tables and points alone, and nothing behind them."""
    place = 2
    while content[place : place + 1] == b"\xff":
        mark = int.from_bytes(content[place + 1 : place + 2])
        if mark == 0xD9:
            return place + 2 == len(content)
        if mark == 0xDA:  # the points: nothing of another kind up to the very end
            rest = content[place:]
            return rest.find(b"\xff\xd9") == len(rest) - 2 and not _BESIDE.search(rest)
        if mark != 0xE0 and mark not in _JPEG_TABLES:
            return False
        length = int.from_bytes(content[place + 2 : place + 4])
        if length < 2 or (mark == 0xE0 and length > 16):  # with a small picture in it
            return False
        place += 2 + length
    return False


def _is_bare_png(content: bytes) -> bool:
    """Tell whether a PNG holds its points and what colours they have."""
    place = 8
    while place + 8 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        kind = content[place + 4 : place + 8]
        if kind not in _PNG_CHUNKS:
            return False
        place += 12 + length
        if kind == b"IEND":
            return place == len(content)
    return False


def _opened(content: bytes, form: str) -> Image.Image:
    source = Image.open(io.BytesIO(content), formats=(form,))
    width, height = source.size
    if width * height > MAX_PIXELS:
        raise UploadError("picture")
    return source


def _sized(content: bytes, form: str) -> bytes:
    """Return a picture as it is, unless it has more points than it may have."""
    _opened(content, form).close()
    return content


def _redrawn(content: bytes, form: str) -> bytes:
    with _opened(content, form) as source:
        picture = ImageOps.exif_transpose(source)
        has_alpha = form == "PNG" and "transparency" in picture.info
        mode = "RGBA" if has_alpha or picture.mode in ("RGBA", "LA") else "RGB"
        picture = picture.convert(mode)
    picture.thumbnail((_MAX_SIDE, _MAX_SIDE))
    points = Image.new(picture.mode, picture.size)
    points.paste(picture)
    stream = io.BytesIO()
    options = {"quality": _QUALITY} if form == "JPEG" else {}
    points.save(stream, form, optimize=True, **options)
    return stream.getvalue()


def _without_place(content: bytes) -> bytes:
    """Return a picture whose GPS entries and XMP are emptied, byte for byte.

    For those that cannot be drawn anew here, or would lose their pages: what says
    where they were taken is overwritten in place.
    """
    data = bytearray(content)
    for match in islice(_TIFF_HEADER.finditer(content), _MAX_HEADERS):
        _empty_gps(data, match.end())
    begin, end = _XMP
    stop = 0
    while (start := content.find(begin, stop)) >= 0:
        stop = content.find(end, start)
        if stop < 0:  # never closed: nobody reads it, and nobody looks again
            break
        data[start:stop] = b" " * (stop - start)
    return bytes(data)


def _empty_gps(data: bytearray, start: int) -> None:
    """Empty the GPS directory of the TIFF header at a place, values included."""
    order = "<" if data[start : start + 2] == b"II" else ">"

    def number(form: str, place: int) -> int:
        return struct.unpack_from(order + form, data, place)[0]

    def places(directory: int) -> range:
        count = min(number("H", directory), _MAX_ENTRIES)
        return range(directory + 2, directory + 2 + 12 * count, 12)

    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
    try:
        first = start + number("I", start + 4)
        for entry in places(first):
            if number("H", entry) != 0x8825:
                continue
            gps = start + number("I", entry + 8)
            for one in places(gps):
                length = number("I", one + 4) * sizes.get(number("H", one + 2), 1)
                length = min(length, _MAX_ENTRY)
                if length > 4:
                    place = start + number("I", one + 8)
                    end = min(place + length, len(data))
                    data[place:end] = bytes(max(end - place, 0))
                data[one + 8 : one + 12] = bytes(4)
            data[entry + 4 : entry + 12] = bytes(8)
    except struct.error:
        return  # cut off: there is nothing to read there
