"""Rows as people type, scan and paste them, read as products and quantities."""

import pytest

from hub.desk.orders.model.basket import (
    BasketRow,
    NotTaken,
    add_rows,
    is_unusual,
    read_row,
)
from hub.desk.products.model.typed import Known, codes_in

TEA = Known("TEA-250", "Assam tea 250 g", "PCS", {"CASE": 12})
KNOWN = {
    "tea-250": TEA,
    "8901234567894": TEA,
    "08901234567894": TEA,
    "18901234567891": Known("TEA-250", "Assam tea 250 g", "PCS", {"CASE": 12}, unit="CASE"),
    "cola 600": Known("COLA 600", "Cola", "PCS", {}),
    "12 macarons": Known("MAC", "12 macarons", "PCS", {}),
    "old": Known("OLD", "Old soap", "PCS", {}, active=False, replaced_by="SOAP"),
}


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("TEA-250", BasketRow("TEA-250", "1")),
        ("12*tea-250", BasketRow("TEA-250", "12")),
        ("12 x TEA-250", BasketRow("TEA-250", "12")),
        ("१२*TEA-250", BasketRow("TEA-250", "12")),
        ("2*TEA-250@CASE", BasketRow("TEA-250", "2", "CASE")),
        ("8901234567894", BasketRow("TEA-250", "1")),
        ("3*18901234567891", BasketRow("TEA-250", "3", "CASE")),
        ("]C10108901234567894", BasketRow("TEA-250", "1")),
        ("TEA-250\t24", BasketRow("TEA-250", "24")),
        ("TEA-250\tAssam tea\t2\tCASE", BasketRow("TEA-250", "2", "CASE")),
        ("24, TEA-250", BasketRow("TEA-250", "24")),
        ("TEA-250;24.00", BasketRow("TEA-250", "24")),
        ("TEA-250 24", BasketRow("TEA-250", "24")),
        ("TEA-250 case", BasketRow("TEA-250", "1", "CASE")),
        ("COLA 600", BasketRow("COLA 600", "1")),
        ("cola 600 6", BasketRow("COLA 600", "6")),
        ("TEA-250\t1,000", BasketRow("TEA-250", "1000")),
        ("TEA-250\t1,00,000", BasketRow("TEA-250", "100000")),
        ("TEA-250 7 pcs", BasketRow("TEA-250", "7")),
        ("TEA-250 2 case", BasketRow("TEA-250", "2", "CASE")),
        ("2xTEA-250", BasketRow("TEA-250", "2")),
        ("12 tea-250", BasketRow("TEA-250", "12")),
        ("TEA-250\tAssam tea 250 g\t6\t12.50", BasketRow("TEA-250", "6")),
        ("12 macarons", BasketRow("MAC", "1")),
        ("3*12 macarons", BasketRow("MAC", "3")),
        ("12 macarons 4", BasketRow("MAC", "4")),
        ("TEA-250*12", BasketRow("TEA-250", "12")),
        ("TEA-250 x 12", BasketRow("TEA-250", "12")),
        ("8901234567894*6", BasketRow("TEA-250", "6")),
    ],
)
def test_a_row_is_read_as_it_is_meant(typed: str, row: BasketRow) -> None:
    assert read_row(typed, KNOWN) == row


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("TEE-250", "row_unknown"),
        ("OLDX12", "row_unknown"),
        ("0*TEA-250", "order_quantity_invalid"),
        ("TEA-250\t12.5", "order_quantity_invalid"),
        ("2*TEA-250@PALLET", "row_unit"),
        ("OLD", "row_replaced"),
        ("-3*TEA-250", "order_quantity_invalid"),
        ("1.5*TEA-250", "order_quantity_invalid"),
        ("TEA-250\t-3", "order_quantity_invalid"),
        ("TEA-250\t\u22125", "order_quantity_invalid"),
        ("TEA-250\t+5", "order_quantity_invalid"),
        ("TEA-250\t2.000", "order_quantity_invalid"),
        ("TEA-250\t1e3", "order_quantity_invalid"),
        ("TEA-250\tten", "row_no_quantity"),
        ("TEA-250,abc", "row_no_quantity"),
        ("TEA-250\t", "row_no_quantity"),
        ("TEA-250\t2\tBOX", "row_unit"),
        ("TEA-250 2 box", "row_unit"),
        ("1\tTEA-250\tThing\t6\t12.00", "row_two_quantities"),
        ("TEA-250,1,000", "row_two_quantities"),
        ("8901234567891", "row_check_digit"),
        ("8.90123E+12\t4", "row_digits_lost"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(typed: str, code: str) -> None:
    read = read_row(typed, KNOWN)

    assert isinstance(read, NotTaken)
    assert (read.text, read.why.code) == (typed, code)


def test_what_is_not_known_is_named_without_the_cells_beside_it() -> None:
    read = read_row("TEE-250\t24", KNOWN)

    assert isinstance(read, NotTaken)
    assert read.why.params == {"code": "TEE-250"}


def test_the_same_goods_again_are_counted_together_and_the_rest_stays_apart() -> None:
    rows, refused = add_rows(
        (BasketRow("TEA-250", "2"),),
        ["8901234567894", "10*TEA-250", "TEA-250@CASE", "nothing"],
        known=KNOWN,
    )

    assert rows == (BasketRow("TEA-250", "13"), BasketRow("TEA-250", "1", "CASE"))
    assert [one.text for one in refused] == ["nothing"]


def test_of_two_thousand_rows_five_hundred_are_taken_and_each_other_says_why() -> None:
    known = {f"p{n}": Known(f"P{n}", f"Product {n}", "PCS", {}) for n in range(2_000)}
    typed = [f"P{n}\t{n + 1}" for n in range(2_000)]

    rows, refused = add_rows((), typed, known=known)

    assert (len(rows), rows[499]) == (500, BasketRow("P499", "500"))
    assert {one.why.code for one in refused} == {"order_lines_invalid"}
    assert len(refused) == 1_500


def test_every_code_that_a_row_may_name_is_asked_for_at_once() -> None:
    assert {"cola 600", "cola", "tea-250"} <= codes_in(["COLA 600", "2*TEA-250@CASE"])


@pytest.mark.parametrize(
    ("quantity", "past", "asked"),
    [(120, [10, 12, 40], True), (119, [10, 12, 40], False), (1_000, [1, 1], False)],
)
def test_ten_times_the_usual_is_asked_about(quantity: int, past: list[int], *, asked: bool) -> None:
    assert is_unusual(quantity, past) is asked
