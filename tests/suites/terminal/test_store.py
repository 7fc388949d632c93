"""The records on disk: what the store promises, over restarts, damage and tampering."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from broker.contract.codec import encode
from broker.contract.ids import uuid7
from broker.contract.messages import Answer, Notice, NoticeData, Order, OrderData, OrderLine
from rules import CounterChange, Minor
from terminal.core.order import (
    BatchChosen,
    CancelAsked,
    CouponShown,
    Doubts,
    OpenOrder,
    ProductScanned,
    UndoAsked,
    step,
)
from terminal.core.words import Voice
from terminal.store import Store, audit, read_records
from terminal.store.database import FILE, wal_is_safe
from terminal.store.records import NewAnswer, NewOrder, NewSlip, SlipState, SpoolJob
from tests.fixtures.counters import answer_to
from tests.fixtures.shops import NOW_MS, TERMINAL


def order_message(seq: int) -> Order:
    """Make an order as it is sent."""
    return Order(
        id=uuid7(NOW_MS, bytes([seq]) * 10),
        term=TERMINAL,
        boot=1,
        seq=seq,
        at=NOW_MS,
        data=OrderData(
            order=uuid7(NOW_MS + seq, bytes([seq]) * 10),
            number=f"{TERMINAL}-{seq:05d}",
            customer="C-17",
            lines=[OrderLine(line=1, sku="COLA-600", qty=1)],
            captured_at=NOW_MS,
            mono_ms=1,
            clock_trusted=True,
        ),
    )


def submit(store: Store, seq: int) -> Order:
    """Store an order."""
    message = order_message(seq)
    data = message.data
    store.submit(NewOrder(seq, data.order, data.number, encode(message), ("Cola",), NOW_MS))
    return message


def answer(store: Store, order: Order, revision: int = 1) -> bool:
    """Store an answer with its slip."""
    data = answer_to(order, revision=revision)
    message = Answer(id=order.id, term=TERMINAL, boot=1, at=NOW_MS, ref=order.id, data=data)
    order_id = order.data.order
    return store.orders.take(
        NewAnswer(order_id, revision, "answer", data.status, encode(message), NOW_MS),
        NewSlip(order_id, "answer", revision, b"[]", NOW_MS),
    )


def notice(store: Store, order: Order, revision: int) -> bool:
    """Store a notice with its slip."""
    order_id = order.data.order
    data = NoticeData(
        order=order_id,
        number=order.data.number,
        revision=revision,
        status="cancelled",
        reasons=[],
    )
    message = Notice(id=order.id, term=TERMINAL, boot=1, at=NOW_MS, data=data)
    return store.orders.take(
        NewAnswer(order_id, revision, "notice", data.status, encode(message), NOW_MS),
        NewSlip(order_id, "notice", revision, b"[]", NOW_MS),
    )


def reopened(store: Store) -> Store:
    """Close the store and open it again, as a restart does."""
    store.close()
    return Store(store.folder, "later")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a new store; a test may leave it open."""
    return Store(tmp_path, "first")


def test_the_open_order_is_kept_with_its_undo_but_not_a_half_asked_cancel(store: Store) -> None:
    order = step(OpenOrder(), ProductScanned("COLA", "Cola", "order-1")).order
    store.orders.keep_open_order(step(order, CancelAsked(5)).order, Doubts())

    assert reopened(store).orders.open_order() == order


def test_an_order_left_open_by_an_earlier_version_is_taken_up_with_its_undo(store: Store) -> None:
    """Before there were packs, batches and coupons, a line and a change said no more than this."""
    body = (
        b'{"id":"order-1","lines":[{"number":1,"sku":"COLA","name":"Cola","quantity":3}],'
        b'"changes":[{"sku":"COLA","before":2}],"cancel_asked_ms":null,"lost":false}'
    )
    database = sqlite3.connect(store.folder / FILE)
    database.execute("INSERT INTO open_order VALUES (1, ?)", (body,))
    database.commit()
    database.close()

    order = reopened(store).orders.open_order()

    assert [Voice().word(line.said) for line in order.lines] == ["3 x Cola"]
    assert [Voice().word(line.said) for line in step(order, UndoAsked()).order.lines] == [
        "2 x Cola"
    ]


def test_an_order_in_packs_with_a_coupon_is_kept_over_a_restart(store: Store) -> None:
    scanned = ProductScanned("COLA", "Cola", "order-1", 24, "CASE", 24, "B7")
    order = OpenOrder()
    for event in (scanned, BatchChosen(), CouponShown("DIWALI", "order-1")):
        order = step(order, event).order
    store.orders.keep_open_order(order, Doubts())

    kept = reopened(store).orders.open_order()

    assert kept == order
    assert [Voice().word(line.said) for line in kept.lines] == ["1 CASE = 24 x Cola, batch B7"]


def test_submitting_empties_the_counter_and_fills_the_outbox_in_one_go(store: Store) -> None:
    store.orders.keep_open_order(
        step(OpenOrder(), ProductScanned("C", "C", "order-1")).order, Doubts()
    )
    submit(store, 1)

    after = reopened(store)

    assert after.orders.open_order() == OpenOrder()
    assert after.orders.waiting() == [1]
    assert after.next_seq() == 2


def test_each_revision_is_taken_once(store: Store) -> None:
    order = submit(store, 1)

    assert answer(store, order)
    assert not answer(store, order)
    assert store.orders.waiting() == []
    assert len(read_records(store.folder)[0].slips) == 1


def test_a_revision_older_than_the_newest_is_kept_and_prints_nothing(store: Store) -> None:
    order = submit(store, 1)
    notice(store, order, 2)

    assert answer(store, order, 1)
    assert store.orders.status(order.data.order) == "cancelled"
    assert [slip.kind for slip in read_records(store.folder)[0].slips] == ["notice"]


def test_boots_are_counted_and_never_fall_even_when_the_file_is_lost(store: Store) -> None:
    second = reopened(store)
    second.close()
    (second.folder / FILE).unlink()

    third = Store(second.folder, "later")

    assert (store.boot, second.boot, third.boot) == (1, 2, 3)


def test_a_slip_on_its_way_at_a_stop_is_unknown_after_it(store: Store) -> None:
    answer(store, submit(store, 1))
    job = store.spool.next_job()
    assert job is not None
    store.spool.mark(job.id, "sent")

    after = reopened(store)

    assert after.slips_given_up == 1
    assert after.spool.next_job() is None
    assert after.spool.unknown() == 1


def test_a_copy_is_made_of_a_printed_slip_only_and_counted(store: Store) -> None:
    answer(store, submit(store, 1))
    assert store.spool.copy_last(None, NOW_MS) == "waits"
    job = store.spool.next_job()
    assert job is not None
    store.spool.mark(job.id, "printed")

    store.spool.copy_last(None, NOW_MS)
    store.spool.copy_last(job.order_id, NOW_MS)

    assert [slip.copy for slip in read_records(store.folder)[0].slips] == [0, 1, 2]
    assert audit(store.folder).faults == ()


def test_the_last_slip_is_one_on_paper_though_a_notice_came_that_did_not_print(
    store: Store,
) -> None:
    order = submit(store, 1)
    answer(store, order)
    job = store.spool.next_job()
    assert job is not None
    store.spool.mark(job.id, "printed")
    told = NewAnswer(order.data.order, 2, "notice", "confirmed", b"", NOW_MS)
    store.orders.take(told, NewSlip(order.data.order, "notice", 2, b"[]", NOW_MS, prints=False))

    last, of_order = (store.spool.copy_last(one, NOW_MS) for one in (None, order.data.order))

    assert isinstance(last, SpoolJob)
    assert isinstance(of_order, SpoolJob)
    assert (last.kind, of_order.kind) == ("answer", "notice")


def test_why_there_is_no_copy_is_told_apart(store: Store) -> None:
    assert store.spool.copy_last(None, NOW_MS) == "none"
    order = submit(store, 1)
    assert store.spool.copy_last(order.data.order, NOW_MS) == "none"
    answer(store, order)

    assert store.spool.copy_last(order.data.order, NOW_MS) == "waits"


def queued_slip(order: Order) -> NewSlip:
    """Make the slip of an order that was not answered in time."""
    return NewSlip(order.data.order, "queued", 0, b"[]", NOW_MS)


def test_a_queued_slip_that_nobody_saw_is_dropped_when_the_answer_is_there(store: Store) -> None:
    order = submit(store, 1)
    store.spool.add_if_unanswered(queued_slip(order))
    job = store.spool.next_job()
    assert job is not None
    answer(store, order)

    assert not store.spool.mark(job.id, "sent")
    left = store.spool.next_job()
    assert left is not None
    assert left.kind == "answer"
    assert store.spool.waiting() == 1
    assert [(slip.kind, slip.state) for slip in read_records(store.folder)[0].slips] == [
        ("queued", "dropped"),
        ("answer", "queued"),
    ]
    assert audit(store.folder).faults == ()


def test_a_slip_that_did_not_get_away_waits_again_unless_it_is_out_of_date(store: Store) -> None:
    states = []
    for is_answered in (False, True):
        order = submit(store, 1 + is_answered)
        store.spool.add_if_unanswered(queued_slip(order))
        job = next(iter(slip for slip in [store.spool.next_job()] if slip is not None))
        store.spool.mark(job.id, "sent")
        if is_answered:
            answer(store, order)
        store.spool.put_back(job.id)
        states.append(read_records(store.folder)[-1].slips[0].state)
        store.spool.mark(job.id, "printed")

    assert states == ["queued", "dropped"]


@pytest.mark.parametrize("state", ["sent", "printed", "unknown"])
def test_a_queued_slip_that_the_printer_may_hold_stays_as_it_is(
    store: Store, state: SlipState
) -> None:
    order = submit(store, 1)
    store.spool.add_if_unanswered(queued_slip(order))
    job = store.spool.next_job()
    assert job is not None
    store.spool.mark(job.id, state)
    answer(store, order)

    assert read_records(store.folder)[0].slips[0].state == state


def test_a_slip_that_was_dropped_without_an_answer_is_a_fault(store: Store) -> None:
    order = submit(store, 1)
    store.spool.add_if_unanswered(queued_slip(order))
    job = store.spool.next_job()
    assert job is not None
    store.spool.mark(job.id, "dropped")

    assert any("was dropped, and has no answer" in fault for fault in audit(store.folder).faults)


def test_the_last_two_packs_are_kept(store: Store) -> None:
    for name in ("one", "two", "three", "two"):
        store.swap_pack(name, name.encode())

    assert list(reopened(store).packs()) == [("two", b"two"), ("three", b"three")]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_used_only_where_sqlite_is_free_of_its_reset_bug(
    version: tuple[int, int, int],
    safe: bool,  # noqa: FBT001
) -> None:
    assert wal_is_safe(version) == safe


def test_every_commit_is_synced_to_disk(store: Store) -> None:
    assert store.durability in {"WAL+FULL", "TRUNCATE+FULL"}


TAMPERING = {
    "UPDATE orders SET payload = x'7b7d' WHERE seq = 2": "seq 2",
    "UPDATE orders SET submitted_at = 1 WHERE seq = 1": "seq 1",
    "DELETE FROM orders WHERE seq = 2": "1 sequences before it are missing",
    "UPDATE orders SET state = 'answered' WHERE seq = 3": "has no answer",
    "UPDATE orders SET state = 'queued' WHERE seq = 1": "has an answer",
    "UPDATE orders SET state = 'parked' WHERE seq = 3": "was not refused",
    "UPDATE answers SET payload = x'7b7d'": "answer 1",
    "UPDATE answers SET status = 'held'": "says 'held'",
    "UPDATE answers SET revision = 5": "answer 5",
    "DELETE FROM answers": "says what the hub never answered",
    "UPDATE slips SET body = x'5b7b7d5d'": "was changed after it was made",
    "UPDATE slips SET copy = 3": "was changed after it was made",
}


@pytest.mark.parametrize("change", TAMPERING)
def test_an_audit_names_every_row_that_was_tampered_with(store: Store, change: str) -> None:
    answer(store, submit(store, 1))
    submit(store, 2)
    submit(store, 3)
    store.close()
    assert audit(store.folder).sound
    with sqlite3.connect(store.folder / FILE) as db:
        db.execute(change)
    db.close()

    report = audit(store.folder)

    assert not report.sound
    assert any(TAMPERING[change] in fault for fault in report.faults)


def test_a_slip_for_an_order_that_is_not_stored_is_a_fault(store: Store) -> None:
    store.spool.add(NewSlip("nobody", "queued", 0, b"[]", NOW_MS))

    assert any("not stored" in fault for fault in audit(store.folder).faults)


def test_what_orders_use_of_schemes_is_kept_until_the_hub_has_counted_it(store: Store) -> None:
    change = CounterChange("LAUNCH", "total", 1, Minor(500))
    for seq in (1, 2, 3):
        message = order_message(seq)
        data = message.data
        new = NewOrder(seq, data.order, data.number, encode(message), ("Cola",), NOW_MS)
        store.submit(replace(new, changes=(change,)))
    answer(store, order_message(1))
    answer(store, order_message(3))

    after = reopened(store)

    assert after.orders.spent(0) == [change] * 3
    assert after.orders.spent(0, before=2) == [change]
    # Number 2 is not answered: whatever the hub says it counted, it may not be among it.
    assert after.orders.spent(3) == [change]


def test_slips_of_an_earlier_version_are_taken_over_and_may_be_handed_over(store: Store) -> None:
    answer(store, submit(store, 1))
    store.close()
    old = sqlite3.connect(store.folder / FILE)
    old.executescript("DROP TABLE unused; DROP INDEX orders_answered; PRAGMA user_version = 2;")
    old.close()

    after = Store(store.folder, "later")
    job = after.spool.next_job()

    assert job is not None
    assert after.spool.mark(job.id, "handed")
    assert [slip.state for slip in read_records(store.folder)[0].slips] == ["handed"]
    assert audit(store.folder).faults == ()


def test_records_of_an_earlier_version_are_taken_over(store: Store) -> None:
    submit(store, 1)
    store.close()
    old = sqlite3.connect(store.folder / FILE)
    old.executescript(
        "DROP TABLE unused; DROP INDEX orders_answered; DROP TABLE order_changes;"
        " PRAGMA user_version = 1;"
    )
    old.close()

    after = Store(store.folder, "later")

    assert after.moved_to is None
    assert after.orders.waiting() == [1]
    assert after.orders.spent(0) == []


def printed(store: Store) -> None:
    """Have every slip come out of the printer."""
    while (job := store.spool.next_job()) is not None:
        store.spool.mark(job.id, "printed")


def test_old_answered_orders_go_with_their_slips_but_the_newest_and_what_waits_stay(
    store: Store,
) -> None:
    orders = [submit(store, seq) for seq in range(1, 7)]
    for order in orders[:5]:
        answer(store, order)
    printed(store)

    gone = store.orders.let_go(2**60, newest=2, most=100)
    again = store.orders.let_go(2**60, newest=2, most=100)

    assert (gone, again) == (3, 0)
    assert [one.seq for one in read_records(store.folder)] == [4, 5, 6]
    assert store.next_seq() == 7
    kept = store.orders.kept()
    assert kept is not None
    assert (kept.orders, kept.first, kept.last) == (2, 4, 5)
    assert audit(store.folder).faults == ()


def test_no_order_goes_before_its_time_nor_with_a_slip_to_print(store: Store) -> None:
    order = submit(store, 1)
    answer(store, order)
    waiting = store.orders.let_go(2**60, newest=0, most=100)
    printed(store)
    stored = store.orders.by_seq(1)
    assert stored is not None

    young = store.orders.let_go(stored.submitted_at, newest=0, most=100)
    old = store.orders.let_go(stored.submitted_at + 1, newest=0, most=100)

    assert (waiting, young, old) == (0, 0, 1)
