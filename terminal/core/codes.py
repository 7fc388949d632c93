"""What a scanner read: a product by GTIN, any other code, a command, or nothing usable."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from terminal.core.gs1 import GS, Elements, check_digit_fits, is_gs1, parse_elements
from terminal.core.text import clean
from terminal.core.words import Said, said

Command = Literal[
    "SUBMIT", "CANCEL", "UNDO", "QTY", "UNIT", "BATCH", "COUPON", "FREE", "REPRINT", "STATUS"
]

PREFIX: Final = "OW-"
COUPON_PREFIX: Final = "COUPON:"
MAX_CODE: Final = 64
PLAIN_COMMANDS: Final[tuple[Command, ...]] = (
    "SUBMIT",
    "CANCEL",
    "UNDO",
    "BATCH",
    "REPRINT",
    "STATUS",
)
SHEET_QUANTITIES: Final = (2, 3, 5, 6, 10, 12, 24, 100)

_GTIN_LENGTHS: Final = frozenset({8, 12, 13, 14})
_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_QUANTITY: Final = re.compile(r"QTY-(-?[0-9]{1,12})")
_NAMING: Final[tuple[Command, ...]] = ("UNIT", "BATCH", "COUPON", "FREE")
_TYPED: Final = re.compile(
    "|".join([*PLAIN_COMMANDS, *(f"{name}-.*" for name in ("QTY", *_NAMING))]), re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ProductRead:
    """A GTIN, as 14 digits, with what a GS1 code said beside it."""

    gtin: str
    quantity: int = 1
    batch: str = ""
    expiry: str = ""


@dataclass(frozen=True, slots=True)
class OtherRead:
    """A code that may be a SKU or an order's number; `hint` says why it is not a GTIN."""

    code: str
    hint: Said | None = None


@dataclass(frozen=True, slots=True)
class CommandRead:
    """A command from the sheet; `number` is the quantity of QTY.

    `name` is that of UNIT, BATCH, COUPON and FREE; BATCH may do without.
    """

    command: Command
    number: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class BadRead:
    """Nothing to look up; `reason` is for the screen."""

    reason: Said


Read = ProductRead | OtherRead | CommandRead | BadRead


def typed(text: str) -> str:
    """Give what a person typed as a scanner would read it: commands may miss their prefix."""
    line = text.strip()
    if not _TYPED.fullmatch(line):
        return line
    command, dash, name = line.partition("-")
    return f"{PREFIX}{command.upper()}{dash}{name}"


def shown(raw: str) -> str:
    """Give a raw scan for the screen: separators as `|`, other control characters gone."""
    return clean(raw.replace(GS, "|"), MAX_CODE)


def read_code(raw: str) -> Read:
    """Tell what was scanned; never raises."""
    code = "".join(char for char in raw if char == GS or char.isprintable()).strip(" ")
    forced = False
    if symbology := _SYMBOLOGY.match(code):
        forced = is_gs1(symbology.group())
        code = code[symbology.end() :]
    if not code.strip(GS):
        return BadRead(said("code.nothing_read"))
    if code.upper().startswith(PREFIX):
        return _command(code[len(PREFIX) :])
    if code.upper().startswith(COUPON_PREFIX):
        return _named("COUPON", code[len(COUPON_PREFIX) :])
    if not forced and code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS:
        if check_digit_fits(code):
            return ProductRead(code.zfill(14))
        return OtherRead(code, said("code.check_digit"))
    forced = forced or GS in code or code.startswith("(01)")
    return _element_string_or_other(code, forced=forced)


def _element_string_or_other(code: str, *, forced: bool) -> Read:
    elements = parse_elements(code, forced=forced)
    if elements is not None:
        return _from_elements(elements, code)
    if len(code) > MAX_CODE:
        return BadRead(said("code.too_long", count=len(code), most=MAX_CODE))
    return OtherRead(clean(code, MAX_CODE))


def _command(text: str) -> CommandRead | BadRead:
    for command in PLAIN_COMMANDS:
        if text.upper() == command:
            return CommandRead(command)
    if quantity := _QUANTITY.fullmatch(text.upper()):
        return CommandRead("QTY", int(quantity.group(1)))
    for command in _NAMING:
        if text.upper().startswith(f"{command}-"):
            return _named(command, text[len(command) + 1 :])
    return BadRead(said("code.no_command", command=shown(PREFIX + text)))


def _named(command: Command, name: str) -> CommandRead | BadRead:
    """Read a name as it is written: only who gave it knows its spelling."""
    kept = clean(name, MAX_CODE + 1)
    if not kept or len(kept) > MAX_CODE:
        return BadRead(said("code.name_length", command=command, most=MAX_CODE))
    return CommandRead(command, name=kept)


def _from_elements(elements: Elements, code: str) -> ProductRead | OtherRead | BadRead:
    if elements.gtin is None:
        return BadRead(said("code.no_product", code=shown(code)))
    if not check_digit_fits(elements.gtin):
        return OtherRead(elements.gtin, said("code.check_digit"))
    if elements.count == 0:
        return BadRead(said("code.count_zero", code=shown(code)))
    return ProductRead(
        elements.gtin,
        quantity=elements.count or 1,
        batch=clean(elements.batch, 20),
        expiry=elements.expiry,
    )
