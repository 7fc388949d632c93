"""The square code of a Wi-Fi network, as phones and routers show it: `WIFI:T:WPA;S:Shop;P:...;;`.

Its password is for nobody's eyes: such a code is shown and logged without what it holds.
"""

import re
from dataclasses import dataclass, field
from typing import Final

_START: Final = "WIFI:"
_FIELD: Final = re.compile(r"([A-Za-z0-9]+):((?:\\.|[^\\;])*);")
_WHOLE: Final = re.compile(rf"(?:{_FIELD.pattern})*;?")
_ESCAPED: Final = re.compile(r"\\(.)")
_MOST_NAME: Final = 32
"""Bytes of a network's name, by IEEE 802.11."""
_PASSWORD: Final = range(8, 65)
_BY_PASSWORD: Final = frozenset({"WPA", "WPA2", "WPA3", "SAE"})
_OPEN: Final = frozenset({"", "NOPASS"})


@dataclass(frozen=True, slots=True)
class WifiRead:
    """A network to join; the password is empty where it has none."""

    name: str
    password: str = field(repr=False)
    is_hidden: bool = False


def is_wifi(code: str) -> bool:
    """Tell whether a code is that of a network."""
    return code.lstrip()[: len(_START)].upper() == _START


def read_wifi(code: str) -> WifiRead | None:
    """Read the code of a network; None for one that is cut, or that needs more than a password."""
    fields, told = dict.fromkeys("TSPH", ""), code.strip()[len(_START) :]
    if not _WHOLE.fullmatch(told):
        return None  # cut in its password it would read as a network that has none
    for name, value in _FIELD.findall(told):
        fields[name.upper()] = _ESCAPED.sub(r"\1", value)
    name, password, kind = fields["S"], fields["P"], fields["T"].upper()
    is_named = 0 < len(name.encode()) <= _MOST_NAME and name.isprintable()
    if kind in _OPEN and not password:
        fits = True
    else:
        fits = kind in _BY_PASSWORD and len(password) in _PASSWORD and password.isprintable()
    if not (is_named and fits):
        return None
    return WifiRead(name, password, is_hidden=fields["H"].lower() == "true")
