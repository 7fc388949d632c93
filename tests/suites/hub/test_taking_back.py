"""The hub that forgot: terminals give orders back, and it keeps each as it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from broker.contract import (
    AnswerData,
    Kept,
    KeptData,
    KeptOrder,
    KeptOrders,
    Recall,
    decode_down,
    pack,
    told_again,
)
from hub.desk.terminals.acts.take_back import TakenBack
from hub.desk.terminals.acts.take_orders import Answered
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.store.inbox import Submitted
from hub.run.bootstrap import build_wire
from tests.builders.market import NOON, Market, new_uuid
from tests.suites.hub.test_wire_beside_orders import status

FORGETTING = (
    "DELETE FROM allocation",
    "DELETE FROM posting WHERE order_id IS NOT NULL",
    "DELETE FROM counter_change",
    "DELETE FROM order_line",
    "DELETE FROM approval_decision",
    "DELETE FROM decision",
    "DELETE FROM unacked",
    "DELETE FROM outbox",
    "DELETE FROM price_alarm",
    "DELETE FROM order_revision",
    "DELETE FROM order_sum",
    "DELETE FROM inbox",
    "DELETE FROM order_",
    "DELETE FROM scheme_counter",
    "UPDATE batch SET reserved = 0",
    "UPDATE customer_account SET exposure = opening_outstanding",
)
LOOK = (
    "SELECT uuid, number, status, revision, business_date, customer_code FROM order_ ORDER BY uuid",
    """SELECT o.uuid, l.revision, l.free, l.line, l.sku, l.quantity, l.net, l.tax, l.total
    FROM order_line l JOIN order_ o ON o.id = l.order_id ORDER BY 1, 2, 3, 4""",
    """SELECT o.uuid, r.revision, r.status, r.payable, r.exposure, r.currency, r.price_hash IS NULL
    FROM order_revision r JOIN order_ o ON o.id = r.order_id ORDER BY 1, 2""",
    "SELECT code, reserved FROM batch ORDER BY code",
    "SELECT customer_id, exposure FROM customer_account ORDER BY 1",
    "SELECT rule, scope, used, spent FROM scheme_counter WHERE used > 0 ORDER BY 1, 2",
    "SELECT terminal, seq, order_uuid FROM inbox ORDER BY 1, 2",
)


@dataclass
class Counter:
    """A terminal that keeps what it was answered."""

    market: Market
    name: str = "shop-2"
    kept: list[tuple[Submitted, list[bytes]]] = field(default_factory=list)
    asked_by: str = field(default_factory=new_uuid)
    """The hub's question that was heard last."""

    def buys(self, *lines: tuple[str, int], **said: Any) -> str:
        """Order, and keep the answer; `said` is what else the order says."""
        asked = self.market.order(*lines, terminal=self.name, **said)
        (reply,) = self.market.replies(asked)
        assert isinstance(reply, Answered)
        self.kept.append((asked, [reply.payload]))
        return asked.uuid

    def hears(self) -> None:
        """Take in what waits of notices."""
        for payload, order in self.market.rows(
            "SELECT x.payload, o.uuid FROM outbox x JOIN order_ o ON o.id = x.order_id "
            "WHERE x.revision > 1 ORDER BY x.id"
        ):
            for asked, told in self.kept:
                if asked.uuid == order and bytes(payload) not in told:
                    told.append(bytes(payload))

    def birth(self, **said: Any) -> list[Outgoing]:
        """Say what is kept here, and what else, and give what the hub sends back."""
        last, told = self.kept[-1]
        newest = decode_down(told[-1])
        kept = KeptOrders(
            orders=len(self.kept),
            first=self.kept[0][0].message.seq,
            last=last.message.seq,
            newest=last.uuid,
            revision=newest.data.revision,  # type: ignore[union-attr]
        )
        return self._asked(
            self.market.hears(status(terminal=self.name, kept=msgspec.to_builtins(kept), **said))
        )

    def _asked(self, replies: list[Outgoing]) -> list[Outgoing]:
        for one in recalls(replies):
            self.asked_by = one.id if one.term == self.name else self.asked_by
        return replies

    def gives(
        self, orders: Sequence[tuple[bytes, Sequence[bytes]]] | None = None, **said: int
    ) -> TakenBack:
        """Give orders back, all unless told otherwise."""
        if orders is None:
            orders = [(written(asked), told) for asked, told in self.kept]
        data = KeptData(
            after=said.get("after", 0),
            upto=said.get("upto", 99),
            more=bool(said.get("more")),
            orders=[
                KeptOrder(order=pack(one), answers=[pack(each) for each in told])
                for one, told in orders
            ],
        )
        taken = self.market.wire.take_back(
            Kept(id=new_uuid(), term=self.name, boot=1, at=NOON, ref=self.asked_by, data=data)
        )
        self._asked(taken.replies)
        return taken


def written(asked: Submitted) -> bytes:
    """Write an order message as it was sent."""
    return msgspec.json.encode(asked.message)


def forget(market: Market) -> None:
    """Have the hub lose all orders, as a backup of the morning does, and start again."""
    for statement in FORGETTING:
        market.change(statement)
    market.wire = build_wire(market.hub, http="http://hub")


def look(market: Market) -> list[list[tuple[object, ...]]]:
    """Read all that orders are and hold."""
    return [market.rows(statement) for statement in LOOK]


def recalls(replies: Sequence[Outgoing]) -> list[Recall]:
    read = [decode_down(one.payload) for one in replies if one.kind == "cmd"]
    return [one for one in read if isinstance(one, Recall)]


def test_forgotten_orders_stand_as_they_did_and_hold_what_they_held(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    counter.buys(("RICE", 20), ("SOAP", 10))
    counter.buys(("TEA", 20))
    before = look(market)
    forget(market)

    taken = counter.gives()

    assert taken.refusals == []
    assert look(market) == before
    assert market.broken() == set()


def test_messages_are_kept_byte_for_byte_and_a_repeat_gets_the_answer_told_again(
    market: Market,
) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    ((asked, told),) = counter.kept
    forget(market)

    counter.gives()
    (again,) = market.replies(asked)

    assert isinstance(again, Answered)
    assert again.payload == told_again(told[0])
    assert [bytes(row[0]) for row in market.rows("SELECT payload FROM outbox")] == told
    assert market.rows("SELECT message FROM unacked") == []


def test_giving_back_twice_changes_nothing(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    forget(market)
    counter.gives()
    once = look(market)

    taken = counter.gives()

    assert taken == TakenBack([], [])
    assert look(market) == once


def test_revisions_that_are_missing_are_added_and_the_books_follow(market: Market) -> None:
    counter = Counter(market)
    cancelled = counter.buys(("TEA", 5))
    counter.buys(("TEA", 2))
    market.orders.cancel(cancelled, why="not wanted", by="asha")
    counter.hears()
    before = look(market)
    forget(market)
    counter.gives([(written(asked), told[:1]) for asked, told in counter.kept])
    assert market.rows("SELECT sum(reserved) FROM batch") == [(7,)]

    counter.gives()

    assert look(market) == before
    assert market.broken() == set()


def test_what_stock_cannot_cover_any_more_is_held_and_told(market: Market) -> None:
    counter = Counter(market)
    first = counter.buys(("HONEY", 45))
    forget(market)
    second = market.place(("HONEY", 9), terminal="shop-1")
    assert second.status == "confirmed"

    taken = counter.gives()

    assert taken.refusals == []
    found = dict(market.rows("SELECT uuid, status FROM order_"))
    assert (found[first], found[second.order]) == ("held", "allocated")
    notice = market.newest_notice()
    assert (notice.data.order, notice.data.status) == (first, "held")
    assert "45 of HONEY from batch H1, which has 41" in notice.data.reasons[0].text
    assert market.broken() == set()


def test_a_batch_that_is_not_there_holds_the_order(market: Market) -> None:
    counter = Counter(market)
    order = counter.buys(("HONEY", 3))
    forget(market)
    market.change("UPDATE batch SET code = 'H9' WHERE code = 'H1'")

    counter.gives()

    assert market.rows("SELECT uuid, status FROM order_") == [(order, "held")]


def test_an_answer_that_this_hub_did_not_write_is_refused_in_words(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    ((asked, told),) = counter.kept
    forget(market)
    cheaper = told[0].replace(b'"payable":55000', b'"payable":100')
    assert cheaper != told[0]

    taken = counter.gives([(written(asked), [cheaper])])

    assert [one.code for one in taken.refusals] == ["kept_not_ours"]
    assert asked.message.data.number in taken.refusals[0].text
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


def test_an_answer_goes_with_its_own_order_only(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    ((asked, told),) = counter.kept
    forget(market)
    other = msgspec.structs.replace(
        asked.message, data=msgspec.structs.replace(asked.message.data, operator="somebody")
    )

    taken = counter.gives([(msgspec.json.encode(other), told)])

    assert [one.code for one in taken.refusals] == ["kept_not_ours"]


def test_an_order_without_an_answer_and_bytes_that_are_none_are_refused(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    ((asked, _),) = counter.kept
    forget(market)

    taken = counter.gives([(written(asked), []), (b"{}", []), (b"\x00" * 300_000, [])])

    assert [one.code for one in taken.refusals] == ["kept_unanswered", "unknown_type", "too_large"]


def test_a_number_that_has_another_order_by_now_is_told_and_nothing_lost(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    forget(market)
    other = market.place(("TEA", 1), seq=1)

    taken = counter.gives()

    assert [one.code for one in taken.refusals] == ["kept_number_used"]
    assert market.rows("SELECT uuid FROM order_") == [(other.order,)]


def test_a_terminal_that_is_ahead_is_asked_and_named_until_it_gave_all(market: Market) -> None:
    counter = Counter(market)
    for _ in range(3):
        counter.buys(("TEA", 1))
    whole = recalls(counter.birth())
    forget(market)

    (asked,) = recalls(counter.birth())
    named = {one.promise.name: one.faults for one in market.audit().kept if one.faults}
    counter.gives()

    assert whole == []
    assert asked.data.after == 0
    (fault,) = named["nothing_forgotten"]
    assert "shop-2 is ahead: it keeps 3 answered orders" in fault
    assert market.broken() == set()


def test_a_hole_in_the_middle_is_seen(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 1))
    forget(market)
    counter.buys(("TEA", 1))

    (asked,) = recalls(counter.birth())
    counter.gives()

    assert asked.data.after == 0
    assert recalls(counter.birth()) == []


def test_a_forgotten_notice_is_seen_where_no_order_is_missing(market: Market) -> None:
    counter = Counter(market)
    order = counter.buys(("TEA", 1))
    market.orders.cancel(order, why="not wanted", by="asha")
    counter.hears()
    forget(market)
    counter.gives([(written(asked), told[:1]) for asked, told in counter.kept])

    (asked,) = recalls(counter.birth())

    assert asked.data.after == 0


def test_pages_are_asked_for_only_as_long_as_they_lead_on(market: Market) -> None:
    counter = Counter(market)

    on = counter.gives([], after=5, upto=37, more=1)
    back = counter.gives([], after=37, upto=37, more=1)

    assert [one.data.after for one in recalls(on.replies)] == [37]
    assert back.replies == []


def test_what_an_answer_tells_of_schemes_is_counted_again(market: Market) -> None:
    counter = Counter(market)
    counter.buys(("SOAP", 10))
    data = msgspec.json.decode(counter.kept[0][1][0])["data"]
    forget(market)

    counter.gives()

    uses = msgspec.convert(data, AnswerData).uses
    assert ("SCH-LAUNCH", 1) in {(one.rule, one.used) for one in uses}
    assert market.discounts() == [500]


def test_a_scheme_that_others_used_up_meanwhile_holds_the_order_and_is_not_overspent(
    market: Market,
) -> None:
    counter = Counter(market)
    order = counter.buys(("SOAP", 10))
    forget(market)
    for terminal in ("shop-1", "shop-4"):
        market.place(("SOAP", 10), terminal=terminal, payment="cash")
    market.place(("SOAP", 10), terminal="shop-2", seq=9)

    counter.gives()

    total = "SELECT used FROM scheme_counter WHERE rule = 'SCH-LAUNCH' AND scope = 'total'"
    assert market.rows(total) == [(3,)]
    assert market.rows("SELECT status FROM order_ WHERE uuid = :u", u=order) == [("held",)]
    assert "1 of scheme SCH-LAUNCH, of which 0 are left" in (
        market.newest_notice().data.reasons[0].text
    )
    assert market.broken() == set()


def test_what_the_terminal_has_let_go_of_is_told_and_what_it_keeps_comes_back(
    market: Market,
) -> None:
    counter = Counter(market)
    for _ in range(4):
        counter.buys(("TEA", 1))
    forget(market)
    counter.kept = counter.kept[2:]  # the older ones are above 60 days

    (asked,) = recalls(counter.birth())
    counter.gives()
    again = recalls(counter.birth())

    assert (asked.data.after, again) == (2, [])
    assert market.rows("SELECT seq FROM inbox ORDER BY seq") == [(3,), (4,)]
    (note,) = [one for one in market.audit().notes if "have not come: 1, 2" in one]
    assert "keeps its orders from number 3 on, older ones cannot come" in note
    assert market.broken() == set()


def test_an_answer_that_was_told_again_is_taken_back_as_it_was_first_written(
    market: Market,
) -> None:
    counter = Counter(market)
    counter.buys(("TEA", 5))
    ((asked, told),) = counter.kept
    forget(market)

    taken = counter.gives([(written(asked), [told_again(told[0])])])

    assert taken.refusals == []
    assert [bytes(row[0]) for row in market.rows("SELECT payload FROM outbox")] == told
