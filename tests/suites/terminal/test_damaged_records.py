"""Damaged records of a terminal: put aside, and read for the orders that wait in them."""

import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest

from broker.contract.codec import encode
from terminal.store import Store, audit
from terminal.store.database import FILE
from terminal.store.records import seal
from terminal.store.salvage import read_waiting
from tests.suites.terminal.test_store import answer, order_message, reopened, submit

PAGE = 4096


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a new store."""
    return Store(tmp_path / "records", "now")


@pytest.mark.parametrize("damage", ["cut", "garbage", "page"])
def test_a_damaged_file_is_put_aside_and_selling_goes_on_under_new_sequences(
    store: Store, damage: str
) -> None:
    for seq in range(1, 60):
        submit(store, seq)
    store.close()
    path = store.folder / FILE
    content = path.read_bytes()
    ruined = {
        "cut": content[: len(content) // 2],
        "garbage": b"not a database at all " * 400,
        "page": content[:8192] + b"\xff" * 8192 + content[16384:],
    }
    path.write_bytes(ruined[damage])

    after = Store(store.folder, "20260921-194300")

    assert after.moved_to is not None
    assert after.moved_to.name == "damaged-20260921-194300-terminal.db"
    assert after.moved_to.read_bytes() == ruined[damage]
    assert after.next_seq() == 60
    assert audit(after.folder).faults == ()


@pytest.mark.parametrize("mask", [0x01, 0xFF])
def test_orders_that_wait_are_read_out_of_damaged_records_and_sent(
    tmp_path: Path, mask: int
) -> None:
    """Whatever page is hit but the first: what lies on it is lost, or all that hangs on it."""
    before = Store(tmp_path / "before", "now")
    sent = {seq: submit(before, seq) for seq in range(1, 60)}
    answer(before, sent.pop(30))
    before.close()
    content = (before.folder / FILE).read_bytes()
    lost = []

    for page in range(PAGE, len(content), PAGE):
        folder = shutil.copytree(before.folder, tmp_path / f"hit-{page}")
        hit = bytes(byte ^ mask for byte in content[page : page + PAGE])
        (folder / FILE).write_bytes(content[:page] + hit + content[page + PAGE :])
        after = Store(folder, "later")
        waiting = {seq: after.orders.by_seq(seq) for seq in after.orders.waiting()}
        assert {seq: one and one.payload for seq, one in waiting.items()} == {
            seq: encode(sent[seq]) for seq in waiting
        }
        assert after.next_seq() == 60
        assert audit(folder).faults == ()
        after.close()
        lost.append(len(sent) - len(waiting))

    *others, root = sorted(lost)
    assert root == len(sent)
    assert 0 < others[-1] < 10


def test_a_start_that_was_cut_short_leaves_the_orders_to_the_next(store: Store) -> None:
    """The power fails when damaged records are put aside, and when their orders are taken over."""
    sent = [submit(store, 1), submit(store, 2)]
    store.close()
    (store.folder / FILE).rename(store.folder / f"damaged-20260921-194300-{FILE}")

    after = Store(store.folder, "later")
    salvaged = after.salvaged
    after.close()
    with sqlite3.connect(store.folder / FILE) as records:
        records.execute("DELETE FROM meta WHERE key = 'boot'")
    records.close()
    again = Store(store.folder, "later")

    assert salvaged == again.salvaged == tuple(one.data.number for one in sent)
    assert again.orders.waiting() == [1, 2]
    assert again.moved_to is not None
    assert reopened(again).moved_to is None


def test_of_damaged_records_no_order_is_taken_twice_and_no_row_that_is_none(
    store: Store,
) -> None:
    """An order is there under its number of before too, and one row has text in place of bytes."""
    twice, _, whole = (submit(store, seq) for seq in (1, 2, 3))
    later = order_message(9)
    moved = msgspec.structs.replace(
        later, data=msgspec.structs.replace(later.data, order=twice.data.order)
    )
    store.close()
    damaged = store.folder / "damaged.db"
    shutil.copy(store.folder / FILE, damaged)
    with sqlite3.connect(damaged) as records:
        records.execute("CREATE TABLE torn AS SELECT * FROM orders")
        row = records.execute("SELECT names, submitted_at FROM orders WHERE seq = 1").fetchone()
        kept = (9, twice.data.order, later.data.number, encode(moved), *row)
        records.execute(
            "INSERT INTO torn VALUES (?, ?, ?, ?, ?, ?, 'queued', ?)", (*kept, seal(*kept))
        )
        records.execute("UPDATE torn SET payload = CAST(payload AS TEXT) WHERE seq = 2")
        records.execute("DROP TABLE orders")
        records.execute("ALTER TABLE torn RENAME TO orders")
    records.close()

    found = read_waiting(damaged, up_to=9)

    assert [(one.seq, one.id) for one in found] == [(3, whole.data.order), (9, twice.data.order)]
