"""Goods that come back of invoices with discounts of the whole order, over several rates of tax."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.invoices.model.billing import InvoiceLine
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.invoices.model.portal_fields import faults_of_file
from hub.desk.invoices.reads.gst import Month, read_month
from hub.desk.invoices.reads.record import InvoiceDetail, read_invoice
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import Back, Taken
from hub.desk.returns.reads import list_sold, read_return
from tests.builders.market import Market, new_uuid, packed
from tests.builders.money import (
    BY,
    account_of,
    billed,
    credited,
    delivered,
    invoices_of,
    open_of,
)
from tests.builders.portal import complete_for_gst

SQLITE: Final = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DAY: Final = date(2026, 11, 21)
SLABS: Final = """
schemes:
  - {id: SCH-SLAB, stage: order, count: {of: gross},
     slabs: [{from: 600.00, percent: 3}, {from: 1000.00, percent: 10}]}
  - {id: SCH-TEA, when: {sku: TEA}, slabs: [{from: 5, percent: 7}]}
  - {id: SCH-TWO, when: {sku: SOAP}, free: {every: 25, give: 2, item: HONEY}}
taxes:
  - {id: GST-18, priority: 5, when: {sku: TEA}, heads: {CGST: 9, SGST: 9}}
  - {id: GST-5, priority: 5, when: {sku: [SOAP, HONEY]}, heads: {CGST: 2.5, SGST: 2.5}}
"""
ROUNDED: Final = "round_to: 1.00"


@pytest.fixture(params=["", ROUNDED], ids=["exact", "rounded"])
def market(market: Market, request: pytest.FixtureRequest) -> Market:
    """Give a market with slabs of the whole order, three rates of tax, and gifts."""
    market.publish(packed(version=2, head=request.param, more=SLABS))
    complete_for_gst(market)
    return market


def detail(market: Market, number: int) -> InvoiceDetail:
    """Read a document."""
    with market.database.read() as connection:
        found = read_invoice(connection, number, today=DAY, scope=EVERYTHING)
    assert found is not None
    return found


def notes_of(market: Market, invoice: Issued) -> list[InvoiceDetail]:
    """Give the notes of an invoice."""
    return [detail(market, note) for _, note, _ in detail(market, invoice.invoice).notes]


def amounts(found: InvoiceDetail) -> list[tuple[str, int, int, int]]:
    """Give the lines of a document: SKU, base units, before tax, tax."""
    return [(one.sku, one.quantity, one.net, one.tax) for one in found.lines]


def test_goods_that_are_kept_cost_more_on_a_debit_note_and_not_below_zero(market: Market) -> None:
    # 8 tea, 24 soap and 4 rice are 1,240.00 and earn 10 %; with 4 tea they are 840.00 and earn 3 %
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24), ("RICE", 4)))
    owed = account_of(market)[0]

    note = credited(market, invoice.invoice, Credited(back={1: 4}))

    assert isinstance(note, Issued), note
    less, more = notes_of(market, invoice)
    assert (less.row["kind"], more.row["kind"]) == ("credit_note", "debit_note")
    assert (less.row["number"], more.row["number"]) == ("CN26-27/000001", "DBN26-27/000001")
    assert more.of == (invoice.invoice, invoice.number, DAY)
    assert amounts(less)[0][:2] == ("TEA", 4)
    assert [one[:2] for one in amounts(more)] == [("SOAP", 0), ("RICE", 0)]
    assert min(n for one in (less, more) for line in amounts(one) for n in line[1:]) >= 0
    change = more.row["payable"] - less.row["payable"]
    assert account_of(market)[0] - owed == change
    assert open_of(market, more.row["number"]) == 0
    assert (
        open_of(market, invoice.number) == detail(market, invoice.invoice).row["payable"] + change
    )
    for one in (less, more):
        assert list(faults_of_file(one.portal_file())) == []
    assert [fault for one in market.audit().kept for fault in one.faults] == []


def test_a_debit_note_is_cancelled_with_its_credit_note_alone(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24)))
    owed = account_of(market)
    note = credited(market, invoice.invoice, Credited(back={1: 4}))
    assert isinstance(note, Issued)
    cancel = invoices_of(market).cancel
    _, more = notes_of(market, invoice)

    alone = cancel(more.row["id"], why="x", by=BY, scope=EVERYTHING)
    later = credited(market, invoice.invoice, Credited(back={2: 4}))
    early = cancel(note.invoice, why="x", by=BY, scope=EVERYTHING)
    assert isinstance(later, Issued)
    last = cancel(later.invoice, why="x", by=BY, scope=EVERYTHING)
    first = cancel(note.invoice, why="x", by=BY, scope=EVERYTHING)

    assert isinstance(alone, Refused)
    assert alone.reasons[0].code == "note_comes_with"
    assert isinstance(early, Refused)
    assert early.reasons[0].code == "note_settled_on"
    assert isinstance(last, Issued)
    assert isinstance(first, Issued)
    assert detail(market, more.row["id"]).state == "cancelled"
    assert account_of(market) == owed
    assert [fault for one in market.audit().kept for fault in one.faults] == []


def test_a_return_tells_what_it_credits_less_what_is_charged(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24)))
    take = market.hub.ground.part(ReturnActs).take

    taken = take(*("C2", [Back("TEA", 4)]), key=new_uuid(), why="torn", by=BY, scope=EVERYTHING)

    assert isinstance(taken, Taken)
    less, more = notes_of(market, invoice)
    with market.database.read() as connection:
        found = read_return(connection, taken.id, scope=EVERYTHING)
    assert found is not None
    assert found.row.amount == less.row["payable"] - more.row["payable"]
    assert [(one.note_kind, one.sku, one.total < 0) for one in found.lines] == [
        ("credit_note", "TEA", False),
        ("debit_note", "SOAP", True),
    ]


def test_the_return_of_a_month_has_what_the_notes_leave(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24)))
    credited(market, invoice.invoice, Credited(back={1: 4}))
    documents = [detail(market, invoice.invoice), *notes_of(market, invoice)]

    with market.database.read() as connection:
        rows = read_month(connection, Month(DAY.replace(day=1), DAY), scope=EVERYTHING)

    signs = {"invoice": 1, "credit_note": -1, "debit_note": 1}
    assert sum(one.taxable for one in rows) == sum(
        signs[one.row["kind"]] * one.row["net"] for one in documents
    )
    assert {one.number for one in rows if one.kind == "debit_note"} == {"DBN26-27/000001"}
    assert all(one.taxable >= 0 for one in rows if one.kind == "debit_note")


def test_notes_to_a_buyer_without_gstin_come_off_the_small_sales_of_the_month(
    market: Market,
) -> None:
    market.change("UPDATE customer_profile SET gstin = '', gst_kind = 'unregistered'")
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24)))
    credited(market, invoice.invoice, Credited(back={1: 4}))

    with market.database.read() as connection:
        rows = read_month(connection, Month(DAY.replace(day=1), DAY), scope=EVERYTHING)

    assert {(one.kind, one.table) for one in rows} == {
        ("invoice", "B2CS"),
        ("credit_note", "B2CS"),
        ("debit_note", "B2CS"),
    }


def test_cess_raises_no_rate_of_the_return_of_a_month(market: Market) -> None:
    taxes = SLABS.replace("{CGST: 9, SGST: 9}", "{CGST: 14, SGST: 14, CESS: 12}")
    market.publish(packed(version=3, more=taxes))
    billed(market, delivered(market, ("TEA", 8)))

    with market.database.read() as connection:
        (row,) = read_month(connection, Month(DAY.replace(day=1), DAY), scope=EVERYTHING)

    assert row.rate == 280_000
    assert row.cess > 0


def test_free_goods_are_in_no_table_of_the_return_of_a_month(market: Market) -> None:
    untaxed = SLABS.replace("sku: [SOAP, HONEY]", "sku: SOAP")
    market.publish(packed(version=3, more=untaxed))
    invoice = billed(market, delivered(market, ("SOAP", 25)))

    with market.database.read() as connection:
        rows = read_month(connection, Month(DAY.replace(day=1), DAY), scope=EVERYTHING)

    assert "HONEY" in {one.sku for one in detail(market, invoice.invoice).lines}
    assert [one.rate for one in rows] == [50_000]


def test_a_return_that_costs_more_than_it_credits_is_refused(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 9), ("SOAP", 10)))

    done = credited(market, invoice.invoice, Credited(back={2: 1}))

    assert isinstance(done, Refused)
    assert done.reasons[0].code == "return_costs"


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)
def test_the_audit_names_a_line_below_zero_and_a_debit_note_nobody_paid(
    market: Market,
) -> None:
    invoice = billed(market, delivered(market, ("TEA", 8), ("SOAP", 24)))
    credited(market, invoice.invoice, Credited(back={1: 4}))
    _, more = notes_of(market, invoice)

    market.change(
        "UPDATE invoice_line SET net = -net, gross = -gross, tax = -tax, total = -total, "
        "discount = -discount WHERE invoice_id = :i",
        i=more.row["id"],
    )
    below = market.broken()
    market.change(
        "UPDATE invoice SET comes_with = of_id WHERE id = :i",
        i=more.row["id"],
    )

    assert "note_signs" in below
    assert "debit_settled" not in below
    assert "debit_settled" in market.broken()


returns_ = st.lists(
    st.dictionaries(st.sampled_from(["TEA", "SOAP", "RICE", "HONEY"]), st.integers(1, 30)),
    min_size=1,
    max_size=5,
)
orders_ = st.tuples(st.integers(1, 15), st.integers(1, 60), st.integers(1, 30))


@SQLITE
@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sold=st.lists(orders_, min_size=1, max_size=2), steps=returns_, charge=st.booleans())
def test_whatever_comes_back_in_however_many_steps_no_note_is_below_zero(
    market: Market,
    *,
    sold: Sequence[tuple[int, int, int]],
    steps: list[dict[str, int]],
    charge: bool,
) -> None:
    take = market.hub.ground.part(ReturnActs).take
    orders = [
        delivered(market, ("TEA", tea), ("SOAP", soap), ("RICE", rice)) for tea, soap, rice in sold
    ]
    invoice = billed(market, *orders)

    for step in [*steps, _all_of(market, invoice)]:
        back = [Back(sku, count) for sku, count in step.items()]
        take("C2", back, key=new_uuid(), why="x", charge=charge, by=BY, scope=EVERYTHING)

    whole = detail(market, invoice.invoice)
    notes = notes_of(market, invoice)
    assert [fault for one in market.audit().kept for fault in one.faults] == []
    for one in notes:
        assert all(min(line) >= 0 for line in (_of(line) for line in one.lines))
        assert list(faults_of_file(one.portal_file())) == []
        assert one.row["payable"] == sum(line.total for line in one.lines) + one.row["round_off"]
    if _all_of(market, invoice):
        return  # something was refused: a part of the goods is kept
    sums = {n: _signed(notes, n) for n in ("net", "tax", "payable")}
    gifts = sum(
        line.total
        for one in notes
        if one.row["kind"] == "debit_note"
        for line in one.lines
        if line.key[1]
    )
    assert sums["payable"] == whole.row["payable"] - gifts
    assert account_of(market)[0] >= 0
    for line in whole.lines:
        if not line.key[1]:
            credited_net = sum(
                (one.row["kind"] == "credit_note" or -1) * part.net
                for one in notes
                for part in one.lines
                if part.of_line == line.number
            )
            assert credited_net == line.net


def _of(line: InvoiceLine) -> tuple[int, ...]:
    return (line.quantity, line.net, line.total, *(part.amount for part in line.heads))


def _signed(notes: Sequence[InvoiceDetail], name: str) -> int:
    return sum(
        one.row[name] if one.row["kind"] == "credit_note" else -one.row[name] for one in notes
    )


def _all_of(market: Market, invoice: Issued) -> dict[str, int]:
    """Give what of an invoice is still at the shop, but for gifts that were paid for."""
    with market.database.read() as connection:
        sold = list_sold(connection, "C2", scope=EVERYTHING)
    found: dict[str, int] = {}
    for one in sold:
        if one.invoice == invoice.invoice:
            found[one.sku] = found.get(one.sku, 0) + one.left
    return found
