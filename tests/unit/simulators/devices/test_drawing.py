"""The picture of a slip: readable by machines, and where the eye expects it."""

import io

import pytest
from PIL import Image

from simulators.devices import PrinterProfile
from tests.fixtures.printers import codes_in, confirmed_answer, confirmed_slip, only_slip

NARROW = PrinterProfile(width=384)


def picture(stream: bytes, profile: PrinterProfile | None = None) -> Image.Image:
    """Print and draw."""
    return Image.open(io.BytesIO(only_slip(stream, profile).png())).convert("L")


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """Give the box that holds everything printed."""
    box = image.point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    return box


def test_the_codes_of_a_slip_can_be_read_off_its_picture() -> None:
    order = confirmed_answer().data

    png = only_slip(confirmed_slip()).png()

    assert codes_in(png) == {"QR Code": order.order, "Code 128": order.number}
    assert Image.open(io.BytesIO(png)).width == 576


def test_the_codes_of_a_narrow_slip_can_be_read_off_its_picture() -> None:
    order = confirmed_answer().data

    png = only_slip(confirmed_slip("58mm"), NARROW).png()

    # The order's number is too long for a barcode on 58 mm paper.
    assert codes_in(png) == {"QR Code": order.order}
    assert Image.open(io.BytesIO(png)).width == 384


@pytest.mark.parametrize(
    ("stream", "kind", "content"),
    [
        (b"\x1dkI\x0a{BOW-QTY-1", "Code 128", "OW-QTY-1"),
        (b"\x1dkI\x05{C\x0c\x22\x38", "Code 128", "123456"),
        (b"\x1dkI\x0b{AAB{Bcd{C\x0c", "Code 128", "ABcd12"),
        (b"\x1dkC\x0c890171910103", "EAN-13", "8901719101038"),
        (b"\x1dkD\x079638507", "EAN-8", "96385074"),
        (b"\x1d(k\x08\x001P0order\x1d(k\x03\x001Q0", "QR Code", "order"),
    ],
)
def test_every_kind_of_code_can_be_read(stream: bytes, kind: str, content: str) -> None:
    png = only_slip(b"\n\n\x1ba\x01\x1dh\x60" + stream + b"\n\n").png()

    assert codes_in(png) == {kind: content}


def test_alignment_moves_the_ink() -> None:
    left, centre, right = (ink(picture(b"\x1ba" + bytes([n]) + b"MMMM\n")) for n in range(3))

    assert left[0] < 4
    assert abs((centre[0] + centre[2]) / 2 - 288) < 3
    assert right[2] > 572


def test_double_size_is_twice_as_wide_and_high() -> None:
    plain, double = ink(picture(b"MM\n")), ink(picture(b"\x1d!\x11MM\n"))

    assert abs((double[2] - double[0]) - 2 * (plain[2] - plain[0])) <= 3
    assert abs((double[3] - double[1]) - 2 * (plain[3] - plain[1])) <= 3


def test_bold_takes_more_ink_and_inverse_fills_the_cell() -> None:
    plain, bold, inverse = (
        sum(1 for dot in picture(style + b"Total\n").tobytes() if dot < 128)
        for style in (b"", b"\x1bE\x01", b"\x1dB\x01")
    )

    assert plain * 1.2 < bold < inverse
    assert inverse > 5 * 12 * 24 * 0.6


def test_a_raster_is_drawn_dot_for_dot() -> None:
    image = picture(b"\x1dv0\x00\x01\x00\x02\x00\xf0\x0f", NARROW)

    assert list(image.crop((0, 0, 8, 2)).tobytes()) == [0] * 4 + [255] * 8 + [0] * 4


def test_paper_fed_without_end_is_drawn_up_to_five_metres() -> None:
    assert picture(b"\x1b3\xff" + b"\n" * 300).height == 40_000
