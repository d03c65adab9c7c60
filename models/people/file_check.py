"""What kind of file an upload really is (no ORM here).

The list is short on purpose: scans and photographs. Office files carry macros and
links, SVG and HTML run scripts in the browser of whoever opens them.
"""

from odoo.tools.mimetypes import guess_mimetype

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
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
# What the platform's own detection may call them; unknown is no contradiction.
_MIMETYPES = {
    "pdf": {"application/pdf"},
    "jpeg": {"image/jpeg", "image/jpg"},
    "png": {"image/png"},
    "heic": {"image/heic", "image/heif", "image/heic-sequence", "video/mp4"},
}
_UNKNOWN = {"application/octet-stream", "text/plain", ""}


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
