"""Orders that wait for long: none is lost, none goes out twice, and all go in their order."""

from pathlib import Path

from terminal.core.outbox import WINDOW
from terminal.store import read_records
from tests.fixtures.counters import Counter, at_the_counter
from tests.fixtures.shops import RICE


def test_a_long_queue_survives_a_restart_and_goes_out_once_each_in_its_order(folder: Path) -> None:
    count = 120

    async def away(counter: Counter) -> None:
        await counter.scan(*[RICE, "OW-SUBMIT"] * count)
        assert counter.screen.queued == count

    async def back(counter: Counter) -> None:
        counter.link.connect()
        answered: list[int] = []
        while len(answered) < count:
            await counter.until(lambda: len(counter.link.orders()) > len(answered))
            under_way = counter.link.orders()[len(answered) :]
            assert len(under_way) <= WINDOW
            for order in under_way:
                counter.link.answer(order)
                answered.append(order.seq)
        assert answered == list(range(1, count + 1))
        assert counter.screen.queued == 0

    at_the_counter(folder, away, online=False)
    at_the_counter(folder, back, online=False)

    assert {record.state for record in read_records(folder)} == {"answered"}
