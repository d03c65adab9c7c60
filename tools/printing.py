"""HTML to PDF by WeasyPrint, without the ORM: what `ir.actions.report` calls.

Nothing but ``data:`` and the addons' own ``/static/`` files can be read while a
document is laid out: its text comes from people, and a reference to a file or a host
in it must stay a dead reference.
"""

import logging
import os
import re
from collections import deque
from contextlib import contextmanager
from functools import cache
from urllib.parse import unquote, urlsplit

from odoo.tools import file_path

# The base of relative addresses; ".invalid" never names a host (RFC 2606).
BASE_URL = "http://addons.invalid/"
STYLESHEET = "/npo_relations/static/src/print/npo_print.css"

_STATIC = re.compile(r"/(\w+)/static/([^\\\0]+)")
_TYPES = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
# Every warning about a stylesheet of ours or a font of the system would fill the log.
_QUIET_LOGGERS = ("weasyprint", "fontTools")

# Engines at rest: (font configuration, fetcher, stylesheet). Building one costs more
# than a letter does, and Pango's font map must not serve two threads at a time.
_engines = deque(maxlen=4)


class MissingEngineError(Exception):
    """WeasyPrint or a library it needs is not installed; the caller translates it."""


def static_path(url: str) -> str:
    """Return the file of an addon's static address.

    :raise ValueError: when the address is anything else, wherever it points to
    """
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}/" != BASE_URL:
        raise ValueError(f"Refused address: {url[:80]}")
    match = _STATIC.fullmatch(unquote(parts.path))
    if not match or ".." in match[2].split("/"):
        raise ValueError(f"Not a static file: {url[:80]}")
    try:
        folder = file_path(f"{match[1]}/static")
        path = file_path(f"{match[1]}/static/{match[2]}", filter_ext=tuple(_TYPES))
    except OSError as error:
        raise ValueError(f"No such file: {url[:80]}") from error
    if not path.startswith(folder + os.sep):
        raise ValueError(f"Not a static file: {url[:80]}")
    return path


@cache
def _weasyprint():
    """Return the library, imported at the first document that is printed."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: Pango is not there
        raise MissingEngineError(str(error)) from error
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    return weasyprint


@cache
def fetcher_class():
    """Return the URL fetcher that reads ``data:`` and static files only."""
    _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):
        """Refuses all but ``data:`` and the addons' static files."""

        def fetch(self, url, headers=None):
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            path = static_path(url)
            content_type = _TYPES[os.path.splitext(path)[1].lower()]
            with open(path, "rb") as static_file:
                body = static_file.read()
            return URLFetcherResponse(url, body, {"Content-Type": content_type})

    return StaticFetcher


def _new_engine():
    """Return a font configuration, a fetcher and the stylesheet compiled for them."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), fetcher_class()()
    address = BASE_URL.rstrip("/") + STYLESHEET
    css = weasyprint.CSS(url=address, url_fetcher=fetcher, font_config=fonts)
    return fonts, fetcher, css


@contextmanager
def _engine():
    """Lend an engine to one caller, and keep it for the next."""
    try:
        engine = _engines.pop()
    except IndexError:
        engine = _new_engine()
    yield engine
    _engines.append(engine)


def render_pdf(documents: list[str]) -> bytes:
    """Return one PDF of complete HTML documents, each with its own page numbers."""
    weasyprint = _weasyprint()
    with _engine() as (fonts, fetcher, css):
        laid_out = [
            weasyprint.HTML(
                string=document, base_url=BASE_URL, url_fetcher=fetcher
            ).render(stylesheets=[css], font_config=fonts)
            for document in documents
        ]
        pages = [page for document in laid_out for page in document.pages]
        return laid_out[0].copy(pages).write_pdf()
