"""From the bytes of a file to its text: .txt, .md and .docx.

The encodings are those in which associations keep their policies: UTF-8 with or
without mark, UTF-16 in either order, Windows-1256. What else comes is refused, so
that no clause is stored as mojibake.
"""

import re
from unicodedata import normalize

from .docx import docx_text
from .model import ReadError

MAX_BYTES = 5_000_000
# Far above any policy (the longest known has 15 000 characters and 200 lines), low
# enough for the reading to end in seconds whatever the text is.
MAX_CHARS = 500_000
MAX_LINES = 20_000

_FOREIGN_STARTS = (
    b"%PDF",
    b"MZ",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",  # .doc and .xls of old
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite",
)
_FOREIGN_NAMES = re.compile(
    r"\.(pdf|exe|docm?|dotx?|odt|rtf|xlsx?|pptx?|zip|rar|7z|png|jpe?g|gif|tiff?|html?)$"
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_COMMON = re.compile(r"(?<!\w)(?:من|في|على|إلى|عن|أو|التي|ما)(?!\w)")


def bytes_to_text(data: bytes, file_name: str = "") -> tuple[str, str, str | None]:
    """Return (text, source, encoding); source is "txt", "md" or "docx".

    :raise ReadError: "empty", "too_large", "kind", "damaged" or "encoding"
    """
    name = (file_name or "").lower().strip()
    if len(data) > MAX_BYTES:
        raise ReadError("too_large", "bytes")
    if not data.strip():
        raise ReadError("empty")
    if data[:4] == b"PK\x03\x04" or name.endswith(".docx"):
        return docx_text(data, name), "docx", None
    if data.startswith(_FOREIGN_STARTS) or _FOREIGN_NAMES.search(name):
        raise ReadError("kind")
    text, encoding = _decode(data)
    return text, "md" if name.endswith((".md", ".markdown")) else "txt", encoding


def check_text(text: str) -> str:
    """Return the text when it can be read in good time.

    :raise ReadError: "empty" or "too_large"
    """
    if not text or not text.strip("\ufeff \t\r\n\x00"):
        raise ReadError("empty")
    # one character of old may stand for a phrase of eighteen
    if len(text) > MAX_CHARS or len(normalize("NFKC", text)) > MAX_CHARS:
        raise ReadError("too_large", "characters")
    if len(text.splitlines()) > MAX_LINES:
        raise ReadError("too_large", "lines")
    return text


def _decode(data: bytes) -> tuple[str, str]:
    encoding = _marked(data) or _unmarked_utf16(data)
    if encoding:
        return _strictly(data, encoding), encoding.removesuffix("-sig")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows(data), "windows-1256"
    if _is_binary(text):
        raise ReadError("kind")
    if text.count("\ufffd") > len(text) // 200:
        raise ReadError("encoding")
    return text, "utf-8"


def _marked(data: bytes) -> str | None:
    """Return the encoding that the mark at the start tells."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if mark == b"\xff\xfe" and data[2:4] == b"\x00\x00":
                raise ReadError("encoding", "utf-32")
            return encoding
    return None


def _unmarked_utf16(data: bytes) -> str | None:
    """Return the order of UTF-16 without mark: blanks and letters tell the high byte.

    Arabic letters have the high byte 6, blanks and digits 0.
    """
    sample = data[:4000]
    half = len(sample) // 2
    if half < 8:
        return None
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[first::2]
        low = sample[1 - first :: 2]
        telling = high.count(0) + high.count(6)
        if telling > half * 0.9 and low.count(0) < half * 0.1:
            return encoding
    return None


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError("encoding", encoding) from error
    if _is_binary(text):
        raise ReadError("kind")
    return text


def _windows(data: bytes) -> str:
    """Return the text in Windows-1256, where that gives Arabic words.

    Every byte means something in it, so that any file decodes: the letters tell.
    """
    text = data.decode("cp1256", errors="replace")
    if _is_binary(text):
        raise ReadError("kind")
    marks = [char for char in text if ord(char) > 127 and char not in "«»،؛؟“”‘’–—…•"]
    arabic = sum(1 for char in marks if _ARABIC.match(char))
    words = len(_COMMON.findall(text))
    if arabic < len(marks) * 0.95 or words * 400 < len(text):
        raise ReadError("encoding")
    return text


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) > 3 + len(text) // 100
