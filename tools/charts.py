"""Small drawings for paper as SVG, without words: the numbers stand beside them.

Returned as data URIs: an image keeps its drawing whatever the parser of the page does
to the names of its attributes.
"""

import base64

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    ' width="{width}" height="{height}">{body}</svg>'
)
_BAR = '<rect x="{x}" y="1" width="{length}" height="{height}" rx="1" fill="{color}"/>'
_DOT = '<circle cx="{x}" cy="{y}" r="2" fill="{color}"/>'
_LINE = '<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>'


def _uri(width: int, height: int, body: str) -> str:
    drawing = _SVG.format(width=width, height=height, body=body)
    encoded = base64.b64encode(drawing.encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


def bar(
    value: float,
    greatest: float,
    color: str,
    is_rtl: bool = False,
    size: tuple[int, int] = (90, 9),
) -> str:
    """Return a bar as long as its share of the greatest; from the right in Arabic."""
    width, height = size
    share = min(max(value / greatest, 0), 1) if greatest else 0
    length = round(share * width, 1)
    x = round(width - length, 1) if is_rtl else 0
    body = _BAR.format(x=x, length=length, height=height - 2, color=color)
    return _uri(width, height, body if length else "")


def trend(
    values: list[float | None],
    color: str,
    is_rtl: bool = False,
    size: tuple[int, int] = (70, 18),
) -> str | None:
    """Return the line of the values of periods, oldest first; None without two.

    A period without a value leaves a gap that the line passes; the last one has a dot.
    In Arabic time goes from right to left.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    width, height = size
    low = min(value for _place, value in known)
    spread = max(value for _place, value in known) - low
    step = (width - 6) / (len(values) - 1)

    def point(place, value):
        x = 3 + place * step
        share = (value - low) / spread if spread else 0.5
        y = height - 3 - share * (height - 6)
        return round(width - x if is_rtl else x, 1), round(y, 1)

    spots = [point(*one) for one in known]
    points = " ".join(f"{x},{y}" for x, y in spots)
    x, y = spots[-1]
    body = _LINE.format(points=points, color=color) + _DOT.format(x=x, y=y, color=color)
    return _uri(width, height, body)
