"""Orders picked, sent and brought: the book follows, each step is done once, refusals in words."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.asked import AskedOutcome
from hub.desk.deliveries.model.done import Counted, KeptPhoto, Moved, Sent, Waved
from hub.desk.deliveries.model.life import OUTCOMES, SHORT_REASONS
from hub.desk.deliveries.model.outcome import LineOutcome
from hub.desk.deliveries.reads.billing import list_unbilled
from hub.desk.deliveries.reads.notes import lines_of
from hub.desk.deliveries.store.billing import Billed, bill
from hub.desk.orders.model.asked import Amendment, AskedLine
from hub.desk.orders.model.events import Refused as OrderRefused
from hub.desk.orders.reads.order import read_order
from hub.desk.orders.words import tell_reason
from hub.desk.stock.acts import StockActs
from hub.desk.stock.reads.movements import list_holders
from hub.run.bootstrap import build_hub
from hub.run.config import Settings
from tests.builders.delivered import (
    BY,
    begin,
    buckets,
    deliver_some,
    picked,
    recorded,
    sent,
    status_of,
)
from tests.builders.market import FILES, FakeClock, Market
from tests.builders.photos import jpeg
from tests.builders.stock_moves import do, row

ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
SIGNED: Final = "10,40 60,90 120,40;200,10 200,90"
DAMAGE: Final = {"warehouse": "MAIN", "how": "damage", "reason": "broken"}


def codes(done: object) -> list[str]:
    """Name why something was refused."""
    assert isinstance(done, Refused), done
    return [one.code for one in done.reasons]


def test_picked_goods_are_nobody_elses(market: Market) -> None:
    first = market.place(("TEA", 10))
    begin(market, first.order)

    other = market.place(("TEA", 5))
    moved = do(market.hub.ground.part(StockActs).move, DAMAGE, row("TEA", "T-EARLY", 1))
    amended = market.orders.amend(first.order, Amendment(lines=(AskedLine("TEA", 2),)), by="sunil")
    held = market.orders.hold(first.order, by="sunil", why="ask")
    cancelled = market.orders.cancel(first.order, by="sunil", why="shut")

    assert [pick.batch for line in other.lines for pick in line.batches] == ["T-LATE"]
    assert codes(moved) == ["stock_reserved"]
    for done in (amended, held, cancelled):
        assert isinstance(done, OrderRefused)
        assert done.reason.code == "order_being_picked"
        assert done.reason.params["note"] == "DN26-27/00001"
    assert market.broken() == set()


@ON_SQLITE
def test_a_pick_is_scanned_from_bin_to_bin_and_what_is_wrong_counts_nothing(
    market: Market,
) -> None:
    order = market.place(("TEA", 12), ("SOAP", 3), ("RICE", 1))
    wave = begin(market, order.order).wave
    for sku, place in (("SOAP", "A-10"), ("TEA", "A-2")):
        level = market.hub.ground.part(StockActs).set_level
        assert level("MAIN", sku, {"bin": place}, by="asha", scope=EVERYTHING) is None
    scan = market.deliveries.pick.scan

    def say(code: str, batch: str = "") -> object:
        return scan(wave, code, batch=batch, by=BY, scope=EVERYTHING)

    with market.database.read() as connection:
        walk = [(one.bin, one.batch) for one in lines_of(connection, [1], scope=EVERYTHING)]
    assert walk == [("A-2", "T-EARLY"), ("A-2", "T-LATE"), ("A-10", "S1"), ("", "R1")]
    assert codes(say("HONEY")) == ["pick_wrong_product"]
    assert codes(say("TEA")) == ["pick_batch_missing"]
    assert codes(say("TEA", "T-OLD")) == ["pick_wrong_batch"]
    assert codes(say("11*TEA", "T-EARLY")) == ["pick_too_many"]
    assert codes(say("0*TEA", "T-EARLY")) == ["pick_not_count"]
    assert say("10*TEA", "T-EARLY") == Counted("TEA", "T-EARLY", 10, 0)
    assert say("2*TEA") == Counted("TEA", "T-LATE", 2, 0)
    assert say("SOAP") == Counted("SOAP", "S1", 1, 2)
    assert market.rows("SELECT sum(picked) FROM delivery_line") == [(13,)]


def test_a_pick_that_is_closed_half_done_frees_the_rest_at_once(market: Market) -> None:
    order = market.place(("TEA", 10), ("RICE", 4))
    wave = begin(market, order.order)
    market.deliveries.pick.scan(wave.wave, "6*TEA", by=BY, scope=EVERYTHING)

    done = market.deliveries.finish(wave.notes, by=BY, scope=EVERYTHING)

    assert done == [Moved(wave.notes[0], "picked")]
    assert buckets(market, "T-EARLY") == (10, 6, 0, 0)
    assert buckets(market, "R1")[1] == 0
    assert status_of(market, order.order) == "confirmed"
    assert market.newest_notice().data.reasons[0].code == "picked_short"
    assert market.broken() == set()


@ON_SQLITE
def test_what_is_not_found_comes_from_another_batch_by_the_rules(market: Market) -> None:
    order = market.place(("TEA", 10))
    wave = begin(market, order.order)
    take = market.deliveries.take_off

    assert isinstance(take(wave.notes[0], 1, "not_found", by=BY, scope=EVERYTHING), Moved)
    assert status_of(market, order.order) == "allocated"
    assert buckets(market, "T-LATE")[1] == 10
    assert codes(take(wave.notes[0], 1, "not_found", by=BY, scope=EVERYTHING)) == [
        "pick_nothing_left"
    ]
    market.deliveries.pick.scan(wave.wave, "4*TEA", by=BY, scope=EVERYTHING)
    assert isinstance(take(wave.notes[0], 2, "damaged", by=BY, scope=EVERYTHING), Moved)

    # The 10 of T-EARLY were not found before on this note: nothing stands in for the broken 6.
    assert status_of(market, order.order) == "confirmed"
    assert buckets(market, "T-LATE") == (94, 4, 0, 6)
    assert buckets(market, "T-EARLY")[1] == 0
    assert market.broken() == set()


def test_two_orders_of_one_batch_leave_in_either_order_and_in_parts(market: Market) -> None:
    first, second = market.place(("TEA", 4)), market.place(("TEA", 4))
    two = sent(market, second.order).notes[0]
    one = sent(market, first.order).notes[0]
    back = (LineOutcome(1, 0, back=3, reason="refused"),)

    recorded(market, one, AskedOutcome(lines=back, receiver="Asha"))
    recorded(market, two, AskedOutcome(receiver="Ravi"))

    assert buckets(market, "T-EARLY") == (5, 0, 0, 0)
    with market.database.read() as connection:
        holders = list_holders(connection, sku="TEA", scope=EVERYTHING)
    assert [(one.number, one.quantity) for one in holders] == [("shop-2-1", 1), ("shop-2-2", 4)]
    assert (status_of(market, first.order), status_of(market, second.order)) == (
        "delivered",
        "delivered",
    )
    assert market.broken() == set()


def test_goods_of_several_batches_that_are_refused_go_back_to_the_unit(market: Market) -> None:
    before = [buckets(market, code) for code in ("T-EARLY", "T-LATE", "R1")]
    order = market.place(("TEA", 30), ("RICE", 10))
    owed = market.rows("SELECT exposure FROM customer_account ORDER BY customer_id")
    note = sent(market, order.order).notes[0]

    done = recorded(market, note, AskedOutcome("refused"))

    assert done == Moved(note, "refused")
    assert [buckets(market, code) for code in ("T-EARLY", "T-LATE", "R1")] == before
    assert status_of(market, order.order) == "cancelled"
    assert market.rows("SELECT exposure FROM customer_account ORDER BY customer_id") != owed
    assert market.newest_notice().data.status == "cancelled"
    assert market.broken() == set()


@ON_SQLITE
def test_from_a_closed_shop_the_order_has_its_goods_again(market: Market) -> None:
    order = market.place(("TEA", 12))
    note = sent(market, order.order).notes[0]
    asked = AskedOutcome("closed_shop")

    recorded(market, note, asked)
    again = recorded(market, note, asked)

    assert again == Moved(note, "closed_shop", again=True)
    assert status_of(market, order.order) == "allocated"
    assert buckets(market, "T-EARLY") == (10, 10, 0, 0)
    assert isinstance(begin(market, order.order), Waved)
    assert market.broken() == set()


@ON_SQLITE
def test_a_dispatch_is_one_however_often_it_is_asked(market: Market) -> None:
    order = market.place(("TEA", 12))
    wave = picked(market, order.order)
    told = len(market.rows("SELECT id FROM outbox"))
    send = market.deliveries.dispatch

    done = [send(wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)
            for _ in range(3)]  # fmt: skip

    assert done == [Sent(1), Sent(1, again=True), Sent(1, again=True)]
    assert buckets(market, "T-LATE") == (98, 0, 2, 0)
    assert len(market.rows("SELECT id FROM outbox")) == told + 1
    notice = market.newest_notice().data
    assert (notice.status, notice.reasons[0].params["lines"]) == ("confirmed", 1)
    assert market.broken() == set()


@ON_SQLITE
def test_what_was_called_back_or_has_expired_stays_here(market: Market) -> None:
    order = market.place(("TEA", 12))
    wave = picked(market, order.order)
    market.change("UPDATE batch SET status = 'blocked' WHERE code = 'T-EARLY'")
    market.clock.ms += 3 * 365 * 86_400_000

    done = market.deliveries.dispatch(
        wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING
    )

    assert codes(done) == ["pick_batch_blocked", "pick_batch_expired"]


@ON_SQLITE
def test_the_shops_word_the_receiver_a_signature_and_photos_are_the_proof(market: Market) -> None:
    order = market.place(("RICE", 5))
    note = sent(market, order.order).notes[0]
    early = begin(market, market.place(("SOAP", 1)).order).notes[0]
    word = str(market.newest_notice().data.reasons[0].params["word"])
    record, keep = market.deliveries.record, market.deliveries.keep_photo

    def photo(width: int, of: int = note) -> object:
        return keep(of, jpeg(width=width), by=BY, scope=EVERYTHING)

    nobody = record(note, AskedOutcome(), by=BY, scope=EVERYTHING)
    wrong = record(note, AskedOutcome(receiver="Asha", word=f"{word}0"), by=BY, scope=EVERYTHING)
    unnamed = record(note, AskedOutcome("refused", signature=SIGNED), by=BY, scope=EVERYTHING)
    asked = AskedOutcome(receiver="Asha", word=word, signature=SIGNED)
    right = record(note, asked, by=BY, scope=EVERYTHING)
    photos = [photo(width) for width in (640, 640, *range(641, 647))]
    sent_twice = keep(note, jpeg(more=b"\xff\xfe\x00\x04me"), by=BY, scope=EVERYTHING)

    assert codes(nobody) == ["delivery_receiver_missing"]
    assert codes(wrong) == ["delivery_word_wrong"]
    assert codes(unnamed) == ["signature_nobody"]
    assert right == Moved(note, "delivered")
    with market.database.read() as connection:
        record_of = read_order(connection, order.order, scope=EVERYTHING)
    assert record_of is not None
    (sent_off,) = record_of.revisions[1].reasons
    words = PageWords("en")
    assert f"say {word} to the driver" in tell_reason(sent_off, 2, words, staff=False, currency="")
    assert word not in tell_reason(
        sent_off, 2, words, staff=True, currency=""
    )  # who brings it is of the staff
    told = market.rows("SELECT receiver, word_given, signature FROM delivery WHERE id = :n", n=note)
    assert told == [("Asha", 1, SIGNED)]
    assert photos[:3] == [KeptPhoto(note, 1), KeptPhoto(note, 1, again=True), KeptPhoto(note, 2)]
    assert codes(photos[-1]) == ["photo_many"]
    assert len([*keep.files.folder.rglob("*.jpg")]) == 6  # of what is refused no file stays
    assert sent_twice == KeptPhoto(note, 1, again=True)
    assert codes(photo(640, early)) == ["delivery_not_sent"]
    assert codes(photo(640, 99)) == ["delivery_unknown"]
    assert market.broken() == set()


@ON_SQLITE
def test_credit_is_asked_again_at_the_gate_and_somebody_may_let_it_out(market: Market) -> None:
    order = market.place(("RICE", 10), terminal="shop-1")
    assert order.status == "confirmed"
    wave = picked(market, order.order)
    owing = FILES["customers.csv"].replace("1000.00,100.00", "1000.00,900.00")
    market.load(customers=owing)
    send = market.deliveries.dispatch

    stopped = send(wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)
    passed = market.deliveries.pass_gate(wave.notes[0], "paid today", by="asha", scope=EVERYTHING)
    done = send(wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)

    assert codes(stopped) == ["delivery_gate", "credit_limit_exceeded"]
    assert passed == Moved(wave.notes[0], "picked")
    assert isinstance(done, Sent)
    assert market.rows("SELECT passed_by, passed_why FROM delivery") == [("asha", "paid today")]


@ON_SQLITE
def test_what_was_delivered_is_billed_once(market: Market) -> None:
    order = market.place(("RICE", 9))
    note = sent(market, order.order).notes[0]
    back = (LineOutcome(1, 0, back=2, reason="short"),)
    recorded(market, note, AskedOutcome(lines=back, receiver="Asha"))
    with market.database.read() as connection:
        (line,) = list_unbilled(connection, scope=EVERYTHING)

    with market.hub.transactions.open(actor="asha", at_ms=market.clock.ms) as t:
        bill(t, [Billed(line.delivery, line.number, 5)])
        t.commit()

    assert line.quantity == 7
    with market.database.read() as connection:
        assert [one.quantity for one in list_unbilled(connection, scope=EVERYTHING)] == [2]


@ON_SQLITE
def test_a_tampered_row_of_a_delivery_is_named_by_its_promise(market: Market) -> None:
    tampered = {
        "a note is gone": (
            "UPDATE series SET next = next + 1 WHERE kind = 'delivery'",
            {"delivery_numbers"},
        ),
        "a note wants more than its order holds": (
            "UPDATE delivery_line SET planned = planned + 1 WHERE sku = 'SOAP'",
            {"delivery_planned"},
        ),
        "more was sent than picked": (
            "UPDATE delivery_line SET sent = sent - 1 WHERE sku = 'RICE' AND sent = 5",
            {"delivery_sent", "delivery_moves"},
        ),
        "delivered goods are gone": (
            "UPDATE delivery_line SET delivered = delivered - 1 WHERE delivered > 1",
            {"delivery_ends", "delivery_moves"},
        ),
        "the book forgot what came back": (
            "UPDATE stock_movement SET kind = 'delivery' WHERE kind = 'back'",
            {"delivery_moves"},
        ),
        "a note goes where its order does not": (
            "UPDATE delivery SET ship_to_id = 7 WHERE state = 'picking'",
            {"delivery_address"},
        ),
        "nobody signed": (
            "UPDATE delivery SET signature = '1,1 9,9' WHERE state = 'dispatched'",
            {"delivery_proof"},
        ),
        "an order was taken off its note": (
            "UPDATE order_ SET delivery = '' WHERE status = 'dispatched'",
            {"delivery_orders"},
        ),
    }
    deliver_some(market)
    assert market.broken() == set()
    rows = ("series", "delivery", "delivery_line", "stock_movement", "order_")
    kept = {name: market.rows(f"SELECT * FROM {name}") for name in rows}  # noqa: S608  # ours

    for what, (statement, promises) in tampered.items():
        market.change(statement)
        broken = market.broken()
        undo(market, kept)
        assert promises <= broken, what
    assert market.broken() == set()


def undo(market: Market, kept: dict[str, list[tuple[object, ...]]]) -> None:
    """Put rows back as they were."""
    market.change("PRAGMA defer_foreign_keys = ON")
    for name, rows in kept.items():
        with market.database.write() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608  # ours
            places = ",".join("?" * len(rows[0]))
            connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608
            connection.commit()


verbs = st.lists(
    st.tuples(
        st.sampled_from(
            (
                *("place", "place", "begin", "begin", "scan", "all", "short", "finish", "undo"),
                *("send", "send", "record", "record", "cancel", "amend", "hold", "damage"),
            )
        ),
        st.integers(0, 50),
        st.integers(1, 25),
    ),
    min_size=8,
    max_size=22,
)


class Warehouse:
    """People who place, pick, send, bring and change orders, one thing after another."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.orders: list[str] = []
        self.verbs: dict[str, Callable[[int, int], object]] = {
            "place": self.place,
            "begin": lambda n, _: self.acts.begin([self.order(n)], by=BY, scope=EVERYTHING),
            "scan": lambda n, m: self.acts.pick.scan(
                n % 4 + 1, f"{m}*{('TEA', 'RICE', 'SOAP')[n % 3]}", by=BY, scope=EVERYTHING
            ),
            "all": lambda n, _: self.acts.pick.enter(n % 4 + 1, {}, by=BY, scope=EVERYTHING),
            "short": lambda n, m: self.acts.take_off(
                n % 4 + 1, m % 3 + 1, SHORT_REASONS[m % 4], by=BY, scope=EVERYTHING
            ),
            "finish": lambda n, _: self.acts.finish([n % 4 + 1], by=BY, scope=EVERYTHING),
            "undo": lambda n, _: self.acts.finish.undo(n % 4 + 1, by=BY, scope=EVERYTHING),
            "send": lambda n, _: self.acts.dispatch(
                [n % 4 + 1], vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING
            ),
            "record": self.record,
            "cancel": lambda n, _: market.orders.cancel(self.order(n), by="sunil", why="shut"),
            "amend": lambda n, m: market.orders.amend(
                self.order(n), Amendment(lines=(AskedLine("TEA", m),)), by="sunil"
            ),
            "hold": lambda n, _: market.orders.hold(self.order(n), by="sunil", why="ask"),
            "damage": lambda n, m: do(
                market.hub.ground.part(StockActs).move,
                DAMAGE,
                row("TEA", ("T-EARLY", "T-LATE")[n % 2], m),
            ),
        }

    @property
    def acts(self) -> DeliveryActs:
        """Give the acts of deliveries."""
        return self.market.deliveries

    def order(self, which: int) -> str:
        """Choose one of the orders."""
        if not self.orders:
            self.place(which, 5)
        return self.orders[which % len(self.orders)]

    def place(self, which: int, many: int) -> None:
        """Place an order of two products, one of which gives free goods."""
        lines = (("TEA", many), ("RICE", many + 5), ("SOAP", 3))
        some = lines[which % 2 :][:2]
        self.orders.append(self.market.place(*some, terminal="shop-2").order)

    def record(self, which: int, many: int) -> object:
        """Say what became of a note, in one of the ways there are."""
        outcome = (None, *OUTCOMES)[which % 5]
        lines = (
            LineOutcome(1, 0, back=many % 3, damaged=many % 2, lost=which % 2, reason="short"),
        )
        asked = AskedOutcome(
            outcome if outcome in {"refused", "closed_shop"} else None,
            () if outcome in {"refused", "closed_shop", "delivered"} else lines,
            receiver="Asha",
        )
        return self.acts.record(which % 4 + 1, asked, by=BY, scope=EVERYTHING)


@pytest.mark.one_engine
@ON_SQLITE
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=verbs)
def test_whatever_is_picked_sent_and_brought_the_books_keep_their_promises(
    market: Market, done: list[tuple[str, int, int]]
) -> None:
    warehouse = Warehouse(market)

    for verb, which, many in done:
        warehouse.verbs[verb](which, many)

    assert market.broken() == set()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_workers_who_dispatch_at_once_make_one_trip(market: Market, tmp_path: Path) -> None:
    orders = [market.place(("TEA", 12)).order, market.place(("RICE", 5)).order]
    wave = picked(market, *orders)
    hubs = [build_hub(Settings(folder=tmp_path, database=market.url), clock=FakeClock())
            for _ in range(2)]  # fmt: skip
    start, done = threading.Barrier(2), []

    def work(acts: DeliveryActs) -> None:
        start.wait(60)
        done.append(
            acts.dispatch(wave.notes, vehicle="KA-01", driver="Om", by=BY, scope=EVERYTHING)
        )

    threads = [threading.Thread(target=work, args=(hub.ground.part(DeliveryActs),)) for hub in hubs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for hub in hubs:
        hub.close()

    assert sorted(map(str, done)) == sorted(map(str, (Sent(1), Sent(1, again=True))))
    assert buckets(market, "T-LATE") == (98, 0, 2, 0)
    assert market.broken() == set()
