"""The sheet of command barcodes: with it a scanner and a printer are a whole terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from terminal.core.codes import PREFIX, SECTIONS, SHEET_QUANTITIES, SHORT_CODES, Command
from terminal.core.layout import Row
from terminal.core.slip.frame import LONGEST_BARCODE, RULE
from terminal.core.text import clean
from terminal.core.words import Voice

_LONGEST_UNIT: Final = LONGEST_BARCODE - len(f"{PREFIX}UNIT-")
_DIGITS: Final = "1234567890"


def command_sheet(terminal: str, units: Sequence[str], voice: Voice) -> tuple[Row, ...]:
    """Make the sheet; `units` are the pack sizes that products come in."""
    rows = [
        Row(voice.text("sheet.title"), style="big", center=True),
        Row(clean(terminal), center=True),
        Row(voice.text("sheet.applies"), center=True),
        Row(voice.text("sheet.cancel_twice"), center=True),
    ]
    for section in SECTIONS:
        rows += [RULE, Row(voice.text(f"section.{section.name}"), style="inverse", center=True)]
        if section.name == "numbers":
            rows += _numbers(voice, units)
        for command in section.commands:
            rows += _code(caption(voice, command), SHORT_CODES.get(command, command))
    return tuple(rows)


def caption(voice: Voice, command: Command) -> str:
    """Say what a command does, its name first."""
    return voice.text(f"sheet.{command.lower().replace('-', '_')}")


def _numbers(voice: Voice, units: Sequence[str]) -> Iterator[Row]:
    """List quantities and packs, then the digits, which ENTER ends."""
    for count in SHEET_QUANTITIES:
        yield from _code(voice.text("sheet.qty", count=count), f"QTY-{count}")
    for unit in filter(_is_printable, units):
        yield from _code(voice.text("sheet.unit", unit=unit), f"UNIT-{unit}")
    for digit in _DIGITS:
        yield from _code(digit, digit)


def _code(told: str, name: str) -> tuple[Row, Row]:
    return (
        Row(told, style="bold", center=True),
        Row(PREFIX + name, kind="barcode", center=True),
    )


def _is_printable(unit: str) -> bool:
    """Tell whether a barcode can hold a unit's name; others are typed."""
    return unit.isascii() and unit.isprintable() and len(unit) <= _LONGEST_UNIT
