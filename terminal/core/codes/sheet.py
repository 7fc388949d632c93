"""The commands of the printed sheet, each a barcode that begins with OW-, by what they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Command = Literal[
    "SUBMIT", "UNDO", "REMOVE", "CANCEL", "REPEAT", "BATCH",
    "CASH", "CREDIT", "ADVANCE",
    "DIGIT", "ENTER", "QTY", "UNIT", "COUPON", "FREE",
    "PRICE", "PRICE-SLIP", "STOCK", "NEAR",
    "BALANCE", "OPEN", "LAST", "CANCEL-ORDER",
    "OPERATOR", "SIGN-OUT", "CUSTOMER",
    "REPRINT", "STATUS", "HELP", "TEST", "RULER", "COLUMNS", "SHEET",
    "VOLUME", "WIFI", "UPDATE", "ENROL",
]  # fmt: skip

PREFIX: Final = "OW-"


@dataclass(frozen=True, slots=True)
class Section:
    """Commands that stand together on the sheet; `name` is that of the words above them."""

    name: str
    commands: tuple[Command, ...]


ORDER: Final = Section("order", ("SUBMIT", "UNDO", "REMOVE", "CANCEL", "REPEAT", "BATCH"))
PAYMENT: Final = Section("payment", ("CASH", "CREDIT", "ADVANCE"))
NUMBERS: Final = Section("numbers", ("ENTER",))
GOODS: Final = Section("goods", ("PRICE", "PRICE-SLIP", "STOCK", "NEAR"))
ORDERS: Final = Section("orders", ("BALANCE", "OPEN", "LAST", "CANCEL-ORDER"))
PEOPLE: Final = Section("people", ("SIGN-OUT",))
SLIPS: Final = Section("slips", ("REPRINT", "STATUS", "HELP", "TEST", "RULER", "SHEET"))
MACHINE: Final = Section("machine", ("VOLUME", "WIFI", "UPDATE", "ENROL"))
SECTIONS: Final = (ORDER, PAYMENT, NUMBERS, GOODS, ORDERS, PEOPLE, SLIPS, MACHINE)
"""Digits, quantities and packs stand with the numbers; operators and customers have cards."""

PLAIN_COMMANDS: Final[tuple[Command, ...]] = tuple(
    command for section in SECTIONS for command in section.commands
)
"""Commands whose code is their name."""
SHORT_CODES: Final[Mapping[Command, str]] = {"CANCEL-ORDER": "CANCEL-ORD"}
"""Codes that stand on the sheet in place of a name that a narrow paper has no room for."""
NAMING_COMMANDS: Final[tuple[Command, ...]] = (
    *("UNIT", "BATCH", "COUPON", "FREE"),
    *("OPERATOR", "CUSTOMER"),
)
"""Commands whose code ends with a name; BATCH may do without. The last two are on cards."""
RULED_COLUMNS: Final = (48, 42, 32, 20)
"""So many letters a line of a receipt printer has; each has its code beneath its ruler."""
NARROW_COLUMNS: Final = 20
"""Paper of so few has no room for the bars of a code: it is a square one."""
SHEET_QUANTITIES: Final = (2, 3, 5, 6, 10, 12, 24, 100)
