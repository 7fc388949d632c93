"""What ESC/POS commands put on the paper."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.devices import PrinterProfile
from simulators.devices.paper import Align, Barcode, Glyphs, Line, Picture, QrCode
from tests.fixtures.printers import confirmed_slip, only_slip, print_out

COMMANDS = [
    b"plain",
    b"C\x93te",
    b"\n",
    b"\t",
    b"\x1b@",
    b"\x1b!\x38",
    b"\x1d!\x11",
    b"\x1bE\x01",
    b"\x1b-\x02",
    b"\x1dB\x01",
    b"\x1bM\x01",
    b"\x1ba\x01",
    b"\x1bt\x13",
    b"\x1bt\x63",
    b"\x1c.",
    b"\x1c&\xb6\xa9\xb5\xa5",
    b"\x1b3\x18",
    b"\x1bd\x03",
    b"\x1bJ\x20",
    b"\x1dV\x00",
    b"\x1dV\x42\x10",
    b"\x1bp\x00\x32\x32",
    b"\x1b*\x21\x02\x00\xff\x00\x0f\xff\x00\x0f",
    b"\x1b*\x00\x02\x00\xff\x0f",
    b"\x1dv0\x00\x01\x00\x02\x00\xaa\x55",
    b"\x1d(L\x0b\x000p0\x01\x011\x08\x00\x01\x00\xff",
    b"\x1d(L\x02\x0002",
    b"\x1d(k\x06\x001P0abc",
    b"\x1d(k\x03\x001Q0",
    b"\x1dkI\x04{BOW",
    b"\x1dk\x02890171910103\x00",
    b"\x1bD\x04\x08\x00",
    b"\x1b$\x40\x00",
    b"\x1dr\x01",
    b"\x10\x04\x01",
    b"\x1bX",
    b"\x07",
]


def lines(stream: bytes, profile: PrinterProfile | None = None) -> list[Line]:
    """Print and give the lines."""
    return [item for item in only_slip(stream, profile).drawn if isinstance(item, Line)]


def glyphs(stream: bytes) -> Glyphs:
    """Print one line of one style and give its characters."""
    (line,) = lines(stream)
    (item,) = line.items
    assert isinstance(item, Glyphs)
    return item


@pytest.mark.parametrize(
    ("page", "byte", "character"),
    [(0, 0x9C, "£"), (0, 0xE3, "π"), (2, 0xB5, "Á"), (19, 0xD5, "€"), (16, 0x80, "€"),
     (16, 0xE9, "é"), (17, 0x80, "\N{CYRILLIC CAPITAL LETTER A}"),
     (18, 0xA5, "ą"), (15, 0xE1, "\N{GREEK SMALL LETTER ALPHA}")],
)  # fmt: skip
def test_a_byte_prints_the_character_of_the_chosen_page(
    page: int, byte: int, character: str
) -> None:
    assert only_slip(bytes([0x1B, ord("t"), page, byte, 10])).text == f"{character}\n"


def test_a_page_the_printer_lacks_prints_marks_and_is_a_fault_of_the_stream() -> None:
    profile = PrinterProfile(code_pages={0: "cp437"})

    paper = print_out(b"\x1bt\x13Caf\x82\n", profile=profile)

    assert paper.hanging.text == "Caf\N{REPLACEMENT CHARACTER}\n"
    assert [fault.reason for fault in paper.faults] == [
        "this printer has no code page 19: 1b 74 13"
    ]


def test_a_clone_in_chinese_mode_swallows_pairs_of_letters_until_it_is_told_not_to() -> None:
    clone = PrinterProfile(kanji=True)

    swallowed = only_slip(b"\x1bt\x10\xb6\xa9\xb5\xa5\n", clone).text
    told = only_slip(b"\x1b@\x1c.\x1bt\x10\xb6\xa9\xb5\xa5\n", clone).text

    assert swallowed == "订单\n"
    assert told == "¶©µ¥\n"


@pytest.mark.parametrize(
    ("command", "look", "value"),
    [(b"\x1bE\x01", "bold", True), (b"\x1bG\x01", "bold", True), (b"\x1b-\x01", "underline", 1),
     (b"\x1b-2", "underline", 2), (b"\x1dB\x01", "inverse", True), (b"\x1bM\x01", "font", "B"),
     (b"\x1bM1", "font", "B"), (b"\x1d!\x10", "wide", 2), (b"\x1d!\x07", "tall", 8),
     (b"\x1b!\x20", "wide", 2), (b"\x1b!\x10", "tall", 2), (b"\x1b!\x08", "bold", True),
     (b"\x1b!\x80", "underline", 1), (b"\x1b!\x01", "font", "B")],
)  # fmt: skip
def test_a_command_changes_how_characters_look_until_the_reset(
    command: bytes, look: str, value: object
) -> None:
    changed = glyphs(command + b"a\n").style
    reset = glyphs(command + b"\x1b@a\n").style

    assert getattr(changed, look) == value
    assert getattr(reset, look) != value


@pytest.mark.parametrize(
    ("width", "style", "columns"),
    [(576, b"", 48), (576, b"\x1bM\x01", 64), (576, b"\x1d!\x11", 24), (384, b"", 32),
     (384, b"\x1bM\x01", 42)],
)  # fmt: skip
def test_a_line_holds_as_many_characters_as_the_paper_is_wide(
    width: int, style: bytes, columns: int
) -> None:
    text = only_slip(style + b"x" * (columns + 1) + b"\n", PrinterProfile(width=width)).text

    assert text == "x" * columns + "\nx\n"


def test_a_full_line_is_followed_by_no_empty_one() -> None:
    assert only_slip(b"x" * 48 + b"\nend\n").text == "x" * 48 + "\nend\n"


def test_alignment_holds_for_lines_that_begin_after_it() -> None:
    printed = lines(b"a\x1ba\x01b\n\x1ba\x01c\n\x1ba2d\n")

    assert [line.align for line in printed] == [Align.LEFT, Align.CENTRE, Align.RIGHT]
    assert [line.text for line in printed] == ["ab", "c", "d"]


@pytest.mark.parametrize(
    ("stream", "dots"),
    [(b"a\n", 30), (b"\x1b3\x10a\n", 24), (b"\x1b3\x3ca\n\x1b2b\n", 90), (b"\x1d!\x11a\n", 48),
     (b"\x1bd\x03", 90), (b"a\x1bd\x03", 90), (b"a\x1bd\x00", 30), (b"\x1bJ\x14", 20),
     (b"a\x1bJ\x28", 40), (b"\x1dv0\x03\x01\x00\x02\x00ab", 4), (b"\x1dhPk\n\x1dkI\x03{B1", 110),
     (b"\x1dH\x03\x1dh\x50\x1dkI\x03{B1", 80 + 2 * 24)],
)  # fmt: skip
def test_paper_moves_by_the_dots_of_what_is_printed(stream: bytes, dots: int) -> None:
    assert only_slip(stream).dots == dots


def test_each_cut_ends_a_slip_and_an_empty_one_is_none() -> None:
    paper = print_out(b"one\n\x1dV\x00\x1dV\x00two\x1dV\x42\x10three\n\x1bm\x1bi")

    assert [(slip.number, slip.text) for slip in paper.slips()] == [
        (1, "one\n"),
        (2, "two\n"),
        (3, "three\n"),
    ]


def test_a_printer_without_knife_goes_on_with_the_same_slip() -> None:
    paper = print_out(b"one\n\x1dV\x00two\n", profile=PrinterProfile(has_knife=False))

    assert paper.slips() == ()
    assert paper.hanging.text == "one\ntwo\n"


def test_the_drawer_opens_when_it_is_told() -> None:
    assert print_out(b"\x1bp\x00\x32\x32\x1bp\x01\x32\x32").drawer_kicks == 2


def test_tabs_and_positions_leave_a_gap() -> None:
    assert only_slip(b"a\tb\n\x1bD\x04\x00a\tb\n\x1b$\x78\x00c\n").text == (
        "a       b\na   b\n          c\n"
    )


@pytest.mark.parametrize("stream", [
    b"\x1dv0\x00\x02\x00\x02\x00\xff\x00\x00\xff",
    b"\x1d(L\x0e\x000p0\x01\x011\x10\x00\x02\x00\xff\x00\x00\xff\x1d(L\x02\x0002",
    b"\x1d8L\x0e\x00\x00\x000p0\x01\x011\x10\x00\x02\x00\xff\x00\x00\xff\x1d(L\x02\x0002",
])  # fmt: skip
def test_a_picture_arrives_with_all_its_dots(stream: bytes) -> None:
    (picture,) = only_slip(stream).drawn

    assert isinstance(picture, Picture)
    assert (picture.bitmap.width, picture.bitmap.height) == (16, 2)
    assert picture.bitmap.rows == b"\xff\x00\x00\xff"


def test_a_column_image_is_turned_into_rows() -> None:
    (line,) = lines(b"\x1b*\x21\x08\x00" + b"\x80\x00\x01" * 8 + b"\n")

    assert line.text == "[image 8x24]"
    assert line.items[0].bitmap.rows == b"\xff" + b"\x00" * 22 + b"\xff"  # type: ignore[union-attr]


def test_a_qr_code_keeps_size_and_correction() -> None:
    (code,) = only_slip(
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1"
        b"\x1d(k\x08\x001P0order\x1d(k\x03\x001Q0"
    ).drawn

    assert code == QrCode(b"order", 6, "M", Align.CENTRE)
    assert code.dots == 21 * 6


@pytest.mark.parametrize(
    ("stream", "label"),
    [(b"\x1dkI\x08{BOW-000", "OW-000"), (b"\x1dkI\x04{C\x0c\x22", "1234"),
     (b"\x1dkI\x06{B{{a}", "{a}"), (b"\x1dkI\x06{B{1ab", "\x1dab"), (b"\x1dkI\x07{AOK{Ba", "OKa"),
     (b"\x1dkC\x0c890171910103", "8901719101038"), (b"\x1dk\x038901234\x00", "89012345"),
     (b"\x1dkA\x0b03600029145", "036000291452")],
)  # fmt: skip
def test_a_barcode_reads_as_a_scanner_reads_it(stream: bytes, label: str) -> None:
    codes = [item.label for item in only_slip(stream).drawn if isinstance(item, Barcode)]

    assert codes == [label]


@pytest.mark.parametrize(
    "stream",
    [b"\x1bX", b"\x07", b"\x1d(Z\x02\x00ab", b"\x1dkI\x03abc", b"\x1dkI\x05{C\x0c\x22{",
     b"\x1dkC\x03123", b"\x1dkE\x01A",
     b"\x1dk\x20", b"\x1dv0\x00\x00\x00\x00\x00", b"\x1dV\x09", b"\x1d(k\x03\x000Q0",
     b"\x1d(k\x03\x001Q0", b"\x1b$\xff\xff", b"\x1bR\x03", b"\x1b{\x01", b"\x1d(L\x02\x0002",
     b"\x1d(L\x0b\x000p0\x01\x011\x10\x00\x01\x00\xff", b"\x1b*\x07\x01\x00\xff"],
)  # fmt: skip
def test_what_the_printer_cannot_follow_is_a_fault_and_the_next_line_prints(stream: bytes) -> None:
    paper = print_out(stream + b"next\n")

    assert paper.hanging.text == "next\n"
    assert len(paper.faults) == 1


def test_the_terminal_s_slip_has_no_fault() -> None:
    assert print_out(confirmed_slip()).faults == []


PIECES = st.lists(st.sampled_from(COMMANDS) | st.binary(max_size=12), max_size=30)
PROFILES = st.builds(PrinterProfile, width=st.sampled_from([384, 576]), kanji=st.booleans())


@given(PIECES, PROFILES, st.data())
def test_paper_does_not_depend_on_how_the_stream_is_cut_into_chunks(
    pieces: list[bytes], profile: PrinterProfile, data: st.DataObject
) -> None:
    stream = b"".join(pieces)
    marks = data.draw(st.lists(st.integers(0, len(stream)), max_size=8).map(sorted))
    chunks = [stream[a:b] for a, b in pairwise([0, *marks, len(stream)])]

    whole, cut = print_out(stream, profile=profile), print_out(*chunks, profile=profile)

    assert cut.slips() == whole.slips()
    assert cut.hanging == whole.hanging
    assert cut.faults == whole.faults


@pytest.mark.parametrize("cut", range(1, 20))
def test_a_full_line_of_chinese_does_not_depend_on_where_the_stream_is_cut(cut: int) -> None:
    clone = PrinterProfile(width=384, kanji=True)
    stream = b"a" + b"\xb6\xa9\xb5\xa5" * 20

    whole = print_out(stream, profile=clone)

    assert print_out(stream[:-cut], stream[-cut:], profile=clone).hanging == whole.hanging


@given(PIECES, PROFILES)
def test_any_bytes_print_something_and_are_drawn(
    pieces: list[bytes], profile: PrinterProfile
) -> None:
    paper = print_out(b"".join(pieces), profile=profile)

    for slip in (*paper.slips(), paper.hanging):
        assert slip.png().startswith(b"\x89PNG")
        assert "\x1b" not in slip.text
