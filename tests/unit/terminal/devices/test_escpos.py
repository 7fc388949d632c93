"""Bytes for the printer: what it may be sent and what it may not."""

import io
import re
from dataclasses import replace

import msgspec
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from simulators.devices import PrinterProfile
from terminal.core.codes import PLAIN_COMMANDS, PREFIX, SHORT_CODES
from terminal.core.layout import Row, Style
from terminal.core.slip import answer_slip, queued_slip, with_copy, with_drawer
from terminal.devices.escpos import encode
from terminal.devices.profiles import PROFILES, Profile
from terminal.devices.raster import find_pen
from tests.fixtures.printers import codes_in, confirmed_answer, only_slip
from tests.unit.terminal.core.test_slip import HEADING, LINES, ORDER, SLIPS

WIDE, NARROW, BASIC = PROFILES["80mm"], PROFILES["58mm"], PROFILES["58mm-basic"]
PICTURE = b"\x1dv0"


def encoded(rows: list[Row], profile: Profile) -> bytes:
    """Encode one slip and join its pieces."""
    return b"".join(encode(rows, profile))


def test_a_job_starts_with_a_reset_and_the_pinned_page_and_ends_with_a_cut() -> None:
    job = encoded([Row("Cola")], WIDE)

    assert job.startswith(b"\x1b@\x1c.\x1bt\x13")
    assert job.endswith(b"\x1dVB\x00")


def test_a_printer_without_knife_is_not_told_to_cut() -> None:
    assert b"\x1dV" not in encoded([Row("Cola")], BASIC)


def test_letters_of_the_page_are_sent_as_text() -> None:
    job = encoded([Row("Café 5 €", "12.50")], WIDE)

    assert "Café 5 €".encode("cp858") in job
    assert PICTURE not in job


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("name", ["आशीर्वाद आटा", "شاي أسام", "பச்சை அரிசி", "Žito crno"])
def test_a_line_the_page_lacks_is_drawn_and_its_neighbours_stay_text(name: str) -> None:
    job = encoded([Row(f"  12 x {name}", "1481.40"), Row("Cola")], WIDE)

    *drawn, written = only_slip(job).text.rstrip().splitlines()
    assert {line.partition("x")[0] for line in drawn} == {"[image 576"}
    assert written == "Cola"
    assert b"?" not in job.replace(PICTURE, b"")[:12]


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("profile", [WIDE, NARROW])
def test_a_drawn_line_is_as_wide_as_the_paper_whatever_it_says(profile: object) -> None:
    assert profile in {WIDE, NARROW}
    chosen = WIDE if profile is WIDE else NARROW
    pen = find_pen("ௌ" * 40 + " 1481.40", chosen.dots)

    assert pen is not None
    assert pen.draw("ௌ" * 40, "1481.40", center=False, style="big").width == chosen.dots


@pytest.mark.needs("noto-fonts")
def test_a_drawn_line_is_as_bold_or_as_inverse_as_a_written_one() -> None:
    pen = find_pen("रोका गया", WIDE.dots)
    assert pen is not None

    styles: tuple[Style, ...] = ("normal", "bold", "inverse")
    pictures = [pen.draw("रोका गया", "", center=True, style=style) for style in styles]
    normal, bold, inverse = (picture.tobytes().count(0) for picture in pictures)

    assert normal < bold < inverse


def test_letters_nobody_can_draw_are_shown_as_blocks_and_explained() -> None:
    slip = only_slip(encoded([Row("Party \U00030000\U00030001 pack")], WIDE))

    assert "Party ■■ pack" in slip.text
    assert "letters this printer lacks" in slip.text


def test_marks_and_signs_are_spelled_where_nothing_else_helps() -> None:
    slip = only_slip(encoded([Row("₹ 50 “best” \U00030000")], WIDE))

    assert 'Rs 50 "best" ■' in slip.text


@pytest.mark.parametrize(("profile", "dots"), [(WIDE, 576), (NARROW, 384), (BASIC, 384)])
def test_the_qr_and_the_barcode_can_be_read_back(profile: object, dots: int) -> None:
    chosen = next(known for known in (WIDE, NARROW, BASIC) if known is profile)
    job = encoded([Row("01a0c450", kind="qr"), Row("shop-1-00042", kind="barcode")], chosen)

    slip = only_slip(job, PrinterProfile(width=dots))

    assert codes_in(slip.png()) == {"QR Code": "01a0c450", "Code 128": "shop-1-00042"}


def test_a_barcode_too_wide_for_the_paper_is_left_out() -> None:
    assert b"\x1dk" not in encoded([Row("a-very-long-terminal-name-00042", kind="barcode")], NARROW)


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=10))
def test_no_text_can_send_the_printer_a_command(left: str, right: str) -> None:
    job = encoded([Row(f"x{left}", right), Row("y")], BASIC)

    text = re.sub(rb"\x1dv0.{5}", b"", job, flags=re.DOTALL)
    assert b"\x1dV" not in job or PICTURE in job
    assert b"\x1bp" not in job or PICTURE in job
    assert text.startswith(b"\x1b@")


def test_the_library_is_the_one_that_was_chosen() -> None:
    from importlib.metadata import version  # noqa: PLC0415

    import escpos.magicencode  # noqa: PLC0415  # slow, and only here

    assert version("python-escpos").startswith("3.")
    assert escpos.magicencode.MagicEncode


@pytest.mark.parametrize("number", ["counter-1-00007", "shop-1-00042", "counter-1-000123"])
def test_an_order_s_number_is_a_barcode_on_narrow_paper_too(number: str) -> None:
    rows = (Row(number, kind="barcode", center=True),)

    slip = only_slip(b"".join(encode(rows, PROFILES["58mm"])), PrinterProfile(width=384))

    assert codes_in(slip.png()) == {"Code 128": number}


@pytest.mark.parametrize("profile", ["58mm", "80mm"])
def test_every_command_of_the_sheet_is_a_barcode_on_either_paper(profile: str) -> None:
    dots = PROFILES[profile].dots
    for command in PLAIN_COMMANDS:
        code = f"{PREFIX}{SHORT_CODES.get(command, command)}"

        job = b"".join(encode((Row(code, kind="barcode", center=True),), PROFILES[profile]))

        assert codes_in(only_slip(job, PrinterProfile(width=dots)).png()) == {"Code 128": code}


def test_the_slip_of_a_confirmed_cash_order_opens_the_drawer_and_its_copy_does_not() -> None:
    answer = confirmed_answer().data
    cash = msgspec.structs.replace(answer, payment="cash")
    rows = with_drawer(answer_slip(HEADING, cash), cash)
    credit = msgspec.structs.replace(answer, payment="credit")

    slip = b"".join(encode(rows, PROFILES["80mm"]))
    copy = b"".join(encode(with_copy(rows, 1, HEADING.voice), PROFILES["80mm"]))
    other = b"".join(encode(with_drawer(answer_slip(HEADING, credit), credit), PROFILES["80mm"]))

    assert slip.count(b"\x1bp\x00") == 1
    assert b"\x1bp\x00" not in copy + other


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("name", ["queued", "changed", "sheet", "queued-ar", "changed-ta"])
def test_on_a_printer_of_20_columns_every_line_has_room_and_every_code_can_be_read(
    name: str,
) -> None:
    narrow = PROFILES["20-columns"]

    slip = only_slip(encoded(list(SLIPS[name]), narrow), PrinterProfile(width=narrow.dots))

    lines = [line for line in slip.text.splitlines() if not line.startswith("[")]
    assert max(map(len, lines)) <= narrow.columns
    if name == "sheet":
        paper = Image.open(io.BytesIO(slip.png()))
        codes = {one.text for one in zxingcpp.read_barcodes(paper)}
        assert codes >= {f"{PREFIX}{SHORT_CODES.get(one, one)}" for one in PLAIN_COMMANDS}


@pytest.mark.needs("noto-fonts")
@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("name", ["confirmed", "changed-hi", "queued-ta", "trial-ar", "sheet"])
def test_no_piece_of_a_slip_is_larger_than_what_the_printer_takes(
    name: str, profile: Profile
) -> None:
    job = encode(SLIPS[name], profile)

    assert max(map(len, job)) <= profile.buffer_bytes


def test_an_order_of_500_lines_is_one_slip_that_goes_out_in_pieces() -> None:
    lines = [replace(LINES[0], number=at, name=f"Tea-{at:03}") for at in range(1, 501)]
    rows = queued_slip(HEADING, ORDER, None, lines=lines)

    for profile in (WIDE, NARROW, BASIC):
        job = encode(rows, profile)
        assert max(map(len, job)) <= profile.buffer_bytes
        text = only_slip(b"".join(job), PrinterProfile(width=profile.dots)).text
        assert [line for line in range(1, 501) if f"x Tea-{line:03}" not in text] == []
