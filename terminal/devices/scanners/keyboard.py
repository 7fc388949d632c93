"""Scanners that are keyboards: events of the kernel read as characters, past any desktop.

The kernel says which key was pressed, not which character: what stands on it depends on the country
that the scanner is set to, and on no setting of this machine.
Scanners in their ALT mode need no country: they hold Alt and type the number of each character.
"""

import struct
from collections.abc import Mapping
from typing import Final

_EVENT: Final = struct.Struct("llHHi")
"""`struct input_event` of <linux/input.h>: seconds, microseconds, type, code, value."""
_SYN, _KEY = 0, 1
_DROPPED: Final = 3
_UP, _DOWN = 0, 1
_SHIFTS: Final = frozenset({42, 54})
_CONTROLS: Final = frozenset({29, 97})
_ALTS: Final = frozenset({56, 100})
_CAPS: Final = 58
_SILENT: Final = frozenset({1, 69, 70, 125, 126, 127})
"""Escape, the other locks, and keys of desktops: they are no characters."""
_LARGEST: Final = 0x10FFFF
_UNSURE: Final = "\ufffd"
"""For what cannot be told: a code with it is refused, never guessed."""

_PAD: Final = dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82), "7894561230", strict=True))
_PLAIN: Final = {55: "*", 74: "-", 78: "+", 83: ".", 98: "/", 28: "\r", 96: "\r", 15: "\t", 57: " "}
_COMMON: Final = {
    **{code: (digit, digit) for code, digit in _PAD.items()},
    **{code: (text, text) for code, text in _PLAIN.items()},
}


def _layout(*rows: tuple[int, str, str]) -> Mapping[int, tuple[str, str]]:
    """Make a table of rows: the code of the first key, what stands there plain, and with Shift."""
    table = dict(_COMMON)
    for first, plain, shifted in rows:
        table |= {first + at: pair for at, pair in enumerate(zip(plain, shifted, strict=True))}
    return table


LAYOUTS: Final[Mapping[str, Mapping[int, tuple[str, str]]]] = {
    "us": _layout(
        (2, "1234567890-=", "!@#$%^&*()_+"),
        (16, "qwertyuiop[]", "QWERTYUIOP{}"),
        (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
        (86, "\\", "|"),
    ),
    "de": _layout(
        (2, "1234567890ß\u00b4", '!"§$%&/()=?`'),
        (16, "qwertzuiopü+", "QWERTZUIOPÜ*"),
        (30, "asdfghjklöä^", "ASDFGHJKLÖÄ°"),
        (43, "#yxcvbnm,.-", "'YXCVBNM;:_"),
        (86, "<", ">"),
    ),
    "fr": _layout(
        (2, "&é\"'(-è_çà)=", "1234567890°+"),
        (16, "azertyuiop^$", "AZERTYUIOP¨£"),
        (30, "qsdfghjklmù²", "QSDFGHJKLM%~"),
        (43, "*wxcvbn,;:!", "µWXCVBN?./§"),
        (86, "<", ">"),
    ),
}
"""What stands on each key plain and with Shift, by the country that a scanner is set to."""


def layouts() -> tuple[str, ...]:
    """Name the countries that a scanner may be set to."""
    return tuple(LAYOUTS)


def as_read(text: str, *, set_to: str, read_as: str) -> str:
    """Give a text as it comes from a scanner of one country that is read as of another.

    Control characters come as they are: scanners type them by Ctrl, which is where it is.
    """
    # A sign on the number pad as well is typed where the letters are, which come later here.
    keys = {
        sign: (code, place)
        for code, pair in LAYOUTS[set_to].items()
        for place, sign in enumerate(pair)
    }
    table = LAYOUTS[read_as]
    came = []
    for sign in text:
        code, place = keys.get(sign, (0, 0))
        came.append(table[code][place] if code in table else sign)
    return "".join(came)


class KeyReader:
    """Reads the bytes of an event device as characters, in UTF-8."""

    def __init__(self, layout: str = "us") -> None:
        self._table = LAYOUTS[layout]
        self._rest = b""
        self._held: set[int] = set()
        self._is_caps = False
        self._number = ""

    def feed(self, received: bytes) -> bytes:
        """Take bytes in; give what was typed by them."""
        received = self._rest + received
        whole = len(received) - len(received) % _EVENT.size
        self._rest = received[whole:]
        typed = [
            self._typed(kind, code, value)
            for _, _, kind, code, value in _EVENT.iter_unpack(received[:whole])
        ]
        return "".join(typed).encode()

    def _typed(self, kind: int, code: int, value: int) -> str:
        if kind == _SYN and code == _DROPPED:
            self._held.clear()
            return _UNSURE
        if kind != _KEY:
            return ""
        if code in _SHIFTS | _CONTROLS | _ALTS:
            return self._modifier(code, is_down=value != _UP)
        if value != _DOWN or code in _SILENT:
            return ""  # what is held down long enough to repeat is no scanner's
        return self._pressed(code)

    def _pressed(self, code: int) -> str:
        if code == _CAPS:
            self._is_caps = not self._is_caps
            return ""
        if self._held & _ALTS:
            self._number += _PAD.get(code, _UNSURE)
            return ""
        return self._character(code)

    def _modifier(self, code: int, *, is_down: bool) -> str:
        if is_down:
            self._held.add(code)
            return ""
        self._held.discard(code)
        if code not in _ALTS or not self._number:
            return ""
        number, self._number = self._number, ""
        is_one = number.isascii() and int(number) <= _LARGEST
        return chr(int(number)) if is_one else _UNSURE

    def _character(self, code: int) -> str:
        plain, shifted = self._table.get(code, (_UNSURE, _UNSURE))
        if self._held & _CONTROLS:
            # As terminals do: Ctrl and ] are the separator of GS1.
            upper = plain.upper()
            is_one = len(upper) == 1 and "@" <= upper <= "_"
            return chr(ord(upper) & 0x1F) if is_one else _UNSURE
        is_shifted = bool(self._held & _SHIFTS) != (self._is_caps and plain.isalpha())
        return shifted if is_shifted else plain
