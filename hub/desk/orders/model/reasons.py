"""Why an order stands as it does: codes with their parameters, which pages and slips word."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from hub.base.fields import LONGEST_REASON


class Reason(NamedTuple):
    """A code with its raw parameters, and the rule and the line that it is about."""

    code: str
    params: Mapping[str, Any] = {}
    rule: str = ""
    line: int | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(list[tuple[str, dict[str, Any], str, int | None]])


def write_reasons(reasons: tuple[Reason, ...]) -> bytes:
    """Write reasons as JSON rows by position; a field is only ever added at the end."""
    return _encoder.encode(reasons)


def read_reasons(written: bytes) -> tuple[Reason, ...]:
    """Read reasons back."""
    return tuple(Reason(*row) for row in _decoder.decode(written)) if written else ()


def shortened(text: str, *, most: int = LONGEST_REASON) -> str:
    """Give a person's own words as they are kept: one that gives none says so."""
    return text.strip()[:most] or "-"
