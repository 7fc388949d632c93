"""What a scanner read: products by every usual code, commands, coupons, or nothing usable."""

from terminal.core.codes.own import (
    Measure,
    OwnPrefix,
    OwnPrefixError,
    counted,
    is_own,
    own_prefixes,
    read_own,
)
from terminal.core.codes.reading import (
    COUPON_PREFIX,
    MAX_CODE,
    PLAIN_COMMANDS,
    PREFIX,
    SHEET_QUANTITIES,
    BadRead,
    CommandRead,
    OtherRead,
    ProductRead,
    Read,
    read_code,
    shown,
    typed,
)

__all__ = [
    "COUPON_PREFIX",
    "MAX_CODE",
    "PLAIN_COMMANDS",
    "PREFIX",
    "SHEET_QUANTITIES",
    "BadRead",
    "CommandRead",
    "Measure",
    "OtherRead",
    "OwnPrefix",
    "OwnPrefixError",
    "ProductRead",
    "Read",
    "counted",
    "is_own",
    "own_prefixes",
    "read_code",
    "read_own",
    "shown",
    "typed",
]
