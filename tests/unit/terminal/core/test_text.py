"""Text that may reach paper."""

import errno
import os
import socket
import ssl
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Reason
from terminal.core.layout import Row, as_text, lay_out
from terminal.core.text import Currency, clean, plain, width, wrap
from terminal.core.words import Voice


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
    st.text(alphabet="123.", max_size=18),
    st.sampled_from([20, 32, 42, 48]),
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
    ("minor", "currency", "written"),
    [
        (123_456_750, Currency("INR", 2), "12,34,567.50"),
        (-123_456_750, Currency("EUR", 2), "-1,234,567.50"),
        (99_999, Currency("INR", 2), "999.99"),
        (-5, Currency("INR", 2), "-0.05"),
        (1_500, Currency("JPY", 0), "1,500"),
        (1, Currency("KWD", 3), "0.001"),
    ],
)
def test_amounts_are_written_with_the_currencys_decimals_and_grouping(
    minor: int, currency: Currency, written: str
) -> None:
    assert currency.amount(minor) == written
    assert currency.named(minor) == f"{currency.name} {written}"


def test_amounts_in_reasons_are_grouped_as_those_of_totals() -> None:
    used = Reason("credit", "credit_within_limit", {"exposed": 12_345_600, "limit": 20_000_000})

    told = Voice().reason(used, Currency("INR", 2))

    assert "1,23,456.00" in told
    assert "2,00,000.00" in told


@pytest.mark.parametrize(
    ("price", "scale", "written"),
    [
        (100_000, 2, "10.00"),
        (381_050, 2, "38.105"),
        (1, 2, "0.0001"),
        (50_000, 0, "5"),
        (-5_000, 2, "-0.50"),
        (1_234_567_800, 2, "1,23,456.78"),
    ],
)
def test_unit_prices_keep_the_decimals_they_need(price: int, scale: int, written: str) -> None:
    assert Currency("INR", scale).unit_price(price) == written


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
