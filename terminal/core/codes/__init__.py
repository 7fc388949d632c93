"""What a scanner read: products by every usual code, commands, coupons, or nothing usable."""

from terminal.core.codes.awaited import WITHIN_MS, Awaited
from terminal.core.codes.own import (
    Measure,
    OwnPrefix,
    OwnPrefixError,
    counted,
    is_gram,
    is_own,
    own_prefixes,
    read_own,
)
from terminal.core.codes.reading import (
    COUPON_PREFIX,
    MAX_CODE,
    BadRead,
    CommandRead,
    OtherRead,
    ProductRead,
    Read,
    read_code,
    shown,
    typed,
)
from terminal.core.codes.sheet import (
    NAMING_COMMANDS,
    PLAIN_COMMANDS,
    PREFIX,
    SECTIONS,
    SHEET_QUANTITIES,
    SHORT_CODES,
    Command,
)

__all__ = [
    "COUPON_PREFIX",
    "MAX_CODE",
    "NAMING_COMMANDS",
    "PLAIN_COMMANDS",
    "PREFIX",
    "SECTIONS",
    "SHEET_QUANTITIES",
    "SHORT_CODES",
    "WITHIN_MS",
    "Awaited",
    "BadRead",
    "Command",
    "CommandRead",
    "Measure",
    "OtherRead",
    "OwnPrefix",
    "OwnPrefixError",
    "ProductRead",
    "Read",
    "counted",
    "is_gram",
    "is_own",
    "own_prefixes",
    "read_code",
    "read_own",
    "shown",
    "typed",
]
