"""Orders that were delivered in part: what is owed, counted, billed, credited and ordered again."""

from typing import Final

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import OrderedAgain
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.invoices.model.crediting import Credited
from hub.desk.invoices.model.events import Issued
from hub.desk.orders.model.request import Requester
from hub.desk.payments.model import Taken
from tests.builders.claims import fund, given
from tests.builders.delivered import begin, buckets, recorded, sent, status_of
from tests.builders.market import Market
from tests.builders.money import (
    BY,
    account_of,
    billed,
    credited,
    invoices_of,
    open_of,
    paid,
    payments_of,
)

RAVI: Final = Requester("user", "ravi")


def part(market: Market, *lines: tuple[str, int], back: int, bill: bool = False) -> tuple[str, int]:
    """Bring an order of which some of the first line comes back good; give order and note."""
    order = market.place(*lines, terminal="shop-2").order
    if bill:
        billed(market, order)
    note = sent(market, order).notes[0]
    outcome = (LineOutcome(1, 0, back=back, reason="refused"),)
    recorded(market, note, AskedOutcome(lines=outcome, receiver="Asha"))
    return order, note


def assert_books_agree(market: Market) -> None:
    """Have the audit say what is broken, where something is."""
    assert [fault for one in market.audit().kept for fault in one.faults] == []


def counted(market: Market, rule: str) -> tuple[int, int]:
    """Give the uses and the money of a scheme in all."""
    rows = market.rows(
        "SELECT used, spent FROM scheme_counter WHERE rule = :r AND scope = 'total'", r=rule
    )
    return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)


def test_an_order_owes_and_counts_for_what_was_delivered(market: Market) -> None:
    order, _ = part(market, ("SOAP", 12), back=4)

    assert account_of(market)[0] == 8_000  # eight at 10.00: the scheme begins at ten
    assert counted(market, "SCH-LAUNCH") == (0, 0)
    invoice = billed(market, order)
    assert open_of(market, invoice.number) == 8_000
    assert account_of(market)[:2] == (8_000, 8_000)
    assert status_of(market, order) == "invoiced"
    assert_books_agree(market)


def test_goods_of_a_part_delivery_come_back_at_what_they_were_billed_for(market: Market) -> None:
    order, _ = part(market, ("SOAP", 20), back=4)
    invoice = billed(market, order)
    before = buckets(market, "S1")

    note = credited(market, invoice.invoice, Credited(back={1: 16}))

    assert isinstance(note, Issued)
    assert open_of(market, invoice.number) == 0
    assert account_of(market)[0] == 0
    assert counted(market, "SCH-LAUNCH") == (0, 0)
    assert buckets(market, "S1")[0] == before[0] + 16
    assert_books_agree(market)


def test_what_was_billed_and_never_came_is_credited_without_goods(market: Market) -> None:
    order, _ = part(market, ("TEA", 12), back=5, bill=True)
    stock = buckets(market, "T-EARLY"), buckets(market, "T-LATE")
    invoice = int(market.rows("SELECT id FROM invoice")[0][0])

    too_many = credited(market, invoice, Credited(back={1: 6}, shelf={1: "absent"}))
    as_goods = credited(market, invoice, Credited(back={1: 8}))
    done = credited(market, invoice, Credited(back={1: 5}, shelf={1: "absent"}))

    assert isinstance(too_many, Refused)
    assert too_many.reasons[0].code == "credit_not_absent"
    assert isinstance(as_goods, Refused)
    assert as_goods.reasons[0].code == "credit_never_came"
    assert isinstance(done, Issued)
    assert (buckets(market, "T-EARLY"), buckets(market, "T-LATE")) == stock
    assert account_of(market)[0] == 7 * 11_000
    assert status_of(market, order) == "invoiced"
    assert_books_agree(market)


def test_a_cancelled_credit_note_takes_its_goods_and_its_money_back(market: Market) -> None:
    order, _ = part(market, ("SOAP", 12), back=0)
    invoice = billed(market, order)
    stock, owed = buckets(market, "S1"), account_of(market)
    note = credited(market, invoice.invoice, Credited(back={1: 5}))
    assert isinstance(note, Issued)
    assert counted(market, "SCH-LAUNCH") == (0, 0)

    done = invoices_of(market).cancel(note.invoice, why="not his", by=BY, scope=EVERYTHING)
    again = invoices_of(market).cancel(note.invoice, why="not his", by=BY, scope=EVERYTHING)

    assert isinstance(done, Issued)
    assert isinstance(again, Issued)
    assert again.again
    assert (buckets(market, "S1"), account_of(market)) == (stock, owed)
    assert counted(market, "SCH-LAUNCH") == (1, 500)
    assert isinstance(credited(market, invoice.invoice, Credited(back={1: 5})), Issued)
    assert_books_agree(market)


def test_the_rest_is_ordered_again_once(market: Market) -> None:
    _, note = part(market, ("TEA", 12), back=5)
    again = market.deliveries.order_rest

    first = again(note, by=RAVI, scope=EVERYTHING)
    second = again(note, by=RAVI, scope=EVERYTHING)

    assert isinstance(first, OrderedAgain)
    assert isinstance(second, OrderedAgain)
    assert (first.number, second.again) == (second.number, True)
    assert status_of(market, first.order) == "allocated"
    assert account_of(market)[0] == 12 * 11_000
    assert_books_agree(market)


@pytest.mark.parametrize("mode", ["cash", "cheque"])
def test_a_payment_typed_by_mistake_is_voided(market: Market, mode: str) -> None:
    order, _ = part(market, ("TEA", 2), back=0)
    invoice = billed(market, order)
    owed = account_of(market)
    money = paid(market, "150.00", mode=mode, reference="R-1")
    void = payments_of(market).void

    done = void(money.payment, why="typed twice", by=BY, scope=EVERYTHING)
    again = void(money.payment, why="typed twice", by=BY, scope=EVERYTHING)

    assert isinstance(done, Taken)
    assert isinstance(again, Taken)
    assert again.again
    assert account_of(market) == owed
    assert open_of(market, invoice.number) == 22_000
    assert paid(market, "150.00", mode=mode, reference="R-1").payment != money.payment
    assert_books_agree(market)


def test_what_never_came_of_an_order_has_no_funder_pay_for_it(market: Market) -> None:
    fund(market)
    order = market.place(("TEA", 10), ("SOAP", 20)).order
    wave = begin(market, order)
    for said in ("6*TEA", "20*SOAP", "HONEY"):
        market.deliveries.pick.scan(wave.wave, said, by=BY, scope=EVERYTHING)
    market.deliveries.finish(wave.notes, by=BY, scope=EVERYTHING)
    market.deliveries.dispatch(wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)
    recorded(market, wave.notes[0], AskedOutcome(receiver="Asha"))

    invoice = billed(market, order)
    part = given(market)
    credited(market, invoice.invoice, Credited(back={2: 1, 3: 1}))
    back = given(market)

    # Six tea have 10 % of 600.00, and no 5 % of HIVE, which ten would have.
    assert part == {
        ("SCH-BILL", "LEAF"): 1_080 + 390,
        ("SCH-GIFT", "HIVE"): 8_000,
        ("SCH-LAUNCH", ""): 500,
        ("SCH-LEAF", "LEAF"): 6_000,
    }
    assert back == part | {("SCH-BILL", "LEAF"): 1_450, ("SCH-GIFT", "HIVE"): 0}
    assert market.broken() == set()
