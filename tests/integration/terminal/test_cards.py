"""A terminal on a new or an older card: it goes on under numbers that the hub has not used."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.contract.ids import uuid7
from broker.contract.messages import Halt, HaltData, Order
from terminal.store import Store, audit, read_records
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import COLA, NOW_MS, RICE, TERMINAL, Shop


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


@pytest.mark.parametrize("told", [2**53 - 1, 2**53 - 2])
def test_a_number_that_leaves_none_above_it_is_not_believed(
    folder: Path, shop: Shop, told: int
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.configure(replace(shop.config, numbered_to=told))
        first, second = await counter.order(RICE), await counter.order(COLA)
        assert (first.seq, second.seq) == (1, 2)

    at_the_counter(folder, play)

    assert audit(folder).faults == ()


def halt(counter: Counter, *starts: str) -> None:
    """Have the hub name the starts that are to stop."""
    data = HaltData(starts=list(starts))
    envelope = {"id": uuid7(NOW_MS, b"0123456789"), "term": TERMINAL, "boot": 1, "at": NOW_MS}
    counter.link.deliver(Halt(**envelope, data=data), "cmd")  # type: ignore[arg-type]


def test_the_later_of_two_machines_sells_no_more_says_so_and_sends_what_it_has(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        first = await counter.order(COLA)
        await counter.scan(RICE)
        halt(counter, counter.terminal.store.start)
        await counter.until(lambda: counter.status.get("halted"))
        await counter.scan(COLA, "OW-SUBMIT")
        said = counter.screen.said
        counter.link.answer(first)
        await counter.until(lambda: counter.screen.last_status == "CONFIRMED")
        await counter.until(lambda: not counter.link.running)

        assert "Another machine" in said
        assert any("Another machine" in one for one in counter.screen.troubles)
        assert len(counter.link.orders()) == 1

    at_the_counter(folder, play)


def test_a_halted_machine_stays_so_until_it_has_another_password(folder: Path) -> None:
    cards = []

    async def halts(counter: Counter) -> None:
        cards.append(counter.terminal.store.card)
        halt(counter, counter.terminal.store.start)

    async def is_stopped(counter: Counter) -> None:
        await counter.scan(COLA)
        assert counter.screen.lines == ()
        assert counter.link.sent == []

    async def sells(counter: Counter) -> None:
        cards.append(counter.terminal.store.card)
        assert (await counter.order(COLA)).seq == 1
        assert counter.screen.troubles == ()

    at_the_counter(folder, halts)
    at_the_counter(folder, is_stopped, online=False)
    at_the_counter(folder, sells, password="another one, made for this machine")

    assert cards[0] != cards[1]


def test_the_first_machine_sells_on_and_says_that_there_is_another(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        halt(counter, uuid7(NOW_MS, b"another..."))
        order = await counter.order(COLA)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.last_status == "CONFIRMED")

        assert any("was stopped" in one for one in counter.screen.troubles)

    at_the_counter(folder, play)


def test_numbers_that_the_hub_uses_for_others_are_no_gap(folder: Path, shop: Shop) -> None:
    async def play(counter: Counter) -> None:
        for above in (7, 30):
            counter.link.answer(await counter.order(COLA))
            counter.link.configure(replace(shop.config, numbered_to=above))
        second = await counter.order(RICE)
        third = await counter.order(COLA)
        counter.link.refuse(second, "sequence_conflict", "a used number", numbered_to=31)
        await counter.until(lambda: counter.link.orders()[-1].seq > third.seq)

    at_the_counter(folder, play)

    assert audit(folder).faults == ()


def test_a_number_far_above_all_is_let_go_of_and_the_order_sent_under_a_free_one(
    folder: Path,
) -> None:
    numbers: list[int] = []

    async def play(counter: Counter) -> None:
        counter.link.answer(await counter.order(COLA))
        (folder / "floor.json").write_text('{"boot": 3, "seq": 20000000}')
        far = await counter.order(RICE)
        counter.link.refuse(far, "sequence_jump", "too far above", numbered_to=1)
        await counter.until(lambda: counter.link.orders()[-1].seq != far.seq)
        again = counter.link.orders()[-1]
        counter.link.answer(again)
        await counter.until(lambda: counter.screen.last_status == "CONFIRMED")
        numbers.extend((far.seq, again.seq, (await counter.order(COLA)).seq))

    at_the_counter(folder, play)

    assert numbers == [20_000_001, 2, 3]


@pytest.mark.parametrize("number", [2**53 - 1, 2**60, -5])
def test_counters_that_no_wire_takes_are_those_of_a_damaged_disk(
    tmp_path: Path, number: int
) -> None:
    (tmp_path / "floor.json").write_text(f'{{"boot": {number}, "seq": {number}}}')

    store = Store(tmp_path, "a")
    found = (store.boot, store.next_seq())
    store.close()

    assert found == (1, 1)


MARK = "MAY HAVE BEEN PRINTED BEFORE"


def test_a_slip_that_the_card_before_may_have_printed_says_so(tmp_path: Path, shop: Shop) -> None:
    orders: list[Order] = []
    slips: list[list[str]] = []

    async def sell(counter: Counter) -> None:
        orders.append(await counter.order(COLA))
        counter.link.answer(orders[0])
        await counter.until(lambda: counter.printer.slips)
        slips.append(counter.printer.slips)

    async def take_over(counter: Counter) -> None:
        counter.link.answer(orders[0])
        await counter.until(lambda: counter.printer.slips)
        slips.append(counter.printer.slips)

    for name, play in (("old", sell), ("new", take_over)):
        shop.settle(tmp_path / name)
        at_the_counter(tmp_path / name, play)

    (first,), (second,) = slips
    assert (first.count(MARK), second.count(MARK)) == (0, 2)
    assert second.strip().startswith(MARK)


def test_what_the_hub_tells_again_says_so_on_paper_and_a_new_notice_does_not(
    folder: Path,
) -> None:
    slips: list[str] = []

    async def play(counter: Counter) -> None:
        order = await counter.order(COLA)
        counter.link.answer(order, again=True)
        await counter.until(lambda: len(counter.printer.slips) == 1)
        counter.link.notify(order, "cancelled", 2, "not wanted")
        await counter.until(lambda: len(counter.printer.slips) == 2)
        slips.extend(counter.printer.slips)

    at_the_counter(folder, play)

    assert [slip.count(MARK) for slip in slips] == [2, 0]
    assert audit(folder).sound
