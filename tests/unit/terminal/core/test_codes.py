"""What a scan is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.gtin import check_digit_fits
from terminal.core.codes import (
    BadRead,
    CommandRead,
    OtherRead,
    ProductRead,
    WifiRead,
    read_code,
    shown,
    typed,
)
from terminal.core.words import Voice, said

GS = "\x1d"
GTIN = "09501101530003"


def with_check_digit(body: str) -> str:
    """Complete a GTIN."""
    return next(body + digit for digit in "0123456789" if check_digit_fits(body + digit))


@pytest.mark.parametrize(
    ("raw", "gtin"),
    [
        ("8901234500019", "08901234500019"),
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("0036000291452", "00036000291452"),
        ("10614141000415", "10614141000415"),
        ("]E08901234500019", "08901234500019"),
        ("]E496385074", "00000096385074"),
        ("\x028901234500019\x03", "08901234500019"),
        (" 8901234500019 ", "08901234500019"),
    ],
)
def test_a_gtin_of_any_length_is_read_as_fourteen_digits(raw: str, gtin: str) -> None:
    assert read_code(raw) == ProductRead(gtin)


def test_a_upc_and_its_ean_13_are_the_same_product() -> None:
    assert read_code("036000291452") == read_code("0036000291452")


@pytest.mark.parametrize("raw", ["8901234500018", "96385073", "036000291453"])
def test_a_wrong_check_digit_is_no_gtin_and_says_so(raw: str) -> None:
    read = read_code(raw)

    assert isinstance(read, OtherRead)
    assert read.hint == said("code.check_digit")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (f"]C101{GTIN}10AB-12{GS}17270301", ProductRead(GTIN, 1, "AB-12", "2027-03-01")),
        (f"{GS}01{GTIN}10AB-12{GS}17270301", ProductRead(GTIN, 1, "AB-12", "2027-03-01")),
        (f"01{GTIN}17270301", ProductRead(GTIN, expiry="2027-03-01")),
        (f"01{GTIN}17270200", ProductRead(GTIN, expiry="2027-02-28")),
        (f"]d201{GTIN}21SERIAL{GS}10LOT", ProductRead(GTIN, batch="LOT")),
        (f"]C102{GTIN}3724", ProductRead(GTIN, quantity=24)),
        (f"]C101{GTIN}3012{GS}10L", ProductRead(GTIN, quantity=12, batch="L")),
        (f"(01){GTIN}(17)270301(10)AB", ProductRead(GTIN, 1, "AB", "2027-03-01")),
        (f"]C101{GTIN}3103000750", ProductRead(GTIN)),
        (f"]C100123456789012345675{GS}01{GTIN}", ProductRead(GTIN)),
    ],
)
def test_an_element_string_gives_product_batch_expiry_and_count(
    raw: str, read: ProductRead
) -> None:
    assert read_code(raw) == read


def test_a_date_that_does_not_exist_loses_the_date_and_not_the_product() -> None:
    assert read_code(f"]C101{GTIN}17260230{GS}10LOT") == ProductRead(GTIN, batch="LOT")


@pytest.mark.parametrize("raw", [f"]C110LOT{GS}17270301", f"]C101{GTIN}300"])
def test_an_element_string_without_product_or_with_count_zero_is_refused(raw: str) -> None:
    assert isinstance(read_code(raw), BadRead)


@pytest.mark.parametrize(
    ("raw", "command"),
    [
        ("OW-SUBMIT", CommandRead("SUBMIT")),
        ("ow-cancel", CommandRead("CANCEL")),
        ("]C0OW-UNDO", CommandRead("UNDO")),
        ("OW-QTY-12", CommandRead("QTY", 12)),
        ("OW-QTY-0", CommandRead("QTY", 0)),
        ("OW-QTY--5", CommandRead("QTY", -5)),
        ("OW-QTY-999999999999", CommandRead("QTY", 999_999_999_999)),
        ("OW-UNIT-CASE", CommandRead("UNIT", name="CASE")),
        ("ow-unit-case", CommandRead("UNIT", name="case")),
        ("OW-BATCH", CommandRead("BATCH")),
        ("OW-BATCH-b-7/2", CommandRead("BATCH", name="b-7/2")),
        ("OW-COUPON-DIWALI", CommandRead("COUPON", name="DIWALI")),
        ("OW-FREE-HONEY", CommandRead("FREE", name="HONEY")),
        ("COUPON:DIWALI", CommandRead("COUPON", name="DIWALI")),
        ("]Q1coupon: Diwali ", CommandRead("COUPON", name="Diwali")),
    ],
)
def test_the_prefix_makes_a_command(raw: str, command: CommandRead) -> None:
    assert read_code(raw) == command


@pytest.mark.parametrize("raw", ["OW-", "OW-DANCE", "OW-QTY-", "OW-QTY-X", "OW-QTY-9999999999999"])
def test_an_unknown_command_is_named_back(raw: str) -> None:
    read = read_code(raw)

    assert isinstance(read, BadRead)
    assert raw in Voice().word(read.reason)


@pytest.mark.parametrize(
    "raw", ["OW-UNIT-", "OW-BATCH- ", "COUPON:", f"COUPON:{'X' * 65}", f"OW-UNIT-{'X' * 65}"]
)
def test_a_command_without_its_name_or_with_too_long_a_one_says_what_it_takes(raw: str) -> None:
    read = read_code(raw)

    assert isinstance(read, BadRead)
    assert "a name of 1 to 64 characters" in Voice().word(read.reason)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("submit", "OW-SUBMIT"),
        ("qty-3", "OW-QTY-3"),
        (" UNDO\n", "OW-UNDO"),
        ("COLA-600", "COLA-600"),
        ("OW-SUBMIT", "OW-SUBMIT"),
        ("unit-case", "OW-UNIT-case"),
        ("Batch-b7", "OW-BATCH-b7"),
        ("coupon-diwali", "OW-COUPON-diwali"),
    ],
)
def test_a_typed_command_may_miss_its_prefix(text: str, code: str) -> None:
    assert typed(text) == code


@pytest.mark.parametrize("raw", ["", " ", "\r\n", "\x00\x07", GS, "]C1", "]E0"])
def test_nothing_is_read_from_nothing(raw: str) -> None:
    assert read_code(raw) == BadRead(said("code.nothing_read"))


def test_a_code_too_long_for_any_product_is_refused() -> None:
    assert isinstance(read_code("x" * 65), BadRead)


def test_any_other_code_may_be_a_sku() -> None:
    assert read_code("COLA-600") == OtherRead("COLA-600")


def test_a_joiner_in_a_code_is_not_shown() -> None:
    assert shown("COLA\u200c-\u200d600\x1dX") == "COLA-600|X"


@given(st.text(max_size=300))
def test_no_scan_at_all_breaks_the_reader(raw: str) -> None:
    read = read_code(raw)

    assert isinstance(read, ProductRead | OtherRead | CommandRead | BadRead)
    assert shown(raw).isprintable()


@given(st.from_regex(r"[0-9]{13}", fullmatch=True))
def test_every_gtin_with_its_check_digit_survives_an_element_string(body: str) -> None:
    gtin = with_check_digit(body)

    assert read_code(f"]C101{gtin}10LOT") == ProductRead(gtin, batch="LOT")


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(body: str, place: int, off: int) -> None:
    good = with_check_digit(body)
    wrong = str((int(good[place]) + off) % 10)

    assert not check_digit_fits(good[:place] + wrong + good[place + 1 :])


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("WIFI:T:WPA;S:Shop;P:at-the-counter;;", WifiRead("Shop", "at-the-counter")),
        ("WIFI:S:Shop;T:WPA2;P:at-the-counter;H:true;", WifiRead("Shop", "at-the-counter", True)),
        ("WIFI:T:nopass;S:Guests;;", WifiRead("Guests", "")),
        (r"WIFI:S:A\;B;T:SAE;R:1;P:with \: and \\;;", WifiRead("A;B", "with : and \\")),
    ],
)
def test_a_network_is_read_with_its_password(code: str, read: WifiRead) -> None:
    assert read_code(code) == read


@pytest.mark.parametrize(
    "code", ["WIFI:S:Shop;P:at-the-coun", "WIFI:S:Shop;P:half;way;;", "WIFI:T:WEP;S:Shop;P:12345;;"]
)
def test_a_network_whose_password_is_cut_is_not_taken_for_one_without(code: str) -> None:
    assert read_code(code) == BadRead(said("wifi.unreadable"))
