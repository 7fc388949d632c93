"""In which table of GSTR-1 invoices and notes stand, by buyer, state and worth of the invoice."""

from datetime import date

import pytest

from hub.desk.invoices.model.billing import Kind
from hub.desk.invoices.model.gst_return import table_of

TODAY = date(2026, 11, 21)
BEFORE = date(2024, 7, 31)


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
    found = table_of(kind, gstin=gstin, is_inter=is_inter, day=day, value=value, scale=2)

    assert found == table
