"""The text of a .docx file, without a library for it and without trusting the file.

A .docx is a zip of XML parts. Parts are read up to a limit (a small zip may unfold to
gigabytes), a part with a document type is refused (entities), nothing is fetched.
"""

import io
import re
import zipfile
import zlib

from lxml import etree

from .model import ReadError

MAX_PART = 20_000_000
MAX_RATIO = 300

_BODY = "word/document.xml"
_HEADER = re.compile(r"word/header\d*\.xml")
_FOOTER = re.compile(r"word/footer\d*\.xml")
_HEADING_NAME = re.compile(r"(?:heading|عنوان|العنوان)\s*(\d)?|title")
_DROPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr"}


def docx_text(data: bytes, name: str = "") -> str:
    """Return the paragraphs as lines: headings «## », items «- » or «1. », rows tabbed.

    The headers come first and the footers last, as an association often names itself
    there only.

    :raise ReadError: "damaged", "too_large", or "kind" (a zip of something else)
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Document(archive).text()
    except KeyError as error:
        is_docx = name.endswith(".docx")
        raise ReadError("damaged" if is_docx else "kind", str(error)) from error
    except _BROKEN as error:
        raise ReadError("damaged", type(error).__name__) from error


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,  # a part with a password
    ValueError,
)


def _local(element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _value(element, name: str = "val") -> str:
    """Return an attribute of WordprocessingML, strict or transitional."""
    for key, value in element.attrib.items():
        if key.rsplit("}", 1)[-1] == name:
            return value
    return ""


def _child(element, *names):
    """Return the descendant along a path of local names, or None."""
    for name in names:
        element = next((item for item in element if _local(item) == name), None)
        if element is None:
            return None
    return element


class _Document:
    """The parts of one file; ``text()`` reads them."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        self.names = archive.namelist()
        self.body = self._part(_BODY)
        self.headings = self._headings()
        self.formats, self.abstracts = self._numberings()
        self.counters = {}

    def text(self) -> str:
        lines = []
        for name in self._parts(_HEADER):
            lines += self._lines(self._part(name))
        lines.append("")
        body = _child(self.body, "body")
        if body is None:
            raise ReadError("damaged", "body")
        lines += self._lines(body)
        lines.append("")
        for name in self._parts(_FOOTER):
            lines += self._lines(self._part(name))
        return "\n".join(lines)

    def _parts(self, pattern: re.Pattern) -> list[str]:
        return sorted(name for name in self.names if pattern.fullmatch(name))[:6]

    def _part(self, name: str):
        """Return the root of an XML part."""
        info = self.archive.getinfo(name)
        if info.file_size > max(1_000_000, info.compress_size * MAX_RATIO):
            raise ReadError("too_large", name)
        with self.archive.open(info) as part:
            content = part.read(MAX_PART + 1)
        if len(content) > MAX_PART:
            raise ReadError("too_large", name)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        root = etree.fromstring(content, parser)
        if root.getroottree().docinfo.doctype:
            raise ReadError("damaged", "doctype")
        return root

    # ------------------------------------------------------------
    # STYLES AND NUMBERS
    # ------------------------------------------------------------

    def _headings(self) -> dict[str, int]:
        """Return the level by id of the styles that are headings."""
        if "word/styles.xml" not in self.names:
            return {}
        levels = {}
        for style in self._part("word/styles.xml"):
            if _local(style) != "style":
                continue
            name = _child(style, "name")
            match = name is not None and _HEADING_NAME.match(_value(name).lower())
            if match:
                levels[_value(style, "styleId")] = int(match[1] or 1)
        return levels

    def _numberings(self) -> tuple[dict, dict]:
        """Return the format by (abstract numbering, level), and the abstract by id."""
        formats, abstracts = {}, {}
        if "word/numbering.xml" not in self.names:
            return formats, abstracts
        for item in self._part("word/numbering.xml"):
            if _local(item) == "abstractNum":
                for level in item:
                    kind = _child(level, "numFmt")
                    if kind is not None:
                        key = (_value(item, "abstractNumId"), _value(level, "ilvl"))
                        formats[key] = _value(kind)
            elif _local(item) == "num":
                abstract = _child(item, "abstractNumId")
                if abstract is not None:
                    abstracts[_value(item, "numId")] = _value(abstract)
        return formats, abstracts

    def _mark(self, paragraph) -> str:
        """Return what stands before a paragraph: a heading's sign, an item's number."""
        style = _child(paragraph, "pPr", "pStyle")
        level = self.headings.get(_value(style)) if style is not None else None
        if level:
            return "#" * min(level, 6) + " "
        number = _child(paragraph, "pPr", "numPr")
        if number is None:
            return ""
        identifier = _child(number, "numId")
        depth = _child(number, "ilvl")
        identifier = _value(identifier) if identifier is not None else "0"
        depth = _value(depth) if depth is not None else "0"
        if identifier == "0":
            return ""
        return self._number(identifier, depth)

    def _number(self, identifier: str, depth: str) -> str:
        indent = "  " * (int(depth) if depth.isdigit() and len(depth) < 2 else 0)
        kind = self.formats.get((self.abstracts.get(identifier), depth), "bullet")
        if kind in ("bullet", "none"):
            return f"{indent}- "
        count = self.counters.get((identifier, depth), 0) + 1
        self.counters[identifier, depth] = count
        for key in list(self.counters):
            if key[0] == identifier and key[1] > depth:
                del self.counters[key]
        return f"{indent}{count}. "

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _lines(self, parent) -> list[str]:
        """Return the lines of the paragraphs and tables below an element."""
        lines = []
        for element in parent:
            name = _local(element)
            if name == "p":
                lines += (self._mark(element) + self._words(element)).split("\n")
            elif name == "tbl":
                lines += ["", *self._rows(element), ""]
            elif name not in _DROPPED and len(element):
                lines += self._lines(element)
        return lines

    def _rows(self, table) -> list[str]:
        rows = []
        for row in table.iter():
            if _local(row) != "tr":
                continue
            cells = [cell for cell in row if _local(cell) == "tc"]
            words = [" ".join(self._cell(cell)) for cell in cells]
            rows.append("\t".join(word.replace("\t", " ") for word in words))
        return rows

    def _cell(self, cell) -> list[str]:
        return [
            self._words(item).replace("\n", " ").strip()
            for item in cell.iter()
            if _local(item) == "p"
        ]

    def _words(self, element) -> str:
        """Return the words of a paragraph, without what was deleted in it."""
        words = []
        for item in element:
            name = _local(item)
            if name == "t":
                words.append(item.text or "")
            elif name in ("tab", "ptab"):
                words.append("\t")
            elif name in ("br", "cr"):
                words.append("\n")
            elif name == "noBreakHyphen":
                words.append("-")
            elif name not in _DROPPED:
                words.append(self._words(item))
        return "".join(words)
