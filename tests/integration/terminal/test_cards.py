"""A terminal on a new or an older card: it goes on under numbers that the hub has not used."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.contract.messages import Order
from terminal.store import Store, audit, read_records
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, RICE, Shop


@pytest.fixture
def folder(tmp_path: Path, shop: Shop) -> Path:
    """Give the folder of a terminal that has met its hub before."""
    shop.settle(tmp_path)
    return tmp_path


def test_a_number_that_is_another_order_s_is_replaced_and_the_order_confirmed(
    folder: Path,
) -> None:
    orders: list[Order] = []

    async def play(counter: Counter) -> None:
        first = await counter.order(COLA)
        counter.link.refuse(first, "sequence_conflict", "a used number", numbered_to=41)
        await counter.until(lambda: len(counter.link.orders()) > 1)
        again = counter.link.orders()[-1]
        # The refusal comes twice where the order was sent twice.
        counter.link.refuse(first, "sequence_conflict", "a used number", numbered_to=41)
        counter.link.answer(again)
        await counter.until(lambda: counter.screen.last_status == "CONFIRMED")
        orders.extend((first, again))

    at_the_counter(folder, play)

    first, again = orders
    assert (again.seq, again.data.number) == (42, f"{again.term}-00042")
    assert again.data.order == first.data.order
    assert again.data.lines == first.data.lines
    (record,) = read_records(folder)
    assert (record.seq, record.state, record.status) == (42, "answered", "confirmed")
    assert audit(folder).sound


def test_the_hub_s_numbers_are_kept_over_a_restart(tmp_path: Path) -> None:
    store = Store(tmp_path, "a")
    store.number_above(17)
    store.close()

    again = Store(tmp_path, "b")
    found = again.next_seq()
    again.close()

    assert found == 18


def test_a_folder_keeps_its_card_and_an_emptied_one_is_another(tmp_path: Path) -> None:
    names = []
    for folder in ("one", "one", "two"):
        store = Store(tmp_path / folder, "a")
        names.append(store.card)
        store.close()

    assert names[0] == names[1] != names[2]


def test_a_configuration_raises_the_numbers_before_the_next_order(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(replace(shop.config, numbered_to=99))
        order = await counter.order(RICE)
        assert order.seq == 100

    at_the_counter(folder, play)
