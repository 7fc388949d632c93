"""Text that may reach paper."""

import errno
import os
import socket
import ssl
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.core.layout import Row, as_text, lay_out
from terminal.core.text import clean, money, plain, unit_price, width, wrap


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Cola\x1b@\x1dV\x00 600", "Cola@V 600"),
        ("two\r\nlines\tand tab", "two lines and tab"),
        ("price \u202e00.1\u202c", "price 00.1"),
        ("a\u2066b\u2069c\u200fd", "abcd"),
        ("क्\u200dष", "क्\u200dष"),
        ("e\u0301", "é"),
        ("\ue000private\U000e0041tag", "privatetag"),
        ("  much   room  ", "much room"),
    ],
)
def test_no_control_or_direction_character_is_left(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(st.text(max_size=200))
def test_clean_text_holds_nothing_a_printer_could_obey(raw: str) -> None:
    categories = {unicodedata.category(char) for char in clean(raw)} - {"Zs"}

    assert not categories & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert all(char in "\u200c\u200d" for char in clean(raw) if unicodedata.category(char) == "Cf")


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("चावल", 4), ("中文", 4), ("e\u0301", 1), ("🎉", 2)]
)
def test_width_counts_columns_not_characters(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(alphabet="ab 中\u0301", max_size=80), st.integers(4, 48))
def test_wrapped_lines_fit_and_keep_every_letter(text: str, columns: int) -> None:
    lines = wrap(clean(text), columns)

    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


@given(
    st.text(alphabet="abc 中", max_size=60),
    st.text(alphabet="123.", max_size=12),
    st.sampled_from([32, 42, 48]),
    st.sampled_from(["normal", "bold", "big"]),
)
def test_no_laid_out_line_is_wider_than_the_paper(
    left: str, right: str, columns: int, style: str
) -> None:
    row = Row(clean(left), right, style=style, hang=7)  # type: ignore[arg-type]

    text = as_text(lay_out([row], columns), columns)

    assert all(width(line) <= columns for line in text.split("\n"))
    assert any(line.replace(" ", "").endswith(right) for line in text.split("\n"))


@pytest.mark.parametrize(
    ("minor", "scale", "written"),
    [(123456, 2, "1234.56"), (-5, 2, "-0.05"), (0, 2, "0.00"), (1500, 0, "1500"), (1, 3, "0.001")],
)
def test_amounts_are_written_with_the_currencys_decimals(
    minor: int, scale: int, written: str
) -> None:
    assert money(minor, scale) == written


@pytest.mark.parametrize(
    ("price", "scale", "written"),
    [(100_000, 2, "10.00"), (381_050, 2, "38.105"), (1, 2, "0.0001"), (50_000, 0, "5")],
)
def test_unit_prices_keep_the_decimals_they_need(price: int, scale: int, written: str) -> None:
    assert unit_price(price, scale) == written


def test_a_percent_sign_stays_with_its_number() -> None:
    assert wrap("44354.00 of CGST 2.5 %", 20) == ["44354.00 of CGST", "2.5 %"]
    assert wrap("5 % off", 4) == ["5 %", "off"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOENT, "could not open port /dev/x"), os.strerror(errno.ENOENT)),
        (ssl.SSLError(1, "wrong version number"), "wrong version number"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "self-signed certificate"),
        (socket.gaierror(8, "name not known"), "name not known"),
        (TimeoutError("timed out"), "timed out"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_an_error_is_said_in_the_words_of_who_numbered_it(error: OSError, said: str) -> None:
    assert plain(error) == said
