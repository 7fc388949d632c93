"""Cancelling gives back everything an order holds, once."""

from collections.abc import Mapping

import msgspec

from broker.contract import Notice
from hub.desk.orders.deciding import Changed
from hub.desk.orders.model.events import Refused
from tests.builders.market import Market, new_uuid


def why_not(outcome: Changed | Refused) -> tuple[str, Mapping[str, object]]:
    """Give the code and the parameters of why nothing was done."""
    assert isinstance(outcome, Refused)
    return outcome.reason.code, outcome.reason.params


def test_cancelling_gives_stock_exposure_and_scheme_uses_back(market: Market) -> None:
    held_before = market.rows("SELECT rule, scope, used, spent FROM scheme_counter")
    answer = market.place(("TEA", 2), ("SOAP", 10), ("RICE", 10), terminal="shop-1")
    assert answer.status == "confirmed"

    market.orders.cancel(answer.order, why="shop closed", by="asha")

    assert held_before == []
    assert market.rows("SELECT sum(reserved) FROM batch") == [(0,)]
    assert market.rows("SELECT DISTINCT used, spent FROM scheme_counter") == [(0, 0)]
    assert market.rows(
        "SELECT exposure - opening_outstanding FROM customer_account ORDER BY exposure DESC"
    )[0] == (0,)
    assert market.broken() == set()


def test_what_was_given_back_can_be_sold_again(market: Market) -> None:
    first = market.place(("TEA", 110))
    market.orders.cancel(first.order, why="mistake", by="asha")

    second = market.place(("TEA", 110))

    assert second.status == "confirmed"


def test_cancelling_twice_is_refused_and_gives_nothing_back_again(market: Market) -> None:
    answer = market.place(("TEA", 2), terminal="shop-1")
    market.place(("TEA", 3), terminal="shop-1")
    market.orders.cancel(answer.order, why="mistake", by="asha")

    again = market.orders.cancel(answer.order, why="again", by="asha")

    assert why_not(again) == ("order_settled", {"status": ["status.cancelled", {}]})
    assert market.rows("SELECT sum(reserved) FROM batch") == [(3,)]
    assert market.broken() == set()


def test_a_held_order_can_be_cancelled_and_had_nothing_to_give_back(market: Market) -> None:
    answer = market.place(("TEA", 50), terminal="shop-1")
    assert answer.status == "held"

    market.orders.cancel(answer.order, why="too large", by="asha")

    assert market.rows("SELECT status FROM order_") == [("cancelled",)]
    assert market.broken() == set()


def test_a_rejected_order_cannot_be_cancelled(market: Market) -> None:
    answer = market.place(("TEA", 1), terminal="shop-3")

    outcome = market.orders.cancel(answer.order, why="why not", by="asha")

    assert why_not(outcome) == ("order_settled", {"status": ["status.rejected", {}]})


def test_an_order_nobody_knows_cannot_be_cancelled(market: Market) -> None:
    unknown = new_uuid()

    outcome = market.orders.cancel(unknown, why="ghost", by="asha")

    assert why_not(outcome) == ("order_unknown", {"order": unknown})


def test_the_terminal_is_told_with_the_next_revision_and_the_reason(market: Market) -> None:
    answer = market.place(("TEA", 1))

    changed = market.orders.cancel(answer.order, why="shop closed", by="asha")

    due = [one for one in market.wire.outbox.due() if one.kind == "notice"]
    notice = msgspec.json.decode(due[0].payload, type=Notice).data
    assert isinstance(changed, Changed)
    assert (changed.revision, notice.revision, notice.status) == (2, 2, "cancelled")
    assert notice.reasons[0].text == "cancelled by the distributor: shop closed"
    assert (notice.order, due[0].terminal) == (answer.order, "shop-2")


def test_a_repeat_after_cancelling_gets_the_first_answer_and_the_notice_stays_due(
    market: Market,
) -> None:
    asked = market.order(("TEA", 1))
    answer = market.answer(asked)
    market.orders.cancel(answer.order, why="shop closed", by="asha")

    again = market.answer(asked)

    assert again == answer
    assert [one.kind for one in market.wire.outbox.due()] == ["notice"]
    assert market.rows("SELECT status FROM order_") == [("cancelled",)]
