"""Statements of a bank: nothing is booked until a person says whose a row is, and then once."""

from hub.base.access import EVERYTHING, Scope
from hub.base.fields import Refused
from tests.builders.bank import acts_of, confirm, row_of, shown, taken
from tests.builders.market import Market
from tests.builders.money import (
    BY,
    account_of,
    billed,
    delivered,
    open_of,
    paid,
    payments_of,
)
from tests.suites.hub.test_invoices import code_of


def test_a_row_is_booked_once_when_a_person_confirms_it(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 2), ("SOAP", 3)))
    open_ = open_of(market, invoice.number)
    statement = taken(market, f"20/11/2026,NEFT SECOND SHOP {invoice.number},N77001,,250.00,250.00")
    assert isinstance(statement, int)
    before = row_of(market, statement)
    untouched = open_of(market, invoice.number)

    done = confirm(market, statement, row_0=before.match.candidates[0].choice)
    again = confirm(market, statement, row_0="C2")
    file = taken(market, f"20/11/2026,NEFT SECOND SHOP {invoice.number},N77001,,250.00,250.00")

    assert before.match.found == "matched"
    assert untouched == open_
    assert done == 1
    assert isinstance(again, Refused)
    assert again.reasons[0].code == "bank_row_settled"
    assert isinstance(file, Refused)
    assert file.reasons[0].code == "bank_known"
    assert open_of(market, invoice.number) == open_ - 25_000
    assert market.rows("SELECT count(*), sum(amount) FROM payment") == [(1, 25_000)]
    assert row_of(market, statement).customer == "Second Shop"
    assert market.broken() == set()


def test_a_cheque_that_may_have_come_back_is_still_to_be_confirmed(market: Market) -> None:
    paid(market, "100.00", mode="cheque", reference="004512")
    statement = taken(
        market,
        "20/11/2026,CHQ RETURN,004512,100.00,,-100.00",
        "20/11/2026,CHQ RETURN CHARGES,,118.00,,-218.00",
    )
    waits = shown(market, statement).head.open

    confirm(market, statement, row_0=row_of(market, statement).match.candidates[0].choice)

    assert (waits, shown(market, statement).head.open) == (1, 0)


def test_a_later_file_brings_only_what_is_new(market: Market) -> None:
    first = taken(market, "13/11/2026,A,,,5.00,5.00", "14/11/2026,B,,,6.00,11.00")
    second = taken(market, "14/11/2026,B,,,6.00,11.00", "15/11/2026,C,,,7.00,18.00")

    assert len(shown(market, first).rows) == 2
    assert [one.narration for one in shown(market, second).rows] == ["C"]
    assert shown(market, second).head.known == 1


def test_a_cheque_that_was_taken_is_cleared_and_no_second_payment(market: Market) -> None:
    invoice = billed(market, delivered(market, ("TEA", 2)))
    cheque = paid(market, "100.00", mode="cheque", reference="004512")
    statement = taken(market, "20/11/2026,CLG CHQ,004512,,100.00,100.00")
    assert isinstance(statement, int)

    choice = row_of(market, statement).match.candidates[0].choice
    done = confirm(market, statement, row_0=choice)

    assert (choice, done) == (f"={cheque.number}", 1)
    assert market.rows("SELECT state FROM payment") == [("cleared",)]
    assert account_of(market)[1:] == (22_000 - 10_000, 0)
    assert open_of(market, invoice.number) == 12_000
    assert market.broken() == set()


def test_a_cleared_cheque_that_comes_back_is_owed_again_and_both_rows_stay_told(
    market: Market,
) -> None:
    invoice = billed(market, delivered(market, ("TEA", 2)))
    cheque = paid(market, "100.00", mode="cheque", reference="004512")
    statement = taken(
        market,
        "18/11/2026,CLG CHQ,004512,,100.00,100.00",
        "20/11/2026,CHQ RETURN FUNDS INSUFFICIENT,004512,100.00,,0.00",
    )

    offered = [row_of(market, statement, n).match.candidates[0].by for n in (0, 1)]
    done = confirm(market, statement, row_0=f"={cheque.number}", row_1=f"={cheque.number}")
    late = acts_of(market).leave(
        shown(market, statement).head.id, row_of(market, statement, 1).id,
        why="x", by=BY, scope=EVERYTHING,
    )  # fmt: skip

    assert (offered, done) == (["reference", "returned"], 2)
    assert [one.state for one in shown(market, statement).rows] == ["booked", "returned"]
    assert isinstance(late, Refused)
    assert market.rows("SELECT state FROM payment") == [("bounced",)]
    assert open_of(market, invoice.number) == 22_000
    assert account_of(market)[1:] == (22_000, 0)
    told = "SELECT new, why FROM history WHERE noun = 'payment' ORDER BY id"
    assert market.rows(told)[-1] == ('"bounced"', "CHQ RETURN FUNDS INSUFFICIENT")
    assert market.broken() == set()


def test_a_row_that_went_out_is_no_money_of_a_customer_and_one_cheque_comes_back_once(
    market: Market,
) -> None:
    cheque = paid(market, "100.00", mode="cheque", reference="004512")
    upi = paid(market, "100.00", mode="upi", reference="UPI-123456")
    rows = [f"20/11/2026,CHQ RETURN,004512,100.00,,-{n}00.00" for n in (1, 2)]
    statement = taken(market, *rows)

    wrong = [confirm(market, statement, row_0=one) for one in ("C2", f"={upi.number}")]
    both = confirm(market, statement, row_0=f"={cheque.number}", row_1=f"={cheque.number}")
    done = confirm(market, statement, row_0=f"={cheque.number}")

    assert [code_of(one) for one in wrong] == ["bank_choice_unknown"] * 2
    assert code_of(both) == "payment_bounced"
    assert done == 1
    assert market.broken() == set()


def test_who_sees_several_sellers_says_whose_account_it_is(market: Market) -> None:
    market.load(sellers="code,name,kind,parent\nNORTH,North Trade,distributor,\n")
    row = "13/11/2026,A,,,5.00,5.00"

    open_ = taken(market, row)
    north = taken(market, row, seller="NORTH")
    twice = taken(market, row, seller="NORTH")
    other = taken(market, row, seller="@house")

    assert code_of(open_) == "bank_seller_missing"
    assert isinstance(open_, Refused)
    assert open_.reasons[0].params == {"sellers": ["@house", "NORTH"]}
    assert shown(market, north).head.seller == "North Trade"
    assert code_of(twice) == "bank_known"
    assert isinstance(other, int)


def test_what_one_row_lacks_leaves_all_rows_as_they_were(market: Market) -> None:
    statement = taken(market, "13/11/2026,A,,,5.00,5.00", "14/11/2026,B,,,6.00,11.00")
    assert isinstance(statement, int)

    done = confirm(market, statement, row_0="C2", row_1="NOBODY")

    assert isinstance(done, Refused)
    assert done.reasons[0].code == "bank_choice_unknown"
    assert market.rows("SELECT count(*) FROM payment") == [(0,)]


def test_a_payment_that_is_voided_leaves_its_row_open_to_be_booked_again(market: Market) -> None:
    statement = taken(market, "13/11/2026,A,,,5.00,5.00")
    assert isinstance(statement, int)
    confirm(market, statement, row_0="C2")
    payment = row_of(market, statement).payment
    assert payment is not None

    payments_of(market).void(payment, why="another shop's", by=BY, scope=EVERYTHING)
    open_ = row_of(market, statement).state
    done = confirm(market, statement, row_0="C1")

    assert (open_, done) == ("open", 1)
    assert row_of(market, statement).customer == "First Shop"
    assert market.broken() == set()


def test_a_row_is_left_out_with_a_reason_and_looked_at_again(market: Market) -> None:
    statement = taken(market, "13/11/2026,INTEREST,,,5.00,5.00")
    assert isinstance(statement, int)
    row, leave = row_of(market, statement).id, acts_of(market).leave

    silent = leave(statement, row, why=" ", by=BY, scope=EVERYTHING)
    left = leave(statement, row, why="interest", by=BY, scope=EVERYTHING)
    twice = leave(statement, row, why="interest", by=BY, scope=EVERYTHING)
    state = row_of(market, statement).state
    again = leave(statement, row, why="", again=True, by=BY, scope=EVERYTHING)

    assert isinstance(silent, Refused)
    assert (left, twice, state, again) == (True, False, "left", True)
    assert row_of(market, statement).state == "open"
    assert market.rows("SELECT why FROM history WHERE noun = 'bank_row' ORDER BY id") == [
        ("interest",),
        ("",),
    ]


def test_who_sees_no_seller_takes_and_sees_no_statement(market: Market) -> None:
    statement = taken(market, "13/11/2026,A,,,5.00,5.00")
    assert isinstance(statement, int)
    row = row_of(market, statement).id

    other = taken(market, "15/11/2026,C,,,7.00,18.00", scope=Scope())
    done = acts_of(market).confirm(statement, {row: "C2"}, by=BY, scope=Scope())

    assert isinstance(other, Refused)
    assert isinstance(done, Refused)
    assert done.reasons[0].code == "bank_unknown"


def test_the_audit_names_a_row_that_is_booked_as_other_money(market: Market) -> None:
    statement = taken(market, "13/11/2026,A,,,5.00,5.00")
    assert isinstance(statement, int)
    confirm(market, statement, row_0="C2")

    market.change("UPDATE bank_row SET amount = amount + 1")

    assert market.broken() == {"bank_booked"}


def test_the_audit_names_a_returned_cheque_that_is_other_money(market: Market) -> None:
    cheque = paid(market, "100.00", mode="cheque", reference="004512")
    statement = taken(market, "20/11/2026,CHQ RETURN,004512,100.00,,-100.00")
    confirm(market, statement, row_0=f"={cheque.number}")
    before = market.broken()

    market.change("UPDATE bank_row SET amount = amount + 1")

    assert (before, market.broken()) == (set(), {"bank_booked"})


def test_a_payment_is_the_money_of_one_row_alone(market: Market) -> None:
    upi = paid(market, "100.00", mode="upi", reference="UPI-123456")
    rows = ("20/11/2026,UPI,UPI123456,,100.00,100.00", "20/11/2026,UPI,OTHER,,100.00,200.00")
    statement, choice = taken(market, *rows), f"={upi.number}"

    both = confirm(market, statement, row_0=choice, row_1=choice)
    done = confirm(market, statement, row_0=choice)
    late = confirm(market, statement, row_1=choice)

    assert done == 1
    for refused in (both, late):
        assert isinstance(refused, Refused)
        assert refused.reasons[0].code == "bank_payment_booked"
        assert refused.reasons[0].params == {"number": upi.number}
    assert market.rows("SELECT state FROM bank_row ORDER BY id") == [("booked",), ("open",)]


def test_rows_that_name_one_invoice_pay_the_rest_of_what_is_due(market: Market) -> None:
    first = billed(market, delivered(market, ("TEA", 1)))
    second = billed(market, delivered(market, ("TEA", 1)))
    rows = [f"20/11/2026,NEFT {first.number},N{n},,100.00,{n}00.00" for n in range(1, 4)]
    statement = taken(market, *rows)
    choice = row_of(market, statement).match.candidates[0].choice

    done = confirm(market, statement, row_0=choice, row_1=choice, row_2="C2")
    paid_ = open_of(market, first.number), open_of(market, second.number)
    more = taken(market, f"20/11/2026,CASH {first.number},N9,,1.00,301.00")
    stale = confirm(market, more, row_0=choice)

    assert (done, paid_) == (3, (0, 0))
    assert isinstance(stale, Refused)
    assert stale.reasons[0].params == {"document": first.number}
    assert market.broken() == set()


def test_a_bank_that_writes_the_payer_as_reference_pays_twice_and_a_second_file_not(
    market: Market,
) -> None:
    first = taken(market, "18/11/2026,BY TRANSFER,TRANSFER FROM RAM,,100.00,100.00")
    later = taken(market, "19/11/2026,BY TRANSFER,TRANSFER FROM RAM,,100.00,200.00")
    other = taken(market, "19/11/2026,BY  TRANSFER.,TRANSFER FROM RAM,,100.00,")

    done = [confirm(market, one, row_0="C2") for one in (first, later)]
    again = confirm(market, other, row_0="C2")

    assert done == [1, 1]
    assert isinstance(again, Refused)
    assert again.reasons[0].code == "payment_reference_used"


def test_a_day_to_come_is_no_day_of_a_statement(market: Market) -> None:
    done = taken(market, "13/11/2026,A,,,5.00,5.00", "13/12/2026,B,,,5.00,10.00")

    assert isinstance(done, Refused)
    assert (done.reasons[0].code, done.reasons[0].field) == ("bank_day_ahead", "line 3")
