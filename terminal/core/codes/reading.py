"""What a scanner read: a product by GTIN, any other code, a command, or nothing usable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from broker.contract.ids import order_in
from rules.values.gs1 import GS, Elements, Unclear, UnclearError, is_gs1, parse_elements
from rules.values.gtin import (
    check_digit_fits,
    expanded,
    gtins_of,
    is_gtin_like,
    without_add_on,
)
from terminal.core.codes.links import is_link, parse_link
from terminal.core.codes.own import Measure
from terminal.core.codes.sheet import (
    NAMING_COMMANDS,
    PLAIN_COMMANDS,
    PREFIX,
    RULED_COLUMNS,
    SHORT_CODES,
    Command,
)
from terminal.core.codes.wifi import WifiRead, is_wifi, read_wifi
from terminal.core.text import clean
from terminal.core.words import Said, said

COUPON_PREFIX: Final = "COUPON:"
MAX_CODE: Final = 64

_EAN_8: Final = "]E4"
_EAN_OR_UPC: Final = "]E0"
_WITH_ADD_ON: Final = "]E3"
_EAN_8_DIGITS: Final = 8
_UPC_E_SIX: Final = 6
_BREAKS: Final = frozenset("\r\n\v\f\t")
_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_RULED: Final = {f"COLUMNS-{columns}": columns for columns in RULED_COLUMNS}
_DIGITS: Final = frozenset("0123456789")
_QUANTITY: Final = re.compile(r"QTY-(-?[0-9]{1,12})")
_UNCLEAR: Final[Mapping[Unclear, str]] = {
    "unclear": "code.unclear",
    "strange_separator": "code.strange_separator",
    "no_count": "code.no_count",
    "count_unclear": "code.count_unclear",
    "check_digit": "code.check_digit",
    "link_without_product": "code.link_without_product",
}
_WIFI_SHOWN: Final = "WIFI:****"
_TYPED: Final = re.compile(
    "|".join([*PLAIN_COMMANDS, *(f"{name}-.*" for name in ("QTY", *NAMING_COMMANDS))]),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ProductRead:
    """A GTIN, as 14 digits, with what a code said beside it.

    `instead` is what the same digits may stand for as well: a UPC-E looks like an EAN-8. `measure`
    is a weight. `batch_unclear` tells that a batch is there and that its end cannot be told.
    """

    gtin: str
    quantity: int = 1
    batch: str = ""
    expiry: str = ""
    instead: str = ""
    measure: Measure | None = None
    batch_unclear: bool = False


@dataclass(frozen=True, slots=True)
class OtherRead:
    """A code that may be a SKU or an order's number; `hint` says why it is not a GTIN."""

    code: str
    hint: Said | None = None


@dataclass(frozen=True, slots=True)
class CommandRead:
    """A command from the sheet; `number` is the quantity, digit or columns that it names.

    `name` is that of UNIT, BATCH, COUPON, FREE, OPERATOR and CUSTOMER; BATCH may do without.
    """

    command: Command
    number: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class BadRead:
    """Nothing to look up; `reason` is for the screen."""

    reason: Said


Read = ProductRead | OtherRead | CommandRead | WifiRead | BadRead


def typed(text: str) -> str:
    """Give what a person typed as a scanner would read it: commands may miss their prefix."""
    line = text.strip()
    if not _TYPED.fullmatch(line):
        return line
    command, dash, name = line.partition("-")
    return f"{PREFIX}{command.upper()}{dash}{name}"


def shown(raw: str) -> str:
    """Give a raw scan for the screen: separators as `|`, whatever else nobody sees gone.

    Of a network's code, which holds a password, only that it is one.
    """
    if is_wifi(raw):
        return _WIFI_SHOWN
    return "".join(filter(str.isprintable, clean(raw.replace(GS, "|"), MAX_CODE)))


def read_code(raw: str) -> Read:
    """Tell what was scanned; never raises. One symbol is one code, whatever stands in it."""
    if _BREAKS & set(raw.strip()):
        return BadRead(said("code.line_breaks", code=shown(raw)))
    code = "".join(char for char in raw if char == GS or char.isprintable()).strip(" ")
    symbology = ""
    if announced := _SYMBOLOGY.match(code):
        symbology = announced.group()
        code = code[announced.end() :]
    if not code.strip(GS):
        return BadRead(said("code.nothing_read"))
    if code.upper().startswith(PREFIX):
        return _command(code[len(PREFIX) :])
    if code.upper().startswith(COUPON_PREFIX):
        return _named("COUPON", code[len(COUPON_PREFIX) :])
    try:
        return _product(code, symbology)
    except UnclearError as unclear:
        return BadRead(said("code.refused", code=shown(code), why=said(_UNCLEAR[unclear.why])))


def _product(code: str, symbology: str) -> Read:
    """Read what names a product, or anything else. Raises UnclearError."""
    if is_wifi(code):
        return read_wifi(code) or BadRead(said("wifi.unreadable"))
    forced = is_gs1(symbology)
    if is_link(code):
        return _linked(code)
    single = without_add_on(code, announced=symbology == _WITH_ADD_ON)
    if not forced and (gtin := _retail(single, symbology)):
        return gtin
    elements = parse_elements(code, forced=forced)
    if elements is not None:
        return _from_elements(elements, code)
    if len(code) > MAX_CODE:
        return BadRead(said("code.too_long", count=len(code), most=MAX_CODE))
    return OtherRead(clean(code, MAX_CODE))


def _linked(code: str) -> Read:
    """Read a web address: of an order, as on its slip, or of a product. Raises UnclearError."""
    order = order_in(code)
    return OtherRead(order) if order else _from_elements(parse_link(code), code)


def _retail(code: str, symbology: str) -> Read | None:
    """Read the digits of a retail code; None where it is none."""
    if symbology == _EAN_OR_UPC and len(code) == _UPC_E_SIX and code.isdigit():
        # Number system 0 and check digit are left out: both are known.
        whole = next(whole for check in "0123456789" if (whole := expanded(f"0{code}{check}")))
        return ProductRead(whole.zfill(14))
    if not is_gtin_like(code):
        return None
    found = gtins_of(code)
    if len(code) == _EAN_8_DIGITS and len(found) > 1 and symbology:
        found = found[:1] if symbology == _EAN_8 else found[1:]
    if not found:
        return OtherRead(code, said("code.check_digit"))
    return ProductRead(found[0], instead="".join(found[1:]))


def _command(text: str) -> CommandRead | BadRead:
    for command in PLAIN_COMMANDS:
        if text.upper() in {command, SHORT_CODES.get(command)}:
            return CommandRead(command)
    if text in _DIGITS:
        return CommandRead("DIGIT", int(text))
    if text.upper() in _RULED:
        return CommandRead("COLUMNS", _RULED[text.upper()])
    if quantity := _QUANTITY.fullmatch(text.upper()):
        return CommandRead("QTY", int(quantity.group(1)))
    for command in NAMING_COMMANDS:
        if text.upper().startswith(f"{command}-"):
            return _named(command, text[len(command) + 1 :])
    return BadRead(said("code.no_command", command=shown(PREFIX + text)))


def _named(command: Command, name: str) -> CommandRead | BadRead:
    """Read a name as it is written: only who gave it knows its spelling."""
    kept = clean(name, MAX_CODE + 1)
    if not kept or len(kept) > MAX_CODE:
        return BadRead(said("code.name_length", command=command, most=MAX_CODE))
    return CommandRead(command, name=kept)


def _from_elements(elements: Elements, code: str) -> Read:
    if elements.gtin is None:
        return BadRead(said("code.no_product", code=shown(code)))
    if not check_digit_fits(elements.gtin):
        return OtherRead(elements.gtin, said("code.check_digit"))
    if elements.count == 0:
        return BadRead(said("code.count_zero", code=shown(code)))
    # Goods that vary in weight have a GTIN that begins with 9; on others it is for information.
    weighs = elements.grams is not None and elements.gtin.startswith("9")
    return ProductRead(
        elements.gtin,
        quantity=elements.count or 1,
        batch=clean(elements.batch, 20),
        expiry=elements.expiry,
        measure=Measure("weight", elements.grams or 0) if weighs else None,
        batch_unclear=elements.batch_unclear,
    )
