"""Invoices: numbered without a gap, of each quantity one, cancelled and credited within bounds."""

import re
import threading
from pathlib import Path

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.model.events import Refused as OrderRefused
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.delivered import recorded, sent, status_of
from tests.builders.market import FakeClock, Market
from tests.builders.money import (
    account_of,
    billed,
    credited,
    delivered,
    invoices_of,
    key_shown,
    open_of,
    order_id,
    try_bill,
)

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
DEADLINE_S = 60


def code_of(done: object) -> str:
    """Give the first code of what was refused."""
    assert isinstance(done, Refused), done
    return done.reasons[0].code


@SQLITE
def test_an_order_is_owed_on_its_invoice_and_not_a_second_time(market: Market) -> None:
    order = market.place(("TEA", 3), ("RICE", 10)).order
    before = account_of(market)

    made = billed(market, order)

    assert before == (83000, 0, 0)
    assert account_of(market) == (83000, 83000, 0)
    assert (made.number, open_of(market, made.number)) == ("INV26-27/000001", 83000)
    assert market.rows("SELECT sku, quantity, net, tax FROM invoice_line ORDER BY line") == [
        ("TEA", 3, 30000, 3000),
        ("RICE", 10, 50000, 0),
        ("HONEY", 1, 0, 0),
    ]
    assert market.broken() == set()


@SQLITE
def test_two_windows_and_a_reload_make_one_invoice(market: Market) -> None:
    order = market.place(("TEA", 3)).order
    seen = key_shown(market, order)

    first, second = billed(market, order, seen=seen), billed(market, order, seen=seen)
    third = try_bill(market, order)

    assert (second.invoice, second.again) == (first.invoice, True)
    assert code_of(third) == "billing_nothing"
    assert market.rows("SELECT count(*) FROM invoice") == [(1,)]


@SQLITE
def test_a_cancelled_invoice_keeps_its_number_and_its_order_is_billed_anew(market: Market) -> None:
    order = market.place(("TEA", 3)).order
    seen = key_shown(market, order)
    first = billed(market, order, seen=seen)

    invoices_of(market).cancel(first.invoice, why="wrong shop", by="asha", scope=EVERYTHING)
    again = billed(market, order, seen=key_shown(market, order))

    assert (first.number, again.number) == ("INV26-27/000001", "INV26-27/000002")
    assert account_of(market) == (33000, 33000, 0)
    assert code_of(
        invoices_of(market).credit(
            first.invoice, Credited(prices={1: 100}), why="x", by="asha", scope=EVERYTHING
        )
    ) == ("invoice_cancelled")
    assert market.broken() == set()


@SQLITE
def test_an_order_that_is_billed_is_not_changed_under_its_invoice(market: Market) -> None:
    order = market.place(("TEA", 3)).order
    made = billed(market, order)

    done = market.orders.cancel(order, by="sunil", why="shut")

    assert isinstance(done, OrderRefused)
    assert (done.reason.code, done.reason.params["invoices"]) == ("order_billed", made.number)


@SQLITE
def test_what_was_delivered_is_billed_and_the_order_is_done(market: Market) -> None:
    order = delivered(market, ("TEA", 3), ("RICE", 10))
    seen = key_shown(market, order)

    made = billed(market, order, seen=seen)
    reloaded = billed(market, order, seen=seen)

    assert (reloaded.invoice, reloaded.again) == (made.invoice, True)
    assert status_of(market, order) == "invoiced"
    assert account_of(market) == (83000, 83000, 0)
    assert market.rows("SELECT sum(delivered - billed) FROM delivery_line") == [(0,)]
    cancel = invoices_of(market).cancel
    refused_ = cancel(made.invoice, why="late", by="asha", scope=EVERYTHING)
    assert code_of(refused_) == "invoice_order_done"
    assert market.broken() == set()


@SQLITE
def test_an_order_billed_first_is_invoiced_by_the_delivery_itself(market: Market) -> None:
    order = market.place(("TEA", 3)).order
    billed(market, order)

    wave = sent(market, order)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))

    assert status_of(market, order) == "invoiced"
    assert account_of(market) == (33000, 33000, 0)
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    ("moment_ms", "number"),
    [
        (1_806_517_740_000, "INV26-27/000002"),  # 31 March 2027, 23:59 in Kolkata
        (1_806_517_860_000, "INV27-28/000001"),  # 1 April 2027, 00:01
    ],
)
def test_a_financial_year_ends_at_midnight_where_the_seller_is(
    market: Market, moment_ms: int, number: str
) -> None:
    billed(market, market.place(("SOAP", 1)).order)
    order = market.place(("SOAP", 2)).order

    market.clock.ms = moment_ms

    assert billed(market, order).number == number
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize(
    ("prefix", "code"),
    [
        ("A{year}/", ""),
        ("ABCDE{year}", ""),
        ("ABCDEFGH{year}/", "series_long"),  # 17 characters with six digits
        ("0A{year}/", "series_letters"),
        ("-A{year}", "series_letters"),
        ("a{year}/", "series_letters"),
        ("A_{year}", "series_letters"),
    ],
)
def test_a_prefix_is_checked_for_its_longest_number_when_it_is_kept(
    market: Market, prefix: str, code: str
) -> None:
    keep = invoices_of(market).set_letterhead

    wrong = keep("@house", {"prefix_invoice": prefix}, by="asha", scope=EVERYTHING)

    told = [(one.code, one.field) for one in wrong.reasons] if wrong else []
    assert told == ([(code, "prefix_invoice")] if code else [])
    if not code:
        number = billed(market, market.place(("SOAP", 1)).order).number
        assert number == prefix.replace("{year}", "26-27") + "000001"


@SQLITE
def test_a_prefix_stays_while_its_year_has_numbers_and_that_is_said_in_hindi(
    market: Market,
) -> None:
    billed(market, market.place(("SOAP", 1)).order)
    keep = invoices_of(market).set_letterhead

    wrong = keep("@house", {"prefix_invoice": "B{year}/"}, by="asha", scope=EVERYTHING)

    assert wrong is not None
    said = sentence(wrong.reasons[0], language="hi")
    assert said.startswith("2026-27 के नंबर")
    assert not re.search("[a-z]", said.replace("B{year}/", ""))


@SQLITE
def test_an_invoice_of_gst_lacks_nothing_and_says_where_it_is_entered(market: Market) -> None:
    keep = invoices_of(market).set_letterhead
    side = {"gstin": "29AAPFU0939F1ZR", "address": "1 Main Road", "city": "Bengaluru"}
    order = market.place(("TEA", 1)).order

    wrong = keep("@house", {**side, "state": "27"}, by="asha", scope=EVERYTHING)
    assert isinstance(wrong, Refused)
    assert wrong.reasons[0].code == "gstin_state_differs"
    assert keep("@house", {**side, "state": "29"}, by="asha", scope=EVERYTHING) is None
    lacking = try_bill(market, order)

    assert isinstance(lacking, Refused)
    assert {one.code for one in lacking.reasons} == {"invoice_buyer_state", "invoice_hsn_missing"}
    market.change("UPDATE product SET hsn = '0902'")
    market.change(
        "UPDATE customer_profile SET state = '29' WHERE party_id IN "
        "(SELECT id FROM party WHERE code = 'C2')"
    )
    assert isinstance(try_bill(market, order), Issued)


@SQLITE
def test_a_credit_note_credits_what_came_back_and_its_stock_is_there_again(market: Market) -> None:
    made = billed(market, delivered(market, ("TEA", 5)))
    asked = Credited(back={1: 2}, shelf={1: "damaged"})

    note = credited(market, made.invoice, asked)
    shelf = market.rows("SELECT sum(on_hand), sum(damaged) FROM batch WHERE code LIKE 'T-EARLY'")

    assert isinstance(note, Issued)
    assert note.number == "CN26-27/000001"
    assert open_of(market, made.number) == 55000 - 22000
    assert shelf == [(5, 2)]
    assert market.broken() == set()


@SQLITE
def test_credits_of_a_line_never_exceed_it_and_one_asked_for_twice_is_one(market: Market) -> None:
    made = billed(market, delivered(market, ("TEA", 5)))
    credit = invoices_of(market).credit
    said = {"why": "x", "by": "asha", "scope": EVERYTHING}

    first = credit(made.invoice, Credited(back={1: 3}), earlier=0, **said)  # type: ignore[arg-type]
    same = credit(made.invoice, Credited(back={1: 3}), earlier=0, **said)  # type: ignore[arg-type]
    above = credit(made.invoice, Credited(back={1: 3}), **said)  # type: ignore[arg-type]
    nothing = credit(made.invoice, Credited(back={1: 0}), **said)  # type: ignore[arg-type]
    price = credit(made.invoice, Credited(prices={1: 20001}), **said)  # type: ignore[arg-type]
    below = credit(made.invoice, Credited(back={1: -1}), **said)  # type: ignore[arg-type]

    assert isinstance(first, Issued)
    assert isinstance(same, Issued)
    assert (same.invoice, same.again) == (first.invoice, True)
    assert code_of(above) == "credit_quantity"
    assert code_of(nothing) == "credit_nothing"
    assert code_of(below) == "credit_quantity"
    assert code_of(price) == "credit_above_line"
    assert market.broken() == set()


@SQLITE
def test_a_credit_note_has_nothing_of_the_lines_that_it_names_with_zero(market: Market) -> None:
    made = billed(market, delivered(market, ("TEA", 5), ("RICE", 4)))

    note = credited(market, made.invoice, Credited(back={1: 0, 2: 3}, prices={1: 0}))

    assert isinstance(note, Issued)
    lines = "SELECT of_line, quantity FROM invoice_line WHERE invoice_id = :i"
    assert market.rows(lines, i=note.invoice) == [(2, 3)]
    assert market.broken() == set()


@SQLITE
def test_free_goods_that_are_not_earned_any_more_come_back_or_are_charged(market: Market) -> None:
    made = billed(market, delivered(market, ("RICE", 10)))

    kept = credited(market, made.invoice, Credited(back={1: 3}))
    charged = credited(market, made.invoice, Credited(back={1: 3}, charged={2: 1}))

    assert isinstance(kept, Refused)
    assert isinstance(charged, Issued)
    assert open_of(market, made.number) == 50000 - 15000 + 8000
    assert market.broken() == set()


@SQLITE
def test_a_free_unit_comes_back_with_its_batch(market: Market) -> None:
    made = billed(market, delivered(market, ("RICE", 10)))
    before = market.rows("SELECT on_hand FROM batch WHERE code = 'H1'")

    done = credited(market, made.invoice, Credited(back={1: 3, 2: 1}))

    assert isinstance(done, Issued)
    assert open_of(market, made.number) == 35000
    assert market.rows("SELECT on_hand FROM batch WHERE code = 'H1'") == [(before[0][0] + 1,)]
    assert market.broken() == set()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_workers_never_bill_an_order_twice(market: Market, tmp_path: Path) -> None:
    orders = [order_id(market, market.place(("SOAP", n)).order) for n in range(1, 9)]
    start, made = threading.Barrier(2), []
    hubs = [
        build_hub(Settings(folder=tmp_path, database=market.url), clock=FakeClock())
        for _ in range(2)
    ]

    def work(acts: InvoiceActs) -> None:
        start.wait(DEADLINE_S)
        made.extend([acts.make(orders=[order], by="asha", scope=EVERYTHING) for order in orders])

    threads = [threading.Thread(target=work, args=(hub.ground.part(InvoiceActs),)) for hub in hubs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()

    assert sum(isinstance(one, Issued) for one in made) == len(orders)
    assert len(made) == 2 * len(orders)
    assert market.broken() == set()
