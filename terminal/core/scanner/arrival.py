"""What a test code says of a scanner: its suffix, its keyboard, its letters, its separators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.values.gs1 import GS, STAND_INS
from terminal.core.codes import shown
from terminal.core.layout import FNC1
from terminal.core.words import Said, said

_FIRST, _SECOND = "10Yz-/Am", "217"
TEST_CODE: Final = f"{_FIRST}{GS}{_SECOND}"
"""Two GS1 elements: signs that stand elsewhere on other keyboards, both cases, a separator."""
TEST_BARCODE: Final = f"{FNC1}{_FIRST}{FNC1}{_SECOND}"
_ANNOUNCED: Final = ("]C1", "]e0")
_ENDS: Final = frozenset("\r\n\t\x03")
_MOST_BEFORE: Final = 3


@dataclass(frozen=True, slots=True)
class Arrived:
    """A code as it came: all of it, with what ended it."""

    received: str

    @property
    def is_ended(self) -> bool:
        """Tell whether Enter, or what stands for it, came after the code."""
        return self.received[-1:] in _ENDS

    @property
    def shown(self) -> str:
        """Give the code for a screen."""
        return shown(self.code)

    @property
    def code(self) -> str:
        """Give the code without its end, and without what a scanner announces it with."""
        text = self.received.strip("\r\n\t\x02\x03\x00")
        for announced in _ANNOUNCED:
            text = text.removeprefix(announced)
        return text.removeprefix(GS)


def judge(arrived: Arrived, *, set_to: str, mistyped: Mapping[str, str]) -> tuple[Said, ...] | None:
    """Say what is wrong with a scanner, or that nothing is; None for another code than the test's.

    `set_to` is the keyboard by which it is read, `mistyped` how the test code would come from a
    scanner that is set to each other one.
    """
    code = arrived.code
    end = () if arrived.is_ended else (said("setup.no_enter"),)
    if code == TEST_CODE:
        return end or (said("setup.well"),)
    keyboard = next((name for name, typed in mistyped.items() if _is_like(code, typed)), None)
    if keyboard is not None:
        return (said("setup.layout", found=keyboard, wanted=set_to), *end)
    found = _of_letters(code) or _of_separator(code) or _of_prefix(code)
    if found is not None:
        return (found, *end)
    if sum(sign in code for sign in TEST_CODE) < len(TEST_CODE) // 2:
        return None
    return (said("setup.garbled", read=shown(code), wanted=shown(TEST_CODE)), *end)


def _is_like(code: str, wanted: str) -> bool:
    """Tell whether a code is the one that is wanted, whatever became of its separator."""
    return code in set(_with_separators(wanted))


def _with_separators(text: str) -> Iterable[str]:
    return (text.replace(GS, sign) for sign in (GS, "", *STAND_INS))


def _of_letters(code: str) -> Said | None:
    if _is_like(code, TEST_CODE.swapcase()):
        return said("setup.caps")
    if _is_like(code, TEST_CODE.upper()) or _is_like(code, TEST_CODE.lower()):
        return said("setup.one_case")
    return None


def _of_separator(code: str) -> Said | None:
    if code == TEST_CODE.replace(GS, ""):
        return said("setup.gs_lost")
    for sign in STAND_INS:
        if code == TEST_CODE.replace(GS, sign):
            return said("setup.gs_stands", sign=sign)
    return None


def _of_prefix(code: str) -> Said | None:
    before, found, _ = code.partition(TEST_CODE)
    if found and 0 < len(before) <= _MOST_BEFORE:
        return said("setup.before", sign=shown(before))
    return None
