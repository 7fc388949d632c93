"""Read the picture commands of ESC/POS into bitmaps."""

from typing import Final

from simulators.devices.commands import UnprintableError
from simulators.devices.paper import Bitmap

WIDEST: Final = 8192
"""Dots; a wider raster is a stream out of step, not a picture."""
_COLUMN_HEIGHT: Final = 24


def raster(args: bytes) -> tuple[Bitmap, int, int]:
    """Read `GS v 0 m xL xH yL yH d...`: the bitmap, and its stretch across and down."""
    kind, scale = args[0], args[1]
    across, height = _int(args[2:4]), _int(args[4:6])
    if kind not in (0, 48) or not across or not height or across * 8 > WIDEST:
        raise UnprintableError(f"raster of {across * 8}x{height} dots")
    return Bitmap(across * 8, height, args[6:]), 1 + (scale & 1), 1 + (scale >> 1 & 1)


def stored_graphics(stored: bytes) -> tuple[Bitmap, int, int]:
    """Read what `GS ( L` function 112 stores: `a bx by c xL xH yL yH d...`."""
    if len(stored) < 8:  # noqa: PLR2004
        raise UnprintableError("graphics without a size")
    wide, tall = stored[1], stored[2]
    width, height, rows = _int(stored[4:6]), _int(stored[6:8]), stored[8:]
    if wide not in (1, 2) or tall not in (1, 2) or not 0 < width <= WIDEST:
        raise UnprintableError(f"graphics of {width}x{height} dots, {wide}x{tall} times")
    if not rows or len(rows) != (width + 7) // 8 * height:
        raise UnprintableError(f"{len(rows)} bytes for graphics of {width}x{height} dots")
    return Bitmap(width, height, rows), wide, tall


def bit_image(args: bytes) -> Bitmap:
    """Read `ESC * m nL nH d...`: columns of 8 or 24 dots, the top one in the highest bit."""
    kind, columns = args[0], args[3:]
    if kind not in (0, 1, 32, 33) or not columns:
        raise UnprintableError(f"bit image mode {kind} with {len(columns)} bytes")
    deep = 3 if kind in (32, 33) else 1
    # Single density doubles the dots across; 8 dots are stretched to the height of 24.
    across, down = 2 - kind % 2, 3 // deep
    values = [_big(columns[i : i + deep]) for i in range(0, len(columns), deep)]
    width = len(values) * across
    row_bytes = (width + 7) // 8
    rows = bytearray()
    for bit in reversed(range(deep * 8)):
        dots = "".join(str(value >> bit & 1) * across for value in values)
        rows += int(dots.ljust(row_bytes * 8, "0"), 2).to_bytes(row_bytes, "big") * down
    return Bitmap(width, _COLUMN_HEIGHT, bytes(rows))


def _int(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _big(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
