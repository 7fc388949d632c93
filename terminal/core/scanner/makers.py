"""The codes that put common scanners into the right mode, as their makers' public manuals say.

Right is: Enter after each code, the keyboard of the USA where it types as one, letters as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from terminal.core.layout import FNC3, Row
from terminal.core.scanner.arrival import TEST_BARCODE
from terminal.core.slip.frame import RULE
from terminal.core.words import Voice

Mode = Literal["keyboard", "serial"]
Step = Literal["keyboard", "serial", "us", "enter", "letters"]


@dataclass(frozen=True, slots=True)
class Maker:
    """A maker's codes by what they do, in the order in which they are scanned.

    One whose codes hold what its manuals do not tell has `pages` instead: the titles that stand
    above them in its guide, which are English in every edition.
    """

    name: str
    codes: Mapping[Step, str]
    pages: tuple[str, ...] = ()


def _honeywell(command: str) -> str:
    """Write a menu command as its bar code: User's Guide of the Xenon, chapter 12, and FNC3."""
    return f"~{command}.{FNC3}"


MAKERS: Final[Mapping[str, Maker]] = {
    "honeywell": Maker(
        "Honeywell",
        {
            # Terminal identifiers 124 and 130, keyboard country 0, and the suffix of all codes.
            "keyboard": _honeywell("PAP124"),
            "serial": _honeywell("TRMUSB130"),
            "us": _honeywell("KBDCTY0"),
            "enter": _honeywell("VSUFCR"),
        },
    ),
    "netum": Maker(
        "Netum",
        {
            # Its online manuals of 2025: USB as keyboard, as a virtual line, the USA, normal case.
            # Enter is what they end codes with from the factory.
            "keyboard": "%#IFSNO$2",
            "serial": "%#IFSNO$3",
            "us": "$LAN#EN",
            "letters": "%LKLED#0",
        },
    ),
    "zebra": Maker(
        "Zebra, Symbol",
        {},
        (
            "Set Defaults",
            "USB Device Type: HID Keyboard Emulation",
            "North American Standard USB Keyboard",
            "Add Enter Key (Carriage Return/Line Feed)",
        ),
    ),
    "other": Maker(
        "",
        {},
        (
            "Restore Factory Defaults",
            "USB HID Keyboard, USB COM",
            "US Keyboard",
            "Suffix: Enter, CR",
            "FNC1, GS: Enable",
        ),
    ),
}
"""The makers by the names that the command takes."""
_OF_A_KEYBOARD: Final = frozenset({"us"})


def setup_slip(maker: Maker, mode: Mode, voice: Voice) -> tuple[Row, ...]:
    """Print a maker's codes for one mode, and last the code that tells how they took."""
    return (
        Row(voice.text("setup.title"), style="big", center=True),
        *([Row(maker.name, style="bold", center=True)] if maker.name else []),
        *_steps(maker, mode, voice),
        RULE,
        Row(voice.text("setup.then"), center=True),
        Row(TEST_BARCODE, kind="barcode", center=True),
    )


def _steps(maker: Maker, mode: Mode, voice: Voice) -> Iterator[Row]:
    if maker.pages:
        yield Row(voice.text("setup.by_guide"))
        yield from (Row(f"{at}. {page}", hang=3) for at, page in enumerate(maker.pages, 1))
        return
    yield Row(voice.text("setup.how"))
    for step, code in maker.codes.items():
        is_other_mode = step in {"keyboard", "serial"} and step != mode
        if is_other_mode or (mode == "serial" and step in _OF_A_KEYBOARD):
            continue
        yield RULE
        yield Row(voice.text(f"setup.{step}"), style="bold", center=True)
        yield Row(code, kind="barcode", center=True)
