"""Lines of letters from both sides: their order is that of the bidirectional algorithm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageFont

from terminal.devices.bidi import Run, has_from_right, in_order

BOTH = "DejaVuSans.ttf"
"""A font with letters of both: a line in one font is ordered by the library itself."""


def drawn(text: str, *, from_right: bool) -> Image.Image:
    """Draw a line as the library's own implementation of the algorithm orders it."""
    font = ImageFont.truetype(BOTH, 24)
    image = Image.new("L", (900, 48), 255)
    ImageDraw.Draw(image).text(
        (4, 36), text, font=font, anchor="ls", direction="rtl" if from_right else "ltr"
    )
    return image


def drawn_by_runs(text: str, *, from_right: bool) -> Image.Image:
    """Draw the same line run by run, in our order."""
    font = ImageFont.truetype(BOTH, 24)
    image = Image.new("L", (900, 48), 255)
    x = 4.0
    for run in in_order(text, from_right=from_right):
        way = "rtl" if run.is_from_right else "ltr"
        ImageDraw.Draw(image).text((x, 36), run.text, font=font, anchor="ls", direction=way)
        x += font.getlength(run.text, direction=way)
    return image


def differing(one: Image.Image, other: Image.Image) -> int:
    """Count the dots that are black in one of two pictures alone."""
    difference = ImageChops.difference(
        one.point([0] * 128 + [255] * 128), other.point([0] * 128 + [255] * 128)
    )
    return difference.histogram()[255]


@pytest.mark.parametrize("from_right", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "12 x عصير برتقال 5 لتر",
        "COLA-600 @ 38.105",
        "الطلب shop-1-00042 مؤكد: INR 825.00",
        "خصم 2.5 % على Cola",
        "السطر 3: (500 g) شاي",
        "Order من shop-1 الآن",
    ],
)
def test_the_parts_of_a_line_stand_where_the_algorithm_has_them(
    text: str, *, from_right: bool
) -> None:
    ours, theirs = (make(text, from_right=from_right) for make in (drawn_by_runs, drawn))

    # Where a run ends, the next begins at a whole dot: the edges of letters may be a grey apart.
    assert differing(ours, theirs) < 60


def test_a_number_in_a_name_from_the_right_is_read_from_the_left() -> None:
    assert in_order("لتر 5", from_right=True) == [Run("5", False), Run("لتر ", True)]
    assert in_order("5 لتر", from_right=False) == [Run("5 ", False), Run("لتر", True)]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("مساعدة: 080 4000 1234", "080 4000 1234"),
        ("تنتهي 2027-02-28", "2027-02-28"),
        ("21 سبتمبر 2026 19:43", "2026 19:43"),
    ],
)
def test_a_telephone_number_a_date_and_a_time_keep_their_parts_in_order(
    text: str, whole: str
) -> None:
    assert Run(whole, False) in in_order(text, from_right=True)


@given(st.text("abc 12.,-()% ابج\u064e", max_size=30), st.booleans())
def test_no_letter_is_lost_and_each_run_is_of_one_direction(text: str, from_right: bool) -> None:  # noqa: FBT001
    runs = in_order(text, from_right=from_right)

    assert sorted("".join(run.text for run in runs)) == sorted(text)
    for run in runs:
        assert run.is_from_right or not has_from_right(run.text)
