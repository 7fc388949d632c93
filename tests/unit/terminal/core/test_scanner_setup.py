"""Setting a scanner up: what its test code tells, and the codes that are printed for its maker."""

import io

import pytest
import zxingcpp
from PIL import Image

from simulators.devices import PrinterProfile
from terminal.core.layout import as_text, lay_out
from terminal.core.scanner import MAKERS, TEST_CODE, Arrived, judge, setup_slip
from terminal.core.scanner.makers import Mode
from terminal.core.words import Voice
from terminal.devices.escpos import encode
from terminal.devices.profiles import PROFILES
from terminal.devices.scanners import as_read, layouts
from terminal.devices.scanners.keyboard import LAYOUTS, KeyReader
from tests.fixtures.printers import only_slip
from tests.unit.terminal.devices.test_keyboard import ENTER, SHIFT, tap

GS = "\x1d"
MISTYPED = {one: as_read(TEST_CODE, set_to=one, read_as="us") for one in layouts() if one != "us"}


def said(received: str) -> list[str] | None:
    """Judge what came from a scanner that is read as one of the USA."""
    found = judge(Arrived(received), set_to="us", mistyped=MISTYPED)
    return None if found is None else [Voice().word(one) for one in found]


@pytest.mark.parametrize("announced", ["", "]C1", GS])
def test_a_scanner_that_sends_all_of_it_is_set_up(announced: str) -> None:
    (told,) = said(f"{announced}{TEST_CODE}\r") or []

    assert told.endswith("this scanner is set up")


@pytest.mark.parametrize(
    ("received", "words"),
    [
        (TEST_CODE, ["0.3 s later: scan the code for Enter"]),
        (TEST_CODE.replace(GS, "") + "\r", ["separator of GS1 codes does not come"]),
        (TEST_CODE.replace(GS, "{GS}") + "\n", ["comes as {GS}, which is understood"]),
        (TEST_CODE.upper() + "\t", ["come alike"]),
        (TEST_CODE.swapcase().replace(GS, "") + "\r", ["come turned over"]),
        (MISTYPED["de"] + "\r", ["types as on the keyboard de, and is read as us"]),
        (MISTYPED["fr"], ['layout = "fr"', "0.3 s later"]),
        (f"~{TEST_CODE}\r", ["~ comes before the code"]),
        (TEST_CODE[:9] + "\r", ["Came: 10Yz-/Am|. Wanted: 10Yz-/Am|217."]),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(received: str, words: list[str]) -> None:
    told = said(received)

    assert told is not None
    assert len(told) == len(words)
    for one, wanted in zip(told, words, strict=True):
        assert wanted in one


def test_another_code_is_not_judged() -> None:
    assert said("8901234500019\r") is None


@pytest.mark.parametrize("country", layouts())
def test_a_keyboard_of_each_country_is_known_by_what_its_keys_type(country: str) -> None:
    """The keys that a scanner of a country presses, read as those of the USA."""
    keys = {
        sign: (code, at) for code, pair in LAYOUTS[country].items() for at, sign in enumerate(pair)
    }
    plain = TEST_CODE.replace(GS, "")
    typed = b"".join(
        tap(SHIFT, code) if is_shifted else tap(code)
        for code, is_shifted in (keys[one] for one in plain)
    )

    came = KeyReader("us").feed(typed + tap(ENTER)).decode()

    assert came == as_read(plain, set_to=country, read_as="us") + "\r"
    (told,) = said(came) or []
    assert (f"on the keyboard {country}" in told) == (country != "us")


@pytest.mark.parametrize(("profile", "dots"), [("80mm", 576), ("58mm", 384)])
@pytest.mark.parametrize("mode", ["keyboard", "serial"])
@pytest.mark.parametrize("maker", ["honeywell", "netum"])
def test_the_codes_of_a_maker_are_printed_as_scanners_read_them(
    maker: str, mode: Mode, profile: str, dots: int
) -> None:
    rows = setup_slip(MAKERS[maker], mode, Voice())
    job = b"".join(encode(rows, PROFILES[profile]))
    paper = only_slip(job, PrinterProfile(width=dots)).png()

    found = {one.bytes.decode() for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(paper)))}

    wanted = {
        ("honeywell", "keyboard"): {"~PAP124.", "~KBDCTY0.", "~VSUFCR."},
        ("honeywell", "serial"): {"~TRMUSB130.", "~VSUFCR."},
        ("netum", "keyboard"): {"%#IFSNO$2", "$LAN#EN", "%LKLED#0"},
        ("netum", "serial"): {"%#IFSNO$3", "%LKLED#0"},
    }[maker, mode]
    assert found == {*wanted, TEST_CODE}


def test_where_a_maker_s_codes_are_not_published_its_guide_is_named() -> None:
    text = as_text(lay_out(setup_slip(MAKERS["zebra"], "keyboard", Voice()), 48), 48)

    assert "1. Set Defaults" in text
    assert "4. Add Enter Key (Carriage Return/Line Feed)" in text
    assert "[barcode: <FNC1>10Yz-/Am<FNC1>217]" in text
