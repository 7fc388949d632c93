"""In which table of GSTR-1 invoices and notes stand, by buyer, state and worth of the invoice."""

from datetime import date

import pytest

from hub.desk.invoices.model.billing import Kind
from hub.desk.invoices.model.gst_return import month_of, runs_of, table_of

TODAY = date(2026, 11, 21)
BEFORE = date(2024, 7, 31)
RATE = 180_000


@pytest.mark.parametrize(
    ("kind", "gstin", "is_inter", "day", "value", "table"),
    [
        ("invoice", "29AAACD1234K1ZS", True, TODAY, 10_000_001, "B2B"),
        ("credit_note", "29AAACD1234K1ZS", True, TODAY, 100, "CDNR"),
        ("debit_note", "29AAACD1234K1ZS", False, TODAY, 100, "CDNR"),
        ("invoice", "", True, TODAY, 10_000_001, "B2CL"),
        ("invoice", "", True, TODAY, 10_000_000, "B2CS"),
        ("invoice", "", False, TODAY, 90_000_000, "B2CS"),
        ("credit_note", "", True, TODAY, 10_000_001, "CDNUR"),
        ("debit_note", "", True, TODAY, 10_000_001, "CDNUR"),
        ("credit_note", "", True, TODAY, 10_000_000, "B2CS"),
        ("credit_note", "", False, TODAY, 90_000_000, "B2CS"),
        ("credit_note", "", True, BEFORE, 25_000_000, "B2CS"),
        ("credit_note", "", True, BEFORE, 25_000_001, "CDNUR"),
    ],
)
def test_a_note_stands_by_itself_where_its_invoice_does(
    kind: Kind, gstin: str, day: date, value: int, table: str, *, is_inter: bool
) -> None:
    found = table_of(kind, gstin=gstin, is_inter=is_inter, day=day, value=value, scale=2, rate=RATE)

    assert found == table


@pytest.mark.parametrize("kind", ["invoice", "bill_of_supply", "credit_note"])
@pytest.mark.parametrize("gstin", ["", "29AAACD1234K1ZS"])
def test_what_bears_no_tax_stands_apart(kind: Kind, gstin: str) -> None:
    found = table_of(kind, gstin=gstin, is_inter=True, day=TODAY, value=20_000_000, scale=2, rate=0)

    assert found == "EXEMP"


def test_a_month_is_the_one_that_is_named_or_the_one_before_today() -> None:
    november = (date(2026, 11, 1), date(2026, 11, 30))

    assert month_of("2026-11", date(2027, 3, 1)) == november
    assert month_of("", date(2026, 12, 31)) == november
    assert month_of("2026-13", TODAY) is None


def test_numbers_without_a_gap_are_one_run_however_they_were_read() -> None:
    numbers = ["A/000010", "A/000009", "B/000011", "A/000012", "A/000011"]

    runs = list(runs_of("invoice", {one: one == "A/000010" for one in numbers}))

    assert [(one.first, one.last, one.total, one.cancelled) for one in runs] == [
        ("A/000009", "A/000012", 4, 1),
        ("B/000011", "B/000011", 1, 0),
    ]


def test_a_month_without_documents_has_no_run() -> None:
    assert list(runs_of("credit_note", {})) == []
