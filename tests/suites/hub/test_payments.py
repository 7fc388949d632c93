"""Payments: over many invoices, in part, in advance; cheques that bounce; what is overdue."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.base.listing import Wanted
from hub.desk.accounts.model import Ages
from hub.desk.accounts.reads import read_ages, read_statement
from hub.desk.orders.reads.listing import NEWEST_FIRST, list_orders
from hub.desk.payments.acts import PaymentActs
from hub.desk.payments.model import Taken
from hub.desk.payments.reads.payments import PaymentDetail, read_payment_record
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.market import FakeClock, Market, new_uuid, packed
from tests.builders.money import (
    account_of,
    billed,
    delivered,
    open_of,
    paid,
    payments_of,
    try_pay,
)
from tests.suites.hub.test_invoices import DEADLINE_S, SQLITE, code_of

DAY_MS = 24 * 3_600_000
OVERDUE = """
credit:
  - {id: CR-LATE, text: late, overdue: {limit: 0.00, grace_days: 2}, then: stop}
"""


def with_terms(market: Market, days: int) -> None:
    """Give the second customer terms."""
    market.change(
        "UPDATE customer_profile SET terms_days = :d, terms_from = 'invoice' WHERE party_id IN "
        "(SELECT id FROM party WHERE code = 'C2')",
        d=days,
    )


def word_of(market: Market, order: str, today: date) -> str:
    """Give how an order is paid, as the list says."""
    with market.database.read() as connection:
        page = list_orders(connection, Wanted(NEWEST_FIRST), today=today, scope=EVERYTHING)
    return next(row.paid for row in page.rows if row.uuid == order)


@SQLITE
def test_money_pays_what_is_due_first_and_the_rest_is_on_account(market: Market) -> None:
    first = billed(market, market.place(("TEA", 1)).order)
    second = billed(market, market.place(("TEA", 2)).order)

    paid(market, "200.00")
    more = paid(market, "201.00")

    assert (open_of(market, first.number), open_of(market, second.number)) == (0, 0)
    assert account_of(market) == (-7100, -7100, 0)
    assert open_of(market, more.number) == -20100 - 13000
    assert market.broken() == set()


@SQLITE
def test_an_advance_pays_nothing_until_it_is_allocated(market: Market) -> None:
    advance = paid(market, "100.00", oldest="")
    made = billed(market, market.place(("TEA", 1)).order)
    allocate = payments_of(market).allocate

    before = open_of(market, made.number)
    done = allocate(advance.payment, {}, oldest=True, by="asha", scope=EVERYTHING)
    again = allocate(advance.payment, {}, oldest=True, by="asha", scope=EVERYTHING)

    assert (before, open_of(market, made.number)) == (11000, 1000)
    assert isinstance(done, Taken)
    assert code_of(again) == "payment_left"
    assert market.broken() == set()


@SQLITE
def test_a_reference_used_twice_is_asked_about_and_a_part_never_above_what_is_open(
    market: Market,
) -> None:
    made = billed(market, market.place(("TEA", 1)).order)
    (((document),),) = market.rows("SELECT document_id FROM invoice")
    paid(market, "50.00", mode="upi", reference="UTR 12-34")

    twice = try_pay(market, "50.00", mode="upi", reference="utr1234")
    meant = try_pay(market, "50.00", mode="upi", reference="utr1234", anyway=True)
    above = try_pay(market, "20.00", anyway=False, oldest="", **{f"part.{document}": "20.00"})

    assert code_of(twice) == "payment_reference_used"
    assert isinstance(meant, Taken)
    assert code_of(above) == "payment_part_above"
    assert open_of(market, made.number) == 1000


@SQLITE
def test_a_form_sent_twice_is_one_payment(market: Market) -> None:
    take, said = payments_of(market).take, {"amount": "5.00", "mode": "cash"}

    first = take("C2", said, key="k", by="asha", scope=EVERYTHING)
    second = take("C2", said, key="k", by="asha", scope=EVERYTHING)
    other = take("C2", {**said, "amount": "6.00"}, key="k", by="asha", scope=EVERYTHING)

    assert isinstance(first, Taken)
    assert isinstance(second, Taken)
    assert (second.payment, second.again) == (first.payment, True)
    assert code_of(other) == "payment_key_used"


@SQLITE
def test_a_cheque_is_owed_until_it_is_cleared_and_open_again_from_the_day_it_bounces(
    market: Market,
) -> None:
    with_terms(market, 1)
    made = billed(market, market.place(("TEA", 1)).order)
    cheque = paid(market, "110.00", mode="cheque", reference="77")
    in_hand = account_of(market)
    market.clock.ms += 10 * DAY_MS
    told = ages_on(market, date(2026, 11, 30))

    payments_of(market).cheque(cheque.payment, "bounced", by="asha", scope=EVERYTHING)

    assert in_hand == (11000, 11000, 11000)
    assert open_of(market, made.number) == 11000
    assert account_of(market) == (11000, 11000, 0)
    assert ages_on(market, date(2026, 11, 30)) == told == Ages()
    assert ages_on(market, date(2026, 12, 1)).overdue == 11000
    moved = payments_of(market).cheque(cheque.payment, "cleared", by="asha", scope=EVERYTHING)
    assert code_of(moved) == "payment_state"
    assert market.broken() == set()


@SQLITE
def test_a_cheque_that_was_cleared_bounces_and_a_month_that_is_over_stays_as_it_was(
    market: Market,
) -> None:
    with_terms(market, 1)
    made = billed(market, market.place(("TEA", 1)).order)
    cheque = paid(market, "150.00", mode="cheque", reference="77")
    move = payments_of(market).cheque
    move(cheque.payment, "cleared", by="asha", scope=EVERYTHING)
    back = payments_of(market).refund(
        cheque.payment, {"amount": "40.00", "mode": "cash"}, key="r", by="asha", scope=EVERYTHING
    )
    cleared = (open_of(market, made.number), account_of(market))
    market.clock.ms += 10 * DAY_MS
    told = ages_on(market, date(2026, 11, 30))

    why = "funds insufficient"
    done = move(cheque.payment, "bounced", why=why, by="asha", scope=EVERYTHING)
    again = move(cheque.payment, "bounced", by="sunil", scope=EVERYTHING)

    assert isinstance(back, Taken)
    assert cleared == (0, (0, 0, 0))
    assert isinstance(done, Taken)
    assert isinstance(again, Taken)
    assert (done.again, again.again) == (False, True)
    assert open_of(market, made.number) == 11000
    assert account_of(market) == (15000, 15000, 0)  # what was given back is owed, too
    assert ages_on(market, date(2026, 11, 30)) == told == Ages()
    changes = "SELECT old, new, who, why FROM history WHERE noun = 'payment' ORDER BY id"
    assert market.rows(changes)[-1] == ('"cleared"', '"bounced"', "asha", why)
    returned, given = record_of(market, cheque), record_of(market, back)
    assert (returned.settled_why, returned.row.left, returned.debits) == (why, 0, ())
    assert (given.owed, given.row.left, given.debits) == (4000, 0, ())
    assert market.broken() == set()
    paid(market, "150.00", oldest="1")
    assert account_of(market) == (0, 0, 0)


@SQLITE
def test_the_counter_hears_once_which_invoices_a_returned_cheque_leaves_open(
    market: Market,
) -> None:
    first = billed(market, market.place(("TEA", 1)).order)
    last = market.place(("RICE", 2))
    second = billed(market, last.order)
    cheque = paid(market, "200.00", mode="cheque", reference="77")
    move = payments_of(market).cheque

    for _ in range(2):
        move(cheque.payment, "bounced", why="funds insufficient", by="asha", scope=EVERYTHING)
        market.hub.jobs.run_due("test")

    notice = market.newest_notice()
    assert (notice.term, notice.data.order, notice.data.revision) == ("shop-2", last.order, 3)
    assert [one.text for one in notice.data.reasons] == [
        (
            "the bank returned cheque 77 over 200.00; to be paid again: "
            f"{first.number}, {second.number}; owed in all: 210.00: funds insufficient"
        )
    ]
    made = "SELECT made_by FROM order_revision WHERE cause = 'cheque_returned'"
    assert market.rows(made) == [("asha",)]
    assert market.broken() == set()


@SQLITE
def test_a_cheque_that_paid_no_invoice_is_told_by_the_newest_order_that_left(
    market: Market,
) -> None:
    cheque = paid(market, "90.00", mode="cheque", reference="78", oldest="")
    payments_of(market).cheque(cheque.payment, "bounced", by="asha", scope=EVERYTHING)
    market.hub.jobs.run_due("test")
    silent = market.rows("SELECT count(*) FROM outbox WHERE kind = 'notice'")
    brought = delivered(market, ("RICE", 1))

    cheque = paid(market, "90.00", mode="cheque", reference="79", oldest="")
    payments_of(market).cheque(cheque.payment, "bounced", by="asha", scope=EVERYTHING)
    market.hub.jobs.run_due("test")

    assert silent == [(0,)]
    told = market.newest_notice().data
    assert (told.order, told.reasons[0].code) == (brought, "cheque_returned_alone")
    assert told.reasons[0].text == ("the bank returned cheque 79 over 90.00; owed in all: 0.00")
    assert market.broken() == set()


def record_of(market: Market, taken: Taken) -> PaymentDetail:
    """Read a payment as its page and its programs do."""
    with market.database.read() as connection:
        found = read_payment_record(connection, taken.payment, scope=EVERYTHING)
    assert found is not None
    return found


@SQLITE
def test_money_dated_before_its_invoice_does_not_settle_it_before_it_was_there(
    market: Market,
) -> None:
    with_terms(market, 1)
    market.clock.ms += 2 * DAY_MS
    made = billed(market, market.place(("TEA", 1)).order)

    early = paid(market, "110.00", paid_on="2026-11-21")

    assert record_of(market, early).row.paid_on == date(2026, 11, 21)
    assert open_of(market, made.number) == 0
    days = (date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23))
    assert [ages_on(market, day) for day in days] == [Ages()] * len(days)
    late = try_pay(market, "5.00", paid_on="2026-11-24")
    assert code_of(late) == "payment_day_ahead"
    assert market.broken() == set()


@SQLITE
def test_money_dated_into_a_year_that_is_over_is_booked_today_and_changes_nothing_of_that_year(
    market: Market,
) -> None:
    last, first = date(2027, 3, 31), date(2027, 4, 1)
    with_terms(market, 1)
    market.clock.ms += (date(2027, 3, 29) - date(2026, 11, 21)).days * DAY_MS
    made = billed(market, market.place(("TEA", 1)).order)
    market.clock.ms += 3 * DAY_MS
    told = ages_on(market, last)

    money = paid(market, "110.00", paid_on=last.isoformat())

    row = record_of(market, money).row
    assert (row.paid_on, row.day) == (last, first)
    assert row.number.startswith("PAY27-28/")
    assert open_of(market, made.number) == 0
    assert told.overdue == 11000
    assert (ages_on(market, last), ages_on(market, first)) == (told, Ages())
    assert market.broken() == set()


@SQLITE
@pytest.mark.parametrize("amount", ["0", "0.00", "-5.00", "-0.01", "(5.00)", ""])
def test_money_of_nothing_or_less_is_none(market: Market, amount: str) -> None:
    billed(market, market.place(("TEA", 1)).order)

    refused = try_pay(market, amount)

    assert isinstance(refused, Refused)
    assert [one.field for one in refused.reasons] == ["amount"]
    assert market.rows("SELECT count(*) FROM payment") == [(0,)]


@SQLITE
def test_a_reason_is_kept_to_its_last_letter(market: Market) -> None:
    """500 letters are what people and programs may give: none of them is cut off."""
    why = "the bank says so, " * 27 + "and no more"
    acts = payments_of(market)
    who: dict[str, Any] = {"by": "asha", "scope": EVERYTHING}
    cheque, other = (
        paid(market, "50.00", mode="cheque", reference=one, oldest="") for one in ("80", "81")
    )

    acts.cheque(cheque.payment, "bounced", why=why, **who)
    acts.void(other.payment, why=why, **who)
    acts.write_off.set_limit("25.00", why=why, by="asha")

    told = {row[0] for row in market.rows("SELECT why FROM history WHERE why <> ''")}
    assert (len(why), told) == (497, {why})
    assert market.rows("SELECT settled_why FROM payment WHERE state = 'voided'") == [(why,)]


@SQLITE
def test_only_a_cheque_bounces(market: Market) -> None:
    upi = paid(market, "50.00", mode="upi", reference="UTR-1")

    moved = payments_of(market).cheque(upi.payment, "bounced", by="asha", scope=EVERYTHING)

    assert code_of(moved) == "payment_state"


def ages_on(market: Market, day: date) -> Ages:
    """Read what the second customer owed on a day."""
    with market.database.read() as connection:
        return read_ages(connection, "C2", on=day, basis="due", scope=EVERYTHING)


@SQLITE
def test_the_statement_goes_from_what_was_owed_to_what_is(market: Market) -> None:
    billed(market, market.place(("TEA", 1)).order)
    market.clock.ms += DAY_MS
    cheque = paid(market, "110.00", mode="cheque", reference="77")
    market.clock.ms += DAY_MS
    payments_of(market).cheque(cheque.payment, "bounced", by="asha", scope=EVERYTHING)

    with market.database.read() as connection:
        first, last = date(2026, 11, 22), date(2026, 11, 23)
        found = read_statement(connection, "C2", first=first, last=last, scope=EVERYTHING)

    assert (found.opening, found.closing) == (11000, 11000)
    assert [(row.amount, row.balance, row.voided) for row in found.rows] == [
        (-11000, 0, False),
        (11000, 11000, True),
    ]


@SQLITE
def test_what_is_overdue_stops_the_next_order_at_once_and_its_payment_frees_it(
    market: Market,
) -> None:
    market.publish(packed(2, more=OVERDUE))
    with_terms(market, 5)
    order = market.place(("TEA", 1)).order
    billed(market, order)
    words = [word_of(market, order, date(2026, 11, 21))]

    market.clock.ms += 8 * DAY_MS
    words.append(word_of(market, order, date(2026, 11, 29)))
    late = market.place(("SOAP", 1))
    paid(market, "10.00")
    words.append(word_of(market, order, date(2026, 11, 26)))
    paid(market, "100.00")
    words.append(word_of(market, order, date(2026, 11, 29)))
    after = market.place(("SOAP", 1))

    assert words == ["unpaid", "overdue", "part", "paid"]
    assert (late.status, after.status) == ("rejected", "confirmed")
    assert market.broken() == set()


@SQLITE
def test_a_small_rest_is_written_off_with_a_reason_and_a_large_one_is_not(market: Market) -> None:
    made = billed(market, market.place(("TEA", 1)).order)
    write_off = payments_of(market).write_off

    large = write_off(made.invoice, why="old", by="asha", scope=EVERYTHING)
    paid(market, "105.00")
    without = write_off(made.invoice, why=" ", by="asha", scope=EVERYTHING)
    small = write_off(made.invoice, why="old", by="asha", scope=EVERYTHING)

    assert (code_of(large), code_of(without)) == ("write_off_above", "write_off_reason")
    assert isinstance(small, Taken)
    assert open_of(market, made.number) == 0
    assert account_of(market) == (0, 0, 0)
    assert market.broken() == set()


@SQLITE
def test_money_goes_back_out_of_what_is_on_account_and_no_more(market: Market) -> None:
    much = paid(market, "100.00")
    refund, said = payments_of(market).refund, {"mode": "bank", "reference": "R1"}

    above = refund(
        much.payment, {**said, "amount": "100.01"}, key=new_uuid(), by="asha", scope=EVERYTHING
    )
    done = refund(
        much.payment, {**said, "amount": "60.00"}, key=new_uuid(), by="asha", scope=EVERYTHING
    )

    assert code_of(above) == "payment_left"
    assert isinstance(done, Taken)
    assert account_of(market) == (-4000, -4000, 0)
    assert market.broken() == set()


@SQLITE
def test_opening_amounts_are_paid_like_invoices(market: Market) -> None:
    paid(market, "40.00", customer="C1")

    assert account_of(market, "C1") == (6000, 6000, 0)
    assert market.rows("SELECT amount, allocated FROM account_document WHERE kind = 'opening'") == [
        (10000, 4000)
    ]
    assert market.broken() == set()


@SQLITE
def test_a_delivery_of_cash_is_owed_until_it_is_paid(market: Market) -> None:
    order = market.place(("TEA", 1), payment="cash").order
    owed = account_of(market)
    billed(market, order)

    assert owed == (0, 0, 0)
    assert account_of(market) == (11000, 11000, 0)
    assert delivered(market, ("SOAP", 1))


def pay_at_once(market: Market, folder: Path, pay: Callable[[PaymentActs], None]) -> None:
    """Have two hubs on one database take payments at the same time."""
    start = threading.Barrier(2)
    hubs = [
        build_hub(Settings(folder=folder, database=market.url), clock=FakeClock()) for _ in range(2)
    ]

    def work(acts: PaymentActs) -> None:
        start.wait(DEADLINE_S)
        pay(acts)

    threads = [threading.Thread(target=work, args=(hub.ground.part(PaymentActs),)) for hub in hubs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    for hub in hubs:
        hub.close()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_one_sum_entered_by_two_people_at_once_is_taken_once_and_asked_about(
    market: Market, tmp_path: Path
) -> None:
    done = []
    said = {"amount": "10.00", "mode": "cash", "oldest": "1"}

    def pay(acts: PaymentActs) -> None:
        done.append(acts.take("C2", said, key=new_uuid(), by="asha", scope=EVERYTHING))

    pay_at_once(market, tmp_path, pay)

    (taken,) = [one for one in done if isinstance(one, Taken)]
    (asked,) = [one for one in done if isinstance(one, Refused)]
    assert code_of(asked) == "payment_alike"
    assert asked.reasons[0].params == {"number": taken.number}
    assert isinstance(try_pay(market, "10.00", anyway=True), Taken)
    assert market.broken() == set()


@SQLITE
def test_what_may_be_the_same_money_is_asked_about_for_ten_minutes(market: Market) -> None:
    paid(market, "10.00")
    paid(market, "20.00", reference="R-1")

    again = [
        try_pay(market, "10.00"),
        try_pay(market, "10.00", reference="R-2"),
        try_pay(market, "20.00", reference="R-3"),
        try_pay(market, "10.00", mode="upi", reference="UTR 2"),
        try_pay(market, "10.00", customer="C1"),
        try_pay(market, "11.00"),
    ]
    market.clock.ms += 10 * 60_000 + 1
    later = try_pay(market, "10.00")

    asked = [code_of(one) if isinstance(one, Refused) else None for one in again]
    assert asked == ["payment_alike", "payment_alike", None, None, None, None]
    assert isinstance(later, Taken)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_payments_never_pay_one_rest_twice(market: Market, tmp_path: Path) -> None:
    numbers = [billed(market, market.place(("SOAP", 1)).order).number for _ in range(6)]
    documents = [row[0] for row in market.rows("SELECT document_id FROM invoice ORDER BY id")]
    done = []

    def pay(acts: PaymentActs) -> None:
        for document in documents:
            said = {"amount": "10.00", "mode": "cash", f"part.{document}": "10.00"}
            key, by = new_uuid(), "asha"
            done.append(acts.take("C2", said, key=key, by=by, scope=EVERYTHING, anyway=True))

    pay_at_once(market, tmp_path, pay)

    assert sum(isinstance(one, Refused) for one in done) == len(numbers)
    assert [open_of(market, number) for number in numbers] == [0] * len(numbers)
    assert market.broken() == set()
