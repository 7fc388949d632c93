"""ESC/POS character tables: what `ESC t n` selects, and which character each byte prints."""

import codecs
from functools import lru_cache
from typing import Final

CODE_PAGES: Final = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859-7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    32: "cp720",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859-2",
    40: "iso8859-15",
    44: "cp1125",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
}
"""Page number of Epson's reference ("ESC t") and the Python codec with the same table."""

UNPRINTABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands on the paper where the printer has no character, so that a wrong page is seen."""


@lru_cache(maxsize=len(CODE_PAGES) + 1)
def character_table(codec: str | None) -> str:
    """List the 256 characters of a codec; without one, only ASCII is printable."""
    high = bytes(range(0x80, 0x100))
    upper = UNPRINTABLE * len(high)
    if codec is not None:
        decode = codecs.getdecoder(codec)
        upper = "".join(decode(bytes([byte]), "replace")[0] for byte in high)
    ascii_half = "".join(map(chr, range(0x80)))
    return "".join(c if c.isprintable() else UNPRINTABLE for c in ascii_half + upper)


def decode(codec: str | None, raw: bytes) -> str:
    """Turn printed bytes into the characters that this table shows for them."""
    if raw.isascii() and b"\x7f" not in raw:
        return raw.decode("ascii")
    table = character_table(codec)
    return "".join([table[byte] for byte in raw])
