"""Cells: what a person typed or a spreadsheet left, read exactly or refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.fields import Change, merge
from hub.base.money import HouseMoney
from hub.desk.parties.model import cells, gst
from hub.desk.parties.model.cells import CellError
from hub.desk.parties.model.customers import key_of_name
from hub.desk.parties.model.fields import FIELDS, read_fields, write_fields

Read = Callable[[str], object]


def why(read: Read, text: str) -> str:
    """Read a cell that is refused, and give its code."""
    with pytest.raises(CellError) as caught:
        read(text)
    return caught.value.reason.code


@pytest.mark.parametrize("text", ["007", "1E5", "2026-03", "08901234567891", "A/1", "आ-7"])
def test_a_code_stays_as_it_stands(text: str) -> None:
    assert cells.read_code(text) == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8.90123E+12", "cell_digits_lost"),
        ("1.23E+12", "cell_digits_lost"),
        ("8,9E+12", "cell_digits_lost"),
        ("#N/A", "cell_spoilt"),
        ("NaN", "cell_spoilt"),
        ("..", "cell_reserved"),
        (".", "cell_reserved"),
        ("new", "cell_reserved"),
        ("KA/change", "cell_reserved"),
        ("KA/requests/1", "cell_reserved"),
        ('="007"', "cell_wrapped"),
        ("'007", "cell_wrapped"),
        ("SO\u200bAP", "cell_hidden"),
        ("SO\x1bAP", "cell_hidden"),
        ("", "cell_empty"),
        ("x" * 65, "cell_too_long"),
    ],
)
def test_a_code_that_a_spreadsheet_spoilt_is_refused(text: str, code: str) -> None:
    assert why(cells.read_code, text) == code


@pytest.mark.parametrize("text", ["C7 ", "\u00a0C7", "\uff23\uff17", "\ufeffC7"])
def test_blanks_and_full_width_signs_make_no_other_code(text: str) -> None:
    assert cells.read_code(text) == "C7"


def test_codes_that_look_alike_have_one_look() -> None:
    assert cells.look_of_code("c1") == cells.look_of_code("C1")
    assert cells.look_of_code("CAFE\u0301") == cells.look_of_code("CAFÉ")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("98450 12345", "+919845012345"),
        ("098450-12345", "+919845012345"),
        ("+91 (98450) 12345", "+919845012345"),
        ("919845012345", "+919845012345"),
        ("९८४५०१२३४५", "+919845012345"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_number_is_one_however_it_is_written(text: str, number: str) -> None:
    assert cells.read_phone(text) == number


@pytest.mark.parametrize("text", ["12345", "9.84501E+09", "call me", "1234567890"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    assert why(cells.read_phone, text) == "cell_not_phone"


@pytest.mark.parametrize("text", ["27AAPFU0939F1ZV", "29 aapfu0939f1zr", "37AADCB2230M2ZR"])
def test_a_gstin_is_known_by_its_check_character(text: str) -> None:
    assert gst.read_gstin(text) == text.replace(" ", "").upper()


@given(st.integers(0, 13), st.sampled_from("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_no_single_wrong_character_of_a_gstin_passes(place: int, other: str) -> None:
    right = "27AAPFU0939F1ZV"
    wrong = right[:place] + other + right[place + 1 :]

    if wrong != right:
        assert why(gst.read_gstin, wrong) in {"cell_gstin_check", "cell_not_gstin"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8901230000000", "cell_gtin_check"),
        ("123456789", "cell_not_gtin"),
        ("8.90123E+12", "cell_digits_lost"),
    ],
)
def test_a_bar_code_that_no_counter_takes_is_refused(text: str, code: str) -> None:
    assert why(cells.read_gtin, text) == code


def test_bar_codes_that_differ_in_zeros_before_them_are_one() -> None:
    codes = ("96385074", "000096385074", "0000096385074", "00000096385074")

    assert {cells.key_of_gtin(cells.read_gtin(one)) for one in codes} == {"00000096385074"}


@pytest.mark.parametrize("text", ["03/04/2026", "2026-3-4", "2026-02-30", "20260304", "4 March"])
def test_a_date_that_may_be_two_is_refused(text: str) -> None:
    assert why(cells.read_day, text) == "cell_not_day"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("none", ("none", 0)),
        ("Cash only", ("cash_only", 0)),
        ("", ("unset", 0)),
        ("0", ("amount", 0)),
        ("5000.50", ("amount", 500_050)),
    ],
)
def test_a_credit_limit_has_four_states_and_an_empty_one_is_never_no_limit(
    text: str, columns: tuple[str, int]
) -> None:
    read = FIELDS["credit_limit"].read(text)

    assert (read["credit_state"], read["credit_limit"]) == columns


@pytest.mark.parametrize("currency", ["INR", "USD", "EUR", "GBP", "BDT", "NGN"])
def test_an_amount_is_read_as_a_page_writes_it(currency: str) -> None:
    written = HouseMoney(currency).write(123_456_750)

    assert cells.read_amount(written, 2) == 123_456_750


def test_every_field_is_written_as_it_is_read() -> None:
    texts = {
        "name": "आशा स्टोर्स",
        "kind": "retailer",
        "status": "hold",
        "status_until": "2026-12-31",
        "credit_limit": "5000.00",
        "terms_days": "30",
        "terms_from": "invoice",
        "gstin": "27AAPFU0939F1ZV",
        "pin": "411001",
        "state": "27",
        "phone": "+919845012345",
        "place": "12.971600, -77.594600",
        "delivery_days": "mon,thu",
        "minimum_order": "250.00",
        "since": "2020-01-01",
        "geo": "IN/MH/PUN",
        "assortment": "category=tea/green;sku=SOAP-1",
        "contacts": "Meena, accounts, +919845012345; Ravi, +919845012346",
    }

    columns, faults = read_fields(texts)

    assert faults == []
    assert {name: write_fields(columns)[name] for name in texts} == texts


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Meena , accounts,98450 12345 ; Ravi, 98450-12346;", None),
        ("Meena", "cell_not_contact"),
        (",98450 12345", "cell_not_contact"),
        ("Meena, a, b, 98450 12345", "cell_not_contact"),
        ("Meena, 12", "cell_not_phone"),
        ("; ".join(["Meena, 98450 12345"] * 60), "cell_too_long"),
    ],
)
def test_contacts_are_names_with_phones(written: str, found: str | None) -> None:
    columns, faults = read_fields({"contacts": written})

    assert [one.code for one in faults] == ([found] if found else [])
    if not found:
        assert columns["contacts"] == "Meena, accounts, +919845012345; Ravi, +919845012346"


def test_of_two_changes_of_one_field_the_later_is_told_and_others_apply() -> None:
    now = {"phone": "2", "city": "Pune", "name": "A"}

    merged = merge(
        now,
        {"phone": Change("1", "3"), "city": Change("Pune", "Goa"), "name": Change("A", "A")},
    )

    assert merged.crossed == ("phone",)
    assert merged.wanted == {"city": "Goa"}


def test_a_name_has_one_key_however_it_is_written() -> None:
    assert key_of_name("Asha Stores") == key_of_name("ASHA-stores.")
    assert key_of_name("आशा स्टोर्स") != key_of_name("आशा स्टोर")
