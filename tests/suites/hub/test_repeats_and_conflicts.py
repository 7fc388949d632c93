"""A message that comes again changes nothing; a key is never used for two orders."""

import msgspec
import pytest

from broker.contract import encode
from hub.desk.people.commands.proving import OPERATOR
from hub.desk.terminals.acts.take_orders import Answered, RefusedOrder
from hub.desk.terminals.store.inbox import Submitted, submitted
from tests.builders.market import Market, refused, told


def again(asked: Submitted, **changed: object) -> Submitted:
    """Write the same message with something else in it."""
    message = msgspec.structs.replace(asked.message, **changed)
    return submitted(message, encode(message))


def test_a_repeated_order_gets_the_same_bytes_again_and_is_there_once(market: Market) -> None:
    asked = market.order(("TEA", 5))
    (first,) = market.replies(asked)
    market.clock.ms += 60_000

    (second,) = market.replies(asked)

    assert isinstance(first, Answered)
    assert isinstance(second, Answered)
    assert second.payload == first.payload
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]
    assert market.rows("SELECT sum(reserved) FROM batch") == [(5,)]


def test_an_order_twice_in_one_group_is_decided_and_answered_once(market: Market) -> None:
    asked = market.order(("TEA", 5))

    replies = market.replies(asked, asked)

    assert len(replies) == 1
    assert market.rows("SELECT count(*) FROM order_") == [(1,)]


def test_a_repeat_beside_new_orders_does_not_disturb_them(market: Market) -> None:
    old = market.order(("TEA", 1))
    market.replies(old)
    new = market.order(("TEA", 2), terminal="shop-1")

    replies = market.replies(old, new)

    assert [told(reply).order for reply in replies] == [old.uuid, new.uuid]


def test_the_same_number_with_another_payload_is_refused(market: Market) -> None:
    asked = market.order(("TEA", 1))
    market.replies(asked)
    other = market.order(("TEA", 99), seq=asked.message.seq)

    (reply,) = market.replies(other)

    assert refused(reply) == "sequence_conflict"
    assert market.rows("SELECT uuid FROM order_") == [(asked.uuid,)]


def test_the_same_order_changed_under_its_own_number_is_refused(market: Market) -> None:
    asked = market.order(("TEA", 1))
    market.replies(asked)

    (reply,) = market.replies(again(asked, at=asked.message.at + 1))

    assert refused(reply) == "sequence_conflict"


@pytest.mark.parametrize("its_number_is", ["free", "taken by another order"])
def test_an_older_card_gets_the_answer_of_its_order_that_was_numbered_anew(
    market: Market, its_number_is: str
) -> None:
    if its_number_is == "taken by another order":
        market.replies(market.order(("TEA", 5), seq=1))
    asked = market.order(("TEA", 1), seq=2)
    (first,) = market.replies(asked)
    orders = market.rows("SELECT count(*) FROM order_")

    (reply,) = market.replies(again(asked, seq=1))

    assert isinstance(first, Answered)
    assert isinstance(reply, Answered)
    assert reply.payload == first.payload
    assert market.rows("SELECT count(*) FROM order_") == orders


def test_an_order_id_of_another_terminal_is_refused_and_nothing_told_of_it(market: Market) -> None:
    asked = market.order(("TEA", 1), terminal="shop-1")
    market.replies(asked)

    (reply,) = market.replies(again(asked, term="shop-2"))

    assert refused(reply) == "order_conflict"
    assert isinstance(reply, RefusedOrder)
    assert "shop-1" not in reply.why.text


def test_two_orders_under_one_number_in_one_group_leave_the_first(market: Market) -> None:
    first = market.order(("TEA", 1))
    second = market.order(("TEA", 2), seq=first.message.seq)

    replies = market.replies(first, second)

    assert told(replies[0]).order == first.uuid
    assert refused(replies[1]) == "sequence_conflict"


def test_the_same_number_of_another_terminal_is_another_order(market: Market) -> None:
    first = market.order(("TEA", 1), terminal="shop-1", seq=7)
    second = market.order(("TEA", 1), terminal="shop-2", seq=7)

    replies = market.replies(first, second)

    assert [told(reply).status for reply in replies] == ["confirmed", "confirmed"]


def test_a_terminal_nobody_knows_is_refused_and_keeps_no_row(market: Market) -> None:
    (reply,) = market.replies(market.order(("TEA", 1), terminal="stranger"))

    assert refused(reply) == "terminal_unknown"
    assert market.rows("SELECT count(*) FROM inbox") == [(0,)]


def test_a_revoked_terminal_is_refused_and_its_old_answers_are_still_given(market: Market) -> None:
    before = market.order(("TEA", 1))
    market.replies(before)
    market.enrol.revoke("shop-2", by=OPERATOR)

    replies = market.replies(before, market.order(("TEA", 1)))

    assert told(replies[0]).order == before.uuid
    assert refused(replies[1]) == "terminal_revoked"


def test_a_gap_in_a_terminals_numbers_is_noted_and_breaks_no_promise(market: Market) -> None:
    market.place(("TEA", 1), seq=1)
    market.place(("TEA", 1), seq=4)

    report = market.audit()

    assert report.is_clean
    assert "terminal shop-2: of the numbers up to 4, 2 have not come: 2, 3" in report.notes
