"""Issued documents: the same file for ever, in each state, for those alone who see the document."""

from datetime import date
from typing import Final

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Change, Kept
from hub.desk.accounts.acts import AccountActs
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.reads.gst import Month, read_month
from hub.desk.orders.acts import OrderActs
from hub.desk.parties.acts import CustomerActs
from tests.builders.delivered import sent
from tests.builders.market import Market, packed
from tests.builders.money import BY, billed, credited, invoices_of, paid, payments_of
from tests.builders.portal import BUYER_GSTIN, complete_for_gst

NOBODY: Final = Scope()
GST: Final = """
taxes:
  - {id: GST-5, priority: 9, when: {tax_class: full}, heads: {CGST: 2.5, SGST: 2.5}}
"""


def test_an_invoice_is_one_file_for_ever_until_it_is_cancelled(market: Market) -> None:
    order = market.place(("TEA", 3), terminal="shop-2").order
    made = billed(market, order).invoice
    give = invoices_of(market).paper

    first, hindi = (give(made, language=one, scope=EVERYTHING) for one in ("en", "hi"))
    again = give(made, scope=EVERYTHING)
    invoices_of(market).cancel(made, why="wrong", by=BY, scope=EVERYTHING)
    cancelled = give(made, scope=EVERYTHING)

    assert first is not None
    assert first == again
    assert len({one.content for one in (first, hindi, cancelled) if one}) == 3
    assert first.name == "INV26-27-000001-Second-Shop.pdf"
    assert give(made, scope=NOBODY) is None


def test_a_gstin_that_changes_after_the_invoice_changes_the_next_one_alone(market: Market) -> None:
    complete_for_gst(market)
    market.publish(packed(version=2, more=GST))
    first = billed(market, market.place(("TEA", 2)).order).invoice
    issued = invoices_of(market).paper(first, scope=EVERYTHING)

    market.change("UPDATE customer_profile SET gstin = '29AAPFU0939F1ZR' WHERE state = '29'")
    second = billed(market, market.place(("TEA", 3)).order).invoice
    credited(market, first, Credited(prices={1: 100}))

    with market.database.read() as connection:
        month = Month(date(2026, 11, 1), date(2026, 11, 30))
        rows = read_month(connection, month, scope=EVERYTHING)
    sides = market.rows("SELECT id, buyer FROM invoice ORDER BY id")
    assert [BUYER_GSTIN in buyer for _, buyer in sides] == [True, False, True]
    assert "29AAPFU0939F1ZR" in sides[1][1]
    assert sorted((one.number, one.table, one.gstin) for one in rows) == [
        ("CN26-27/000001", "CDNR", BUYER_GSTIN),
        ("INV26-27/000001", "B2B", BUYER_GSTIN),
        ("INV26-27/000002", "B2B", "29AAPFU0939F1ZR"),
    ]
    assert [row for row, _ in sides][:2] == [first, second]
    assert invoices_of(market).paper(first, scope=EVERYTHING) == issued
    assert market.broken() == set()


def test_every_document_of_an_order_is_given_as_a_file(market: Market) -> None:
    order = market.place(("TEA", 3), ("RICE", 10), terminal="shop-2").order
    wave = sent(market, order)
    money = paid(market, "50.00")
    papers = market.deliveries.papers
    files = [
        market.hub.ground.part(OrderActs).paper(order, scope=EVERYTHING),
        papers.wave(wave.wave, size="a5", scope=EVERYTHING),
        papers.note(wave.notes[0], language="hi", scope=EVERYTHING),
        payments_of(market).paper(money.payment, size="roll", scope=EVERYTHING),
        market.hub.ground.part(AccountActs).statement("C2", scope=EVERYTHING),
    ]

    assert all(one is not None and one.content.startswith(b"%PDF-") for one in files)
    assert papers.note(wave.notes[0], language="hi", scope=EVERYTHING) == files[2]


def test_papers_are_in_the_customers_language_unless_somebody_chooses_another(
    market: Market,
) -> None:
    order = market.place(("TEA", 3), terminal="shop-2").order
    invoice = billed(market, order).invoice
    money = paid(market, "50.00").payment
    note = sent(market, order).notes[0]
    acts = market.hub.ground
    kept = acts.part(CustomerActs).change(
        "C2", {"language": Change("", "hi")}, by=BY, scope=EVERYTHING
    )
    assert isinstance(kept, Kept)
    give = invoices_of(market).paper

    hindi, english = (give(invoice, language=one, scope=EVERYTHING) for one in ("hi", "en"))
    own = give(invoice, otherwise="en", scope=EVERYTHING)
    papers, orders = market.deliveries.papers, acts.part(OrderActs)
    statement = acts.part(AccountActs).statement
    given = [
        [
            papers.note(note, language=one, scope=EVERYTHING),
            payments_of(market).paper(money, language=one, scope=EVERYTHING),
            orders.paper(order, language=one, scope=EVERYTHING),
            statement("C2", language=one, scope=EVERYTHING),
        ]
        for one in ("", "hi", "en")
    ]

    assert own == hindi != english
    assert given[0] == given[1]
    assert all(one != other for one, other in zip(given[1], given[2], strict=True))


def test_a_receipt_names_what_the_money_pays_by_now(market: Market) -> None:
    for _ in range(2):
        billed(market, market.place(("TEA", 1), terminal="shop-2").order)
    payments = payments_of(market)
    money = paid(market, "110.00").payment
    first = payments.paper(money, scope=EVERYTHING)
    newest = market.rows("SELECT document_id FROM invoice ORDER BY id DESC LIMIT 1")[0][0]

    payments.allocate.release(money, by=BY, scope=EVERYTHING)
    payments.allocate(money, {newest: 11_000}, by=BY, scope=EVERYTHING)
    second = payments.paper(money, scope=EVERYTHING)

    assert first is not None
    assert second is not None
    assert second.content != first.content
    assert payments.paper(money, scope=EVERYTHING) == second
