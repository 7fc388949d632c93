"""A new card, an older one, a second machine of one name: it sells, and the hub says so."""

import msgspec
import pytest

from broker.contract import Config, encode, facts_hash, told_again
from hub.desk.terminals.acts.take_orders import Answered, RefusedOrder
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.store.inbox import submitted
from tests.builders.market import Market, new_uuid, refused
from tests.suites.hub.test_wire_beside_orders import ack, presence, status

pytestmark = pytest.mark.one_engine

FARTHEST = 2**53 - 1


def configs(replies: list[Outgoing]) -> list[Config]:
    return [msgspec.json.decode(one.payload, type=Config) for one in replies if one.kind == "cmd"]


def test_a_new_card_is_told_above_which_number_its_orders_are_to_be(market: Market) -> None:
    for _ in range(3):
        market.place(("TEA", 1))

    (config,) = configs(market.hears(status(boot=1, card=new_uuid(), numbered_to=0)))

    assert config.data.numbered_to == 3


def test_an_older_card_that_lacks_nothing_else_is_told_the_numbers_too(market: Market) -> None:
    (first,) = configs(market.hears(status()))
    market.place(("TEA", 1))
    has = {
        "catalogue": first.data.catalogue.hash,
        "pack": first.data.pack.hash,
        "facts": facts_hash(first.data.customer),
    }

    whole = configs(market.hears(status(boot=2, numbered_to=1, **has)))
    older = configs(market.hears(status(boot=3, numbered_to=0, **has)))

    assert (whole, [one.data.numbered_to for one in older]) == ([], [1])


def test_a_new_card_counts_its_starts_from_one_and_is_there_at_once(market: Market) -> None:
    market.hears(status(boot=40, card=new_uuid()))

    replies = market.hears(status(boot=1, card=new_uuid()))

    assert [row[1:3] for row in presence(market)] == [("online", 1)]
    assert configs(replies)
    assert market.rows("SELECT level, code FROM terminal_log") == [("warning", "card_new")]


def test_no_boot_number_locks_a_terminal_out(market: Market) -> None:
    market.hears(status(boot=FARTHEST))

    replies = market.hears(status(boot=5))

    assert [row[1:3] for row in presence(market)] == [("online", 5)]
    assert configs(replies)


def test_the_will_of_the_card_before_does_not_sign_the_new_one_out(market: Market) -> None:
    old, new = new_uuid(), new_uuid()
    market.hears(status(boot=9, card=old))
    market.hears(status(boot=1, card=new))

    market.hears(status("offline", boot=9, card=old))

    assert [row[1:3] for row in presence(market)] == [("online", 1)]


def test_what_the_broker_kept_of_the_card_before_is_old(market: Market) -> None:
    old, new = new_uuid(), new_uuid()
    market.hears(status(boot=9, card=old))
    market.hears(status(boot=1, card=new))

    replies = market.hears(status(boot=9, card=old), retained=True)

    assert [row[1:3] for row in presence(market)] == [("online", 1)]
    assert replies == []


def test_another_order_under_a_used_number_is_told_where_numbers_are_free(market: Market) -> None:
    asked = market.order(("TEA", 1))
    market.replies(asked)
    other = market.order(("TEA", 2), seq=asked.message.seq)

    (reply,) = market.replies(other)

    assert isinstance(reply, RefusedOrder)
    assert (reply.why.code, reply.why.numbered_to) == ("sequence_conflict", asked.message.seq)


def test_a_decided_order_is_never_sent_to_a_second_number(market: Market) -> None:
    asked = market.order(("TEA", 1))
    market.replies(asked)
    changed = msgspec.structs.replace(asked.message, at=asked.message.at + 1)

    (reply,) = market.replies(submitted(changed, encode(changed)))

    assert isinstance(reply, RefusedOrder)
    assert (refused(reply), reply.why.numbered_to) == ("sequence_conflict", None)


def test_a_terminal_that_is_added_again_begins_as_one_never_heard(market: Market) -> None:
    market.hears(status(boot=FARTHEST))

    market.enrol.add("shop-2", customer="C2", warehouse="MAIN")

    assert presence(market) == []


def told(replies: list[Outgoing]) -> list[bytes]:
    """Give the answers and notices among what is sent."""
    return [one.payload for one in replies if one.kind != "cmd"]


def test_a_new_card_is_told_that_the_one_before_may_have_printed_it(market: Market) -> None:
    market.hears(status(boot=9, card=new_uuid()))
    (answer,) = market.replies(market.order(("TEA", 1)))
    assert isinstance(answer, Answered)
    market.clock.ms += 1

    new = new_uuid()
    births = [told(market.hears(status(boot=boot, card=new, start=new_uuid()))) for boot in (1, 2)]

    assert births == [[told_again(answer.payload)]] * 2


def test_what_is_decided_after_the_new_card_came_was_never_printed(market: Market) -> None:
    new = new_uuid()
    market.hears(status(boot=9, card=new_uuid()))
    market.hears(status(boot=1, card=new))
    market.clock.ms += 1
    (answer,) = market.replies(market.order(("TEA", 1)))
    assert isinstance(answer, Answered)

    again = told(market.hears(status(boot=2, card=new, start=new_uuid())))

    assert again == [answer.payload]


def test_a_card_put_back_to_before_its_answer_is_told_that_it_had_it(market: Market) -> None:
    asked = market.order(("TEA", 1))
    (answer,) = market.replies(asked)
    (lost,) = market.replies(asked)
    market.wire.outbox.acknowledge([ack(asked.uuid)])

    (had,) = market.replies(asked)

    assert isinstance(answer, Answered)
    assert isinstance(lost, Answered)
    assert isinstance(had, Answered)
    assert lost.payload == answer.payload
    assert had.payload == told_again(answer.payload)


def test_a_machine_with_a_new_password_is_told_likewise(market: Market) -> None:
    market.hears(status(boot=9, card=new_uuid()))
    (answer,) = market.replies(market.order(("TEA", 1)))
    assert isinstance(answer, Answered)
    market.clock.ms += 1

    market.enrol.add("shop-2", customer="C2", warehouse="MAIN")

    assert told(market.hears(status(boot=1, card=new_uuid()))) == [told_again(answer.payload)]
