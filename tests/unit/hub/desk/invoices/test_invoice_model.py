"""Invoices without a database: words of amounts, parts of lines, due days, the portal's file."""

import json
import re
from datetime import date
from typing import Any

import pytest

from hub.desk.invoices.model.amount_words import words_of_amount
from hub.desk.invoices.model.billing import (
    Goods,
    InvoiceLine,
    SoldLine,
    Terms,
    bill_line,
    due_day,
    faults_of,
    sum_heads,
)
from hub.desk.invoices.model.gst_files import encode_file, missing_of, write_inv01
from hub.desk.parties.model.sides import Side
from rules import Minor, Rate, TaxPart

HALVES = (TaxPart("CGST", Rate(25_000), Minor(0)), TaxPart("SGST", Rate(25_000), Minor(0)))
SELLER = Side("@house", "Corner", "29AAPFU0939F1ZR", "", "1 Main Road", "Town", "560001", "29")
BUYER = Side("C1", "Shop", "29AAPFU0939F1ZR", "registered", "2 Road", "Town", "560002", "29")


@pytest.mark.parametrize(
    ("paise", "english", "hindi"),
    [
        (0, "Zero rupees only", "शून्य रुपये मात्र"),
        (100, "One rupee only", "एक रुपया मात्र"),
        (1, "One paisa only", "एक पैसा मात्र"),
        (101, "One rupee and one paisa only", "एक रुपया, एक पैसा मात्र"),
        (50, "Fifty paise only", "पचास पैसे मात्र"),
        (
            123_456_750,
            "Twelve lakh thirty-four thousand five hundred sixty-seven rupees and fifty paise only",
            "बारह लाख चौंतीस हज़ार पाँच सौ सड़सठ रुपये, पचास पैसे मात्र",
        ),
        (
            999_999_999,
            (
                "Ninety-nine lakh ninety-nine thousand nine hundred ninety-nine rupees and "
                "ninety-nine paise only"
            ),
            "निन्यानवे लाख निन्यानवे हज़ार नौ सौ निन्यानवे रुपये, निन्यानवे पैसे मात्र",
        ),
        (1_000_000_000, "One crore rupees only", "एक करोड़ रुपये मात्र"),
        (100_000_000_000, "One arab rupees only", "एक अरब रुपये मात्र"),
        (-250, "Minus two rupees and fifty paise only", "ऋण दो रुपये, पचास पैसे मात्र"),
    ],
)
def test_an_amount_is_written_in_words(paise: int, english: str, hindi: str) -> None:
    said = [words_of_amount(paise, one, currency="INR") for one in ("en", "hi")]

    assert said == [english, hindi]


def test_an_amount_of_another_currency_has_no_words() -> None:
    assert words_of_amount(250, "en", currency="GBP") == ""


def sold(quantity: int, net: int, *, billed: int = 0, before: int = 0) -> SoldLine:
    """Write a line of an order without discount, of which some is billed for so much."""
    return SoldLine(
        key=(1, False, 1),
        content=1,
        product=1,
        sku="TEA",
        name="Tea",
        hsn="0902",
        unit="PCS",
        quantity=quantity,
        unit_price=1_000_000,
        gross=net,
        net=net,
        total=net + net // 20,
        parts=HALVES,
        billed=billed,
        billed_gross=before,
        billed_net=before,
    )


def test_parts_of_a_line_add_up_to_it_and_the_last_takes_what_is_left() -> None:
    line = sold(3, 1_000)

    first = bill_line(line, (Goods(1),), number=1, pack=None)
    rest = sold(3, 1_000, billed=1, before=first.net)
    last = bill_line(rest, (Goods(2),), number=1, pack=None)

    assert (first.net, last.net) == (333, 667)


@pytest.mark.parametrize(
    ("terms", "payment", "day"),
    [
        (Terms(30), "credit", date(2026, 12, 12)),
        (Terms(30, "end_of_month"), "credit", date(2026, 12, 30)),
        (Terms(7, "delivery"), "credit", date(2026, 11, 17)),
        (Terms(), "credit", None),
        (Terms(30), "cash", date(2026, 11, 12)),
    ],
)
def test_an_invoice_is_due_by_its_customers_terms(
    terms: Terms, payment: str, day: date | None
) -> None:
    made, delivered = date(2026, 11, 12), date(2026, 11, 10)

    assert due_day(made, terms, payment=payment, delivered=delivered) == day


def line_of(*, heads: tuple[TaxPart, ...], hsn: str = "0902") -> InvoiceLine:
    """Write a line of an invoice over 10.10 before tax."""
    return InvoiceLine(
        *(1, (1, False, 1), 1, 1, "TEA", "Tea", hsn, "PCS", 1, 101_000, 1_010, 0, 1_010, heads)
    )


def test_heads_are_added_up_each_at_its_own_rate() -> None:
    """Two rates of one head stay apart, and so do heads of one rate."""

    def taxed(rate: int, amount: int) -> InvoiceLine:
        parts = (TaxPart(head, Rate(rate), Minor(amount)) for head in ("SGST", "CGST"))
        return line_of(heads=tuple(parts))

    found = sum_heads([taxed(90_000, 91), taxed(25_000, 25), taxed(90_000, 92)])

    assert [(one.head, one.rate, one.taxable, one.amount) for one in found] == [
        ("CGST", 25_000, 1_010, 25),
        ("SGST", 25_000, 1_010, 25),
        ("CGST", 90_000, 2_020, 183),
        ("SGST", 90_000, 2_020, 183),
    ]


def test_igst_within_a_state_and_what_is_missing_are_told() -> None:
    igst = (TaxPart("IGST", Rate(50_000), Minor(51)),)
    lines = [line_of(heads=igst, hsn="")]

    codes = {one.code for one in faults_of(SELLER, BUYER, lines)}

    assert codes == {"invoice_heads_misfit", "invoice_hsn_missing"}


SCHEMA: dict[str, Any] = {
    "Version": r"1\.1",
    "DocDtls.Typ": r"INV|CRN|DBN",
    "DocDtls.No": r"[a-zA-Z1-9]{1}[a-zA-Z0-9/-]{0,15}",
    "DocDtls.Dt": r"[0-3][0-9]/[0-1][0-9]/[2][0][1-2][0-9]",
    "TranDtls.RegRev": r"[YN]",
    "SellerDtls.Gstin": r"[0-9]{2}[0-9A-Z]{13}",
    "BuyerDtls.Pos": r"[0-9]{1,2}",
    "SellerDtls.Pin": r"[1-9][0-9]{5}",
    "ValDtls.TotInvVal": r"\d+\.?\d{0,2}",
    "ValDtls.CgstVal": r"\d+\.?\d{0,2}",
    "ItemList.0.HsnCd": r"\d{4}|\d{6}|\d{8}",
    "ItemList.0.UnitPrice": r"\d+\.?\d{0,2}",
    "ItemList.0.GstRt": r"\d+\.?\d{0,2}",
    "ItemList.0.AssAmt": r"\d+\.?\d{0,2}",
}
"""Rules of fields of INV-01, by their path."""


@pytest.mark.parametrize("reverse", [False, True])
def test_the_file_of_the_portal_keeps_the_rules_of_its_fields(*, reverse: bool) -> None:
    heads = tuple(one._replace(amount=Minor(25)) for one in HALVES)
    row = {
        "kind": "invoice",
        "number": "INV26-27/000001",
        "day": date(2026, 11, 2),
        "scale": 2,
        "reverse_charge": reverse,
        "net": 1_010,
        "round_off": 0,
        "payable": 1_060,
    }

    written = encode_file(
        [write_inv01(row, seller=SELLER, buyer=BUYER, lines=[line_of(heads=heads)])]
    )

    (found,) = json.loads(written, parse_float=str)
    for path, rule in SCHEMA.items():
        value: Any = found
        for name in path.split("."):
            value = value[int(name)] if name.isdigit() else value[name]
        assert re.fullmatch(rule, str(value)), (path, value)
    assert list(missing_of(row, seller=SELLER, buyer=BUYER)) == []
    assert {one.code for one in missing_of(row, seller=SELLER, buyer=Side("C", "Shop"))} == {
        "invoice_buyer_gstin",
        "invoice_address",
    }
