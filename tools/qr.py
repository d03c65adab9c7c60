"""QR codes as drawings: sharp at any size, and no image library needed."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M


def qr_svg(text: str) -> str:
    """Return the SVG of a QR code that withstands a fold or a stamp (level M)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(_row_path(row, y) for y, row in enumerate(rows))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )


def _row_path(row: list[bool], y: int) -> str:
    """Return one rectangle for each run of dark modules in a row."""
    parts, start = [], None
    for x, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            parts.append(f"M{start} {y}h{x - start}v1h{start - x}z")
            start = None
    return "".join(parts)
