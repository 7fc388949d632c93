"""Numbers that no counter makes lock nobody out, fill nothing, and are said."""

from typing import Any

import msgspec
import pytest

from broker.contract import KeptOrders, decode_up, parse_up, up
from broker.contract.codec import Refusal
from hub.desk.terminals.acts.take_orders import RefusedOrder
from hub.desk.terminals.model import MOST_JUMP, TerminalError
from hub.run.bootstrap import build_wire
from tests.builders.market import Market, new_uuid, packed, refused
from tests.suites.hub.test_cards import configs
from tests.suites.hub.test_taking_back import Counter, forget, recalls
from tests.suites.hub.test_wire_beside_orders import ack, status

pytestmark = pytest.mark.one_engine

FARTHEST = 2**53 - 1


def remarks(market: Market) -> list[tuple[Any, ...]]:
    return market.rows("SELECT level, code FROM terminal_log")


def claims(**said: Any) -> dict[str, Any]:
    """Write what a terminal says that it keeps."""
    kept = {"orders": 1, "first": 1, "last": 1, "newest": new_uuid(), "revision": 1, **said}
    return {"kept": msgspec.to_builtins(msgspec.convert(kept, KeptOrders))}


@pytest.mark.parametrize("seq", [FARTHEST, MOST_JUMP + 2])
def test_a_number_far_above_all_is_not_taken_and_told_where_numbers_are_free(
    market: Market, seq: int
) -> None:
    market.place(("TEA", 1))

    (reply,) = market.replies(market.order(("TEA", 1), seq=seq))

    assert isinstance(reply, RefusedOrder)
    assert (refused(reply), reply.why.numbered_to) == ("sequence_jump", 1)
    assert remarks(market) == [("alarm", "sequence_jump")]
    (config,) = configs(market.hears(status(numbered_to=0)))
    assert config.data.numbered_to == 1


def test_a_jump_by_a_million_is_taken_and_said_once(market: Market) -> None:
    market.place(("TEA", 1))

    for step in range(5):
        market.place(("TEA", 1), seq=1_000_000 + step)

    assert remarks(market) == [("alarm", "sequence_jump")]
    (note,) = [one for one in market.audit().notes if "have not come" in one]
    assert len(note) < 200
    assert market.broken() == set()


def test_a_terminal_of_many_orders_is_no_jump(market: Market) -> None:
    for seq in (9_000, 18_000, 27_000):
        market.place(("TEA", 1), seq=seq)

    assert remarks(market) == []


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2**53},
        {"seq": -1},
        {"boot": 2**53},
        {"boot": -1},
    ],
)
def test_a_number_that_no_reader_holds_is_refused_by_name(
    market: Market, change: dict[str, int]
) -> None:
    message = msgspec.to_builtins(market.order(("TEA", 1)).message) | change
    address = parse_up(up("shop-2", "order"))
    assert address is not None

    with pytest.raises(Refusal) as caught:
        decode_up(msgspec.json.encode(message), address)

    assert (caught.value.code, caught.value.order) == ("invalid", message["data"]["order"])


def test_an_order_that_comes_to_more_than_a_reader_holds_is_held_without_amounts(
    market: Market,
) -> None:
    market.publish(packed(version=2, soap="99999999999.00"))

    most, above = market.place(("SOAP", 900)), market.place(("SOAP", 1_000))

    assert most.totals is not None
    assert (most.status, most.totals.payable) == ("confirmed", 8_999_999_999_909_500)
    assert (above.status, above.totals) == ("held", None)
    assert [one.code for one in above.reasons] == ["amount_too_large"]
    assert above.reasons[0].text == (
        "it comes to more than can be told; look at its quantities and prices"
    )
    assert market.broken() == set()


def test_an_acknowledged_revision_that_never_was_changes_nothing(market: Market) -> None:
    order = market.place(("TEA", 1)).order

    market.wire.outbox.acknowledge([ack(order, revision=FARTHEST)])

    assert len(market.rows("SELECT message FROM unacked")) == 1


@pytest.mark.parametrize(
    "claim",
    [
        claims(orders=1_000_000, last=1_000_000),
        claims(orders=FARTHEST, first=0, last=FARTHEST),
        claims(revision=FARTHEST),
    ],
)
def test_a_claim_without_orders_is_asked_for_once_a_minute_said_and_settled(
    market: Market, claim: dict[str, Any]
) -> None:
    market.place(("TEA", 1))
    first = recalls(market.hears(status(**claim)))
    again = [recalls(market.hears(status(**claim))) for _ in range(5)]
    said = market.broken()

    enrolment = market.settle("shop-2", by="vikram", why="it never sent them")
    market.hears(status(**claim))

    assert len(first) == 1
    assert again == [[]] * 5
    assert said == {"nothing_forgotten"}
    assert enrolment.missing >= 0
    assert market.broken() == set()
    assert market.place(("TEA", 1)).status == "confirmed"


def test_what_is_missing_later_is_asked_for_though_something_was_settled(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 1))
    forget(market)
    counter.birth()
    market.settle("shop-2", by="vikram", why="placed again")
    settled = market.broken()
    counter.buys(("TEA", 2))
    counter.buys(("TEA", 3))
    counter.birth()
    known = market.broken()
    market.change("DELETE FROM inbox WHERE seq = 3")
    market.wire = build_wire(market.hub, http="http://hub")

    asked = recalls(counter.birth())

    assert (settled, known) == (set(), set())
    assert len(asked) == 1


def test_nothing_is_settled_where_nothing_is_missing(market: Market) -> None:
    with pytest.raises(TerminalError):
        market.settle("shop-2", by="vikram", why="to be sure")
