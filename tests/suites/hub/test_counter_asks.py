"""What a person at a counter asks the hub: the account, stock, to cancel an order."""

from typing import Any

import pytest

from broker.contract import AskData, Reply, ReplyData, decode_down, encode, up
from broker.contract.asking import AccountStanding, Ask
from hub.desk.orders.model.asked import AskedLine
from hub.desk.people.commands.proving import OPERATOR
from tests.builders.market import NOON, Market, new_uuid
from tests.suites.hub.test_intake import received, running
from tests.suites.hub.test_one_path import place


def ask(terminal: str = "shop-2", **asked: Any) -> Ask:
    return Ask(id=new_uuid(), term=terminal, boot=1, at=NOON, data=AskData(**asked))


def reply(market: Market, question: Ask) -> ReplyData:
    """Ask, and read what comes back to whoever asked."""
    outgoing = market.wire.answer(question)
    message = decode_down(outgoing.payload)
    assert isinstance(message, Reply)
    assert (outgoing.terminal, outgoing.kind, message.ref) == (
        question.term,
        "answer",
        question.id,
    )
    return message.data


def why_not(said: ReplyData) -> tuple[str, str]:
    assert said.refused is not None
    return said.refused.code, said.refused.text


def test_the_account_says_limit_what_is_owed_and_what_is_left(market: Market) -> None:
    market.place(("TEA", 2), terminal="shop-1")

    said = reply(market, ask("shop-1", what="account"))

    assert said.account == AccountStanding(
        currency="INR",
        scale=2,
        state="amount",
        limit=100_000,
        exposure=32_000,
        left=68_000,
        overdue=0,
        overdue_days=0,
        bills=1,
    )


@pytest.mark.parametrize(
    ("terminal", "state", "left"), [("shop-2", "none", None), ("shop-4", "cash_only", 0)]
)
def test_an_account_without_an_amount_has_no_limit_or_no_credit(
    market: Market, terminal: str, state: str, left: int | None
) -> None:
    account = reply(market, ask(terminal, what="account")).account

    assert account is not None
    assert (account.state, account.left) == (state, left)


def test_stock_is_what_may_be_sold_where_the_terminal_is_served(market: Market) -> None:
    market.place(("TEA", 8))

    tea, nothing = (reply(market, ask(what="stock", sku=sku)) for sku in ("TEA", "NONE"))

    assert (tea.sku, tea.available) == ("TEA", 102)  # the batch that has expired is not counted
    assert nothing.available == 0


def test_a_shop_cancels_its_order_by_the_number_on_the_slip(market: Market) -> None:
    answer = market.place(("TEA", 2), ("SOAP", 10))

    said = reply(market, ask(what="cancel", order=answer.number))

    assert (said.refused, said.order) == (None, answer.number)
    notice = market.newest_notice()
    assert (notice.term, notice.data.order, notice.data.status) == (
        "shop-2",
        answer.order,
        "cancelled",
    )
    assert [reason.text for reason in notice.data.reasons] == ["cancelled at the counter shop-2"]
    assert market.rows("SELECT sum(reserved) FROM batch") == [(0,)]
    assert market.rows("SELECT made_by FROM order_revision WHERE revision = 2") == [
        ("terminal shop-2",)
    ]
    assert market.broken() == set()


def test_asking_twice_cancels_once(market: Market) -> None:
    answer = market.place(("TEA", 2))
    question = ask(what="cancel", order=answer.order)

    first, second = reply(market, question), reply(market, question)

    assert first == second
    assert market.rows("SELECT count(*) FROM order_revision") == [(2,)]


def test_an_order_that_staff_placed_for_the_shop_is_cancelled_too(market: Market) -> None:
    order = place(market, "staff", AskedLine("TEA", 2))
    ((number,),) = market.rows("SELECT number FROM order_")

    said = reply(market, ask(what="cancel", order=number))

    assert said.refused is None
    assert market.rows("SELECT status FROM order_ WHERE uuid = :u", u=order) == [("cancelled",)]


def test_nobody_cancels_the_order_of_another_customer(market: Market) -> None:
    answer = market.place(("TEA", 2), terminal="shop-2")

    for named in (answer.number, answer.order):
        said = reply(market, ask("shop-1", what="cancel", order=named))

        assert why_not(said) == ("order_unknown", f"there is no order {named}")
    assert market.rows("SELECT status FROM order_") == [("allocated",)]


@pytest.mark.parametrize(
    ("status", "code"),
    [("dispatched", "order_settled"), ("rejected", "order_settled"), ("draft", "order_unknown")],
)
def test_an_order_beyond_its_rules_is_not_cancelled(market: Market, status: str, code: str) -> None:
    answer = market.place(("TEA", 2))
    market.change("UPDATE order_ SET status = :s", s=status)

    said = reply(market, ask(what="cancel", order=answer.number))

    assert why_not(said)[0] == code


def test_goods_that_are_being_picked_are_told_in_words_for_a_shop(market: Market) -> None:
    answer = market.place(("TEA", 2))
    market.change("UPDATE order_ SET delivery = 'D-1'")

    said = reply(market, ask(what="cancel", order=answer.number))

    assert why_not(said) == (
        "counter_cancel_packed",
        "its goods are being picked already: call the distributor",
    )


@pytest.mark.parametrize("what", ["account", "stock", "cancel"])
def test_a_terminal_that_was_revoked_is_told_nothing(market: Market, what: str) -> None:
    market.enrol.revoke("shop-2", by=OPERATOR)

    assert why_not(reply(market, ask(what=what)))[0] == "counter_unknown"


def test_a_question_on_the_wire_is_answered_and_acknowledged(market: Market) -> None:
    with running(market) as (intake, link):
        topic = up("shop-1", "ask")
        intake.deliver(received(encode(ask("shop-1", what="account")), topic=topic))
        link.wait("publish", 1)
        link.wait("ack", 1)

    (message,) = link.messages()
    assert isinstance(message, Reply)
    assert message.data.account is not None
