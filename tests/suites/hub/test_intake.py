"""The thread that decides: nothing is acknowledged before it is kept, nothing stops it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

import pytest

from broker.contract import (
    Answer,
    DownMessage,
    HubStatus,
    Log,
    LogData,
    Refused,
    decode_down,
    encode,
    up,
)
from broker.link.hub_link import Received
from hub.base.transaction import Transaction, Transactions
from hub.desk.terminals.acts import TerminalActs
from hub.desk.terminals.intake.intake import Intake
from tests.builders.market import NOON, Market, new_uuid
from tests.suites.hub.test_wire_beside_orders import ack, status

DEADLINE_S = 20
STRANGE_ON = {
    True: """
        CREATE TRIGGER strange BEFORE INSERT ON terminal_presence WHEN NEW.terminal = 'shop-1'
        BEGIN SELECT RAISE(ABORT, 'shop-1 says something strange'); END
    """,
    False: "ALTER TABLE terminal_presence ADD CONSTRAINT strange CHECK (terminal <> 'shop-1')",
}
"""By whether it is SQLite: what makes the database refuse what one terminal says."""


class FakeLink:
    """A link that keeps what it was given; `done` says in which order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.payloads: list[bytes] = []
        self.cleared: list[str] = []
        self.acked: list[int] = []
        self.muted: set[str] = set()
        self._changed = threading.Condition()

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Keep what is published, and which topics are cleared."""
        with self._changed:
            if retain:
                assert payload == b""
                self.cleared.append(topic)
                return True
            assert (topic.rpartition("/")[0].endswith("/down"), qos) == (True, 1)
            self.payloads.append(payload)
            self.done.append("publish")
            self._changed.notify_all()
        return True

    def ack(self, received: Received) -> None:
        """Keep what is acknowledged."""
        with self._changed:
            self.acked.append(received.mid)
            self.done.append("ack")
            self._changed.notify_all()

    def mute(self, topic: str, for_s: float) -> None:
        """Keep which topics were muted: this link passes everything on all the same."""
        assert for_s > 0
        self.muted.add(topic)

    def together(self) -> AbstractContextManager[None]:
        """Keep what is done meanwhile as it comes."""
        return nullcontext()

    def wait(self, kind: str, count: int) -> None:
        """Wait until that many of a kind were done."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.done.count(kind) >= count, DEADLINE_S)

    def messages(self) -> list[DownMessage | HubStatus]:
        """Read what was published."""
        return [decode_down(payload) for payload in self.payloads]

    def answered(self) -> list[str]:
        """Name the orders that were answered, in order."""
        return [one.data.order for one in self.messages() if isinstance(one, Answer)]


class FailingTransactions(Transactions):
    """Transactions that cannot be committed the first times, as on a full disk."""

    def __init__(self, market: Market, failures: int) -> None:
        super().__init__(market.database, market.hub.ground.changes)
        self.failures = failures
        self.commits = 0

    @contextmanager
    def open(self, *, actor: str, at_ms: int) -> Iterator[Transaction]:
        """Open one."""
        with super().open(actor=actor, at_ms=at_ms) as t:
            keep = t.commit

            def commit() -> None:
                self.commits += 1
                if self.failures:
                    self.failures -= 1
                    raise OSError("no space left on device")
                keep()

            t.commit = commit  # type: ignore[method-assign]
            yield t


@contextmanager
def running(market: Market, wire: TerminalActs | None = None) -> Iterator[tuple[Intake, FakeLink]]:
    """Run an intake on a fake link."""
    intake, link = Intake(wire or market.wire), FakeLink()
    intake.start(link)
    yield intake, link
    intake.stop()


def received(payload: bytes, *, mid: int = 1, topic: str | None = None) -> Received:
    """Deliver bytes the way the broker does."""
    topic = topic or up("shop-2", "order")
    return Received(topic=topic, payload=payload, retained=False, qos=1, mid=mid, connection=1)


def deliver_orders(market: Market, intake: Intake, count: int) -> Sequence[str]:
    """Deliver orders; gives their ids."""
    asked = [market.order(("TEA", 1)) for _ in range(count)]
    for mid, one in enumerate(asked):
        intake.deliver(received(encode(one.message), mid=mid))
    return [one.uuid for one in asked]


def test_orders_are_answered_first_and_then_acknowledged_in_order(market: Market) -> None:
    with running(market) as (intake, link):
        orders = deliver_orders(market, intake, 20)
        link.wait("ack", 20)

    assert link.acked == list(range(20))
    assert link.answered() == list(orders)
    assert link.done[0] == "publish"


def test_while_nothing_can_be_committed_nothing_is_acknowledged_or_answered(
    market: Market,
) -> None:
    failing = FailingTransactions(market, 2)
    take = replace(market.wire.take, transactions=failing)
    with running(market, replace(market.wire, take=take)) as (intake, link):
        orders = deliver_orders(market, intake, 3)
        link.wait("ack", 3)

    assert failing.failures == 0
    assert sorted(link.answered()) == sorted(orders)
    assert market.rows("SELECT count(*) FROM order_") == [(3,)]


@pytest.mark.parametrize(
    ("payload", "topic", "code"),
    [
        (b"", None, "malformed"),
        (b"\xff\xff", None, "malformed"),
        (b"[]", None, "malformed"),
        (b'{"v":9,"type":"order"}', None, "unknown_version"),
        (b'{"v":1,"type":"poem"}', None, "unknown_type"),
        (b"{}" + b" " * 200_000, None, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_next_order_is_decided(
    market: Market, payload: bytes, topic: str | None, code: str
) -> None:
    with running(market) as (intake, link):
        intake.deliver(received(payload, mid=99, topic=topic))
        (order,) = deliver_orders(market, intake, 1)
        link.wait("ack", 2)
        link.wait("publish", 2)

    assert [one.data.code for one in link.messages() if isinstance(one, Refused)] == [code]
    assert link.answered() == [order]


def test_a_topic_of_no_terminal_is_kept_and_nobody_is_answered(market: Market) -> None:
    with running(market) as (intake, link):
        intake.deliver(received(b"{}", topic="ow/v1/3/t/shop-2/up/order/extra"))
        link.wait("ack", 1)

    assert link.payloads == []
    assert market.rows("SELECT code FROM refused_message") == [("unknown_topic",)]


def test_an_order_sent_in_the_name_of_another_terminal_is_refused(market: Market) -> None:
    asked = market.order(("TEA", 1), terminal="shop-1")
    with running(market) as (intake, link):
        intake.deliver(received(encode(asked.message)))
        link.wait("ack", 1)

    assert market.rows("SELECT code, terminal FROM refused_message") == [("wrong_sender", "shop-2")]
    assert market.rows("SELECT count(*) FROM order_") == [(0,)]


def test_conflicts_are_answered_and_kept_for_people(market: Market) -> None:
    first = market.order(("TEA", 1))
    second = market.order(("TEA", 2), seq=first.message.seq)
    with running(market) as (intake, link):
        for mid, one in enumerate((first, second)):
            intake.deliver(received(encode(one.message), mid=mid))
        link.wait("ack", 2)

    assert market.rows("SELECT code, order_uuid FROM refused_message") == [
        ("sequence_conflict", second.uuid)
    ]


def test_pages_are_told_of_decided_orders(market: Market) -> None:
    topics: list[str] = []
    market.hub.ground.changes.subscribe(topics.append)

    with running(market) as (intake, link):
        deliver_orders(market, intake, 1)
        link.wait("ack", 1)

    assert {"orders", "stock"} <= set(topics)


def test_stopping_finishes_the_group_at_hand(market: Market) -> None:
    with running(market) as (intake, link):
        deliver_orders(market, intake, 50)
        link.wait("publish", 1)

    assert not intake.alive
    assert len(link.acked) == len(set(link.answered()))
    assert market.rows("SELECT count(*) FROM order_") == [(len(link.acked),)]


def test_a_status_that_cannot_be_kept_keeps_no_other_from_being_heard(market: Market) -> None:
    names = ["shop-1", "shop-2", "shop-4"]
    said = [encode(status(terminal=name)) for name in names]
    market.change(STRANGE_ON[market.database.is_sqlite])
    with running(market) as (intake, link):
        for mid, (name, payload) in enumerate(zip(names, said, strict=True)):
            intake.deliver(received(payload, mid=mid, topic=up(name, "status")))
        link.wait("ack", 3)

    heard = market.rows("SELECT terminal FROM terminal_presence ORDER BY terminal")
    assert heard == [("shop-2",), ("shop-4",)]


def test_a_flood_of_one_terminal_is_counted_a_little_of_it_kept_and_others_are_answered(
    market: Market,
) -> None:
    with running(market) as (intake, link):
        for mid in range(5_000):
            intake.deliver(received(b"{%d" % mid, mid=mid, topic=up("shop-1", "order")))
        intake.passed_over(up("shop-1", "order"), 2_000, 80_000)
        (order,) = deliver_orders(market, intake, 1)
        link.wait("ack", 5_001)

    counts = dict(market.rows("SELECT code, count FROM refused_count"))
    assert link.answered() == [order]
    assert counts["malformed"] + counts["too_many_messages"] == 7_000
    assert link.muted == {up("shop-1", "order")}
    assert market.rows("SELECT count(*) < 100 FROM refused_message") == [(True,)]


def test_what_is_ordered_after_a_refusal_is_answered_before_that_is_kept(market: Market) -> None:
    link, clock_s = FakeLink(), [1_000.0]
    intake = Intake(market.wire, monotonic_s=lambda: clock_s[0])
    intake.start(link)
    intake.deliver(received(b"no order", mid=99))
    link.wait("ack", 1)

    (order,) = deliver_orders(market, intake, 1)
    link.wait("publish", 1)
    told_first = link.messages()
    clock_s[0] += 1
    link.wait("publish", 2)
    intake.stop()

    assert [one.data.order for one in told_first if isinstance(one, Answer)] == [order]
    assert isinstance(link.messages()[1], Refused)


def test_remarks_and_refusals_of_a_group_are_kept_in_one_commit_each(market: Market) -> None:
    counting = FailingTransactions(market, 0)
    acts = replace(
        market.wire,
        hear=replace(market.wire.hear, transactions=counting),
        refuse=replace(market.wire.refuse, transactions=counting),
    )
    data = LogData(level="alarm", code="print_unknown", text="a slip may be missing")
    with running(market, acts) as (intake, link):
        for mid in range(100):
            said = Log(id=new_uuid(), term="shop-2", boot=1, at=NOON, data=data)
            intake.deliver(received(encode(said), mid=mid, topic=up("shop-2", "log")))
            intake.deliver(received(b"noise %d" % mid, mid=mid))
        link.wait("ack", 200)

    assert market.rows("SELECT count(*) FROM terminal_log") == [(100,)]
    assert counting.commits <= 10


def test_acknowledgements_leave_the_orders_of_a_group_their_places(market: Market) -> None:
    intake, link = Intake(market.wire), FakeLink()
    for mid in range(200):
        stored = encode(ack(new_uuid(), terminal="shop-1"))
        intake.deliver(received(stored, mid=1_000 + mid, topic=up("shop-1", "ack")))
    asked = deliver_orders(market, intake, 100)

    intake.start(link)
    link.wait("ack", 300)
    intake.stop()

    assert link.answered() == asked
    assert intake.counts["groups"] == 1


def test_the_same_order_sent_a_hundred_times_at_once_is_answered_once(market: Market) -> None:
    payload = encode(market.order(("TEA", 1)).message)
    with running(market) as (intake, link):
        for mid in range(100):
            intake.deliver(received(payload, mid=mid))
        link.wait("ack", 100)

    assert len(link.answered()) == 1


def test_what_the_broker_keeps_beside_the_last_words_is_cleared(market: Market) -> None:
    litter = [up("shop-2", "log"), f"{up('shop-2', 'order')}/a1", "ow/v1/3/t/shop-2/up/status"]
    with running(market) as (intake, link):
        for mid, topic in enumerate(litter):
            intake.deliver(received(b"kept", mid=mid, topic=topic)._replace(retained=True))
            intake.deliver(received(b"", mid=mid, topic=topic))
        word = encode(status(terminal="shop-1"))
        intake.deliver(received(word, topic=up("shop-1", "status"))._replace(retained=True))
        link.wait("ack", 7)

    assert link.cleared == litter
    assert market.rows("SELECT count(*) FROM refused_message") == [(0,)]
    assert market.rows("SELECT terminal FROM terminal_presence") == [("shop-1",)]
