"""Slips as the firmware makes them."""

from pathlib import Path

from firmware.core.answers import answer_rows
from firmware.core.escpos import encoded
from firmware.core.slip import Heading
from firmware.core.wire import read_down

GOLDEN = Path(__file__).parents[1] / "golden" / "wire" / "answer.json"


def golden_answer_slip(columns: int) -> bytes:
    """Encode the slip of the kept answer."""
    shop: dict[str, object] = {"distributor": "Kaveri", "customer": "Anand", "support": "call"}
    heading = Heading(shop, "anand-stores", made_at="09 Oct 2025 14:24")
    return b"".join(encoded(answer_rows(heading, read_down(GOLDEN.read_bytes())), columns))
