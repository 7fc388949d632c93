"""A whole terminal at work: scans in, orders out, answers in, slips out."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.contract.ids import uuid7
from broker.contract.messages import Notice, NoticeData, Reason
from terminal.core.layout import Row
from terminal.core.ports import Job, NotSentError
from terminal.core.screen import as_text
from terminal.devices.encoding import EncodingError
from terminal.store import Store, audit, read_records
from terminal.store.database import FILE
from terminal.store.records import OrderRecord
from tests.fixtures.counters import Counter, TextEncoder, answer_to, at_the_counter, running
from tests.fixtures.shops import COLA, NOW_MS, RICE, TEA, TERMINAL, Shop, digest


def only_record(folder: Path) -> OrderRecord:
    """Give the only order."""
    (record,) = read_records(folder)
    return record


def test_a_scanned_order_is_priced_sent_answered_acknowledged_and_printed(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, COLA, "OW-QTY-12", RICE)
        assert [(line.sku, line.quantity, line.amount) for line in counter.screen.lines] == [
            ("COLA-600", 12, "457.20"),
            ("RICE-5KG", 1, "342.00"),
        ]
        assert counter.screen.payable == "839.16"
        order = await counter.order()
        assert [(line.sku, line.qty) for line in order.data.lines] == [
            ("COLA-600", 12),
            ("RICE-5KG", 1),
        ]
        assert order.data.quote is not None
        assert order.data.quote.payable == 83_916
        counter.link.answer(order)
        await counter.until(lambda: counter.link.of_kind("ack"))
        await counter.until(lambda: counter.screen.slips_waiting == 0 and counter.printer.slips)
        assert "C O N F I R M E D" in counter.printer.slips[0]
        assert "COLA-600 of the hub" in counter.printer.slips[0]
        assert counter.link.of_kind("ack")[0]["data"] == {"order": order.data.order, "revision": 1}

    at_the_counter(folder, play)

    record = only_record(folder)
    assert (record.state, record.status, record.revision) == ("answered", "confirmed", 1)
    assert [(slip.kind, slip.copy, slip.state) for slip in record.slips] == [
        ("answer", 0, "printed")
    ]


def test_a_product_without_a_price_is_shown_so_and_still_ordered(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(TEA)
        assert counter.screen.lines[0].unpriced
        assert "no price" in counter.screen.said
        order = await counter.order()
        assert order.data.lines[0].sku == "TEA-250"

    at_the_counter(folder, play)


@pytest.mark.parametrize("code", ["8901234599999", "NO-SUCH", "8901234500018", "OW-DANCE", " "])
def test_what_is_not_known_beeps_an_error_and_prints_nothing(folder: Path, code: str) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, code)
        assert counter.signals.beeps[-1] == "error"
        assert code.strip() in counter.screen.read
        assert len(counter.screen.lines) == 1
        assert counter.printer.jobs == []

    at_the_counter(folder, play)


def test_offline_the_order_is_kept_a_queued_slip_prints_and_the_answer_comes_later(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-SUBMIT")
        await counter.until(lambda: len(counter.printer.slips) == 1)
        assert "Q U E U E D   -   N O T" in counter.printer.slips[0]
        assert "359.10" in counter.printer.slips[0].replace(" ", "")
        assert counter.screen.queued == 1
        assert "Hub: no connection" in as_text(counter.screen)
        counter.link.connect()
        await counter.until(counter.link.orders)
        counter.link.answer(counter.link.orders()[0], status="held", reasons=[
            Reason(code="credit_limit_exceeded", text="Over the limit")
        ])  # fmt: skip
        await counter.until(lambda: len(counter.printer.slips) == 2)
        assert "H E L D" in counter.printer.slips[1]
        assert "Over the limit" in counter.printer.slips[1]
        await counter.until(lambda: counter.screen.queued == 0)

    at_the_counter(folder, play, online=False)

    assert [slip.kind for slip in only_record(folder).slips] == ["queued", "answer"]


def test_a_printer_that_was_away_prints_what_is_so_and_not_what_was(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        counter.printer.failing = NotSentError("it is switched off")
        await counter.scan(RICE, "OW-SUBMIT", COLA, "OW-SUBMIT", TEA, "OW-SUBMIT")
        await counter.until(lambda: counter.screen.slips_waiting == 3)
        counter.link.connect()
        await counter.until(lambda: len(counter.link.orders()) == 3)
        for order in counter.link.orders()[:2]:
            counter.link.answer(order)
        await counter.until(lambda: counter.screen.queued == 1)
        counter.printer.failing = None
        await counter.until(lambda: counter.screen.slips_waiting == 0)
        seen = ["QUEUED" in slip.replace(" ", "") for slip in counter.printer.slips]
        assert sorted(seen) == [False, False, True]

    at_the_counter(folder, play, online=False)

    states = [[(slip.kind, slip.state) for slip in one.slips] for one in read_records(folder)]
    assert states == [
        [("queued", "dropped"), ("answer", "printed")],
        [("queued", "dropped"), ("answer", "printed")],
        [("queued", "printed")],
    ]


def test_a_reprint_says_whether_there_is_no_slip_or_one_that_waits(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-REPRINT")
        assert counter.screen.said == "There is no slip to copy yet"
        counter.printer.failing = NotSentError("it is switched off")
        await counter.scan(RICE, "OW-SUBMIT")
        await counter.until(lambda: counter.screen.slips_waiting == 1)
        await counter.scan("OW-REPRINT")
        assert "still waits for the printer" in counter.screen.said

    at_the_counter(folder, play, online=False)


def test_while_the_hub_is_away_orders_are_held_back_and_go_out_when_it_returns(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        counter.link.hub_status("offline")
        await counter.scan(RICE, "OW-SUBMIT", COLA, "OW-SUBMIT")
        await counter.until(lambda: len(counter.printer.slips) == 2)
        assert counter.link.orders() == []
        assert counter.screen.link == "hub_away"
        counter.link.hub_status("online")
        await counter.until(lambda: len(counter.link.orders()) == 2)
        assert [order.seq for order in counter.link.orders()] == [1, 2]

    at_the_counter(folder, play)


def test_without_an_answer_in_time_the_queued_slip_prints(folder: Path) -> None:
    async def run() -> None:
        async with running(folder, queued_after_s=0.05) as counter:
            await counter.order(RICE)
            await counter.until(lambda: len(counter.printer.slips) == 1)
            assert "Q U E U E D" in counter.printer.slips[0]

    asyncio.run(run())


def test_an_answer_that_comes_twice_prints_once_and_is_acknowledged_twice(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.answer(order)
        counter.link.answer(order)
        await counter.until(lambda: len(counter.link.of_kind("ack")) == 2)
        await counter.until(lambda: counter.printer.slips and counter.screen.slips_waiting == 0)
        assert len(counter.printer.slips) == 1

    at_the_counter(folder, play)


def test_a_notice_prints_and_an_older_revision_after_it_does_not(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.notify(order, "cancelled", 2, "The shop closed")
        counter.link.answer(order, revision=1)
        await counter.until(lambda: len(counter.link.of_kind("ack")) == 2)
        await counter.until(lambda: counter.printer.slips and counter.screen.slips_waiting == 0)
        assert len(counter.printer.slips) == 1
        assert "C A N C E L L E D" in counter.printer.slips[0]
        assert counter.screen.last_status == "CANCELLED"

    at_the_counter(folder, play)

    assert only_record(folder).status == "cancelled"


def test_a_refused_order_is_parked_shown_and_does_not_hold_the_next_one_up(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        first = await counter.order(RICE)
        counter.link.refuse(first, "sequence_conflict", "Another order has this sequence")
        await counter.until(lambda: counter.screen.parked == 1)
        second = await counter.order(COLA)
        counter.link.answer(second)
        await counter.until(lambda: len(counter.printer.slips) == 2)
        assert "N O T   T A K E N" in counter.printer.slips[0]
        assert counter.screen.queued == 0

    at_the_counter(folder, play)

    assert [record.state for record in read_records(folder)] == ["parked", "answered"]


def test_two_submits_at_once_make_one_order(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(RICE, "OW-SUBMIT", "OW-SUBMIT")
        assert counter.screen.said == "Order shop-1-00001 stored"
        await counter.scan("OW-UNDO", "OW-SUBMIT")
        assert counter.screen.said == "Nothing to submit"

    at_the_counter(folder, play)

    assert only_record(folder).seq == 1


def test_the_number_on_a_slip_and_the_reprint_command_give_marked_copies(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.answer(order)
        await counter.until(lambda: counter.screen.slips_waiting == 0 and counter.printer.slips)
        await counter.scan(order.data.number, "OW-REPRINT")
        await counter.until(lambda: len(counter.printer.slips) == 3)
        assert "COPY" not in counter.printer.slips[0]
        assert "COPY 1" in counter.printer.slips[1]
        assert "COPY 2" in counter.printer.slips[2]

    at_the_counter(folder, play)


def test_an_open_order_survives_a_restart_line_by_line(folder: Path) -> None:
    async def first(counter: Counter) -> None:
        await counter.scan(COLA, COLA, RICE, "OW-QTY-7")

    async def second(counter: Counter) -> None:
        assert "before the restart" in counter.screen.said
        await counter.scan("OW-UNDO")
        order = await counter.order()
        assert [(line.sku, line.qty) for line in order.data.lines] == [
            ("COLA-600", 2),
            ("RICE-5KG", 1),
        ]

    at_the_counter(folder, first)
    at_the_counter(folder, second)


def test_an_unanswered_order_is_sent_again_after_a_restart_byte_for_byte(folder: Path) -> None:
    sent: list[bytes] = []

    async def play(counter: Counter) -> None:
        if not sent:
            await counter.order(RICE)
        await counter.until(counter.link.orders)
        sent.append(next(load for topic, load in counter.link.sent if topic.endswith("/order")))

    at_the_counter(folder, play)
    at_the_counter(folder, play)

    assert sent[0] == sent[1]


def test_a_cancelled_order_leaves_nothing_behind(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan(COLA, "OW-CANCEL")
        assert len(counter.screen.lines) == 1
        await counter.scan("OW-CANCEL")
        assert not counter.screen.lines
        assert counter.signals.beeps[-1] == "done"

    at_the_counter(folder, play)

    assert read_records(folder) == ()


def test_the_status_command_prints_how_the_terminal_is(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        await counter.scan("OW-STATUS")
        await counter.until(lambda: counter.printer.slips)
        assert "Hub: there" in counter.printer.slips[0]

    at_the_counter(folder, play)


def test_time_is_the_hubs_after_its_first_message_and_untrusted_before(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        before = await counter.order(RICE)
        counter.link.answer(before)
        after = await counter.order(COLA)
        assert (before.data.clock_trusted, after.data.clock_trusted) == (False, True)
        assert after.data.captured_at // 1_000_000 == 1_790_000

    at_the_counter(folder, play)


def test_a_garbled_message_of_the_hub_changes_nothing(folder: Path) -> None:
    async def play(counter: Counter) -> None:
        order = await counter.order(RICE)
        counter.link.deliver_raw(b"{not json")
        counter.link.deliver_raw(b'{"v":9,"type":"answer"}')
        counter.link.answer(order)
        await counter.until(lambda: len(counter.printer.slips) == 1)
        assert "C O N F I R M E D" in counter.printer.slips[0]

    at_the_counter(folder, play)


def test_a_slip_that_cannot_be_encoded_does_not_hold_up_the_next(folder: Path) -> None:
    class Picky(TextEncoder):
        async def encode(self, rows: Sequence[Row]) -> Job:
            if any("00001" in row.left for row in rows):
                raise EncodingError("no")
            return await super().encode(rows)

    async def run() -> None:
        async with running(folder, encoder=Picky()) as counter:
            for _ in range(2):
                counter.link.answer(await counter.order(RICE))
            await counter.until(lambda: counter.printer.slips)
            assert "0 0 0 0 2" in counter.printer.slips[0]
            assert counter.screen.slips_unknown == 1

    asyncio.run(run())


def test_damaged_records_are_told_to_the_hub_and_the_counter_opens(folder: Path) -> None:
    (folder / FILE).write_bytes(b"ruined" * 1000)

    async def run() -> None:
        async with running(folder) as counter:
            await counter.until(lambda: counter.link.of_kind("log"))
            told = counter.link.of_kind("log")[0]["data"]
            assert (told["level"], told["code"]) == ("alarm", "records_damaged")

    asyncio.run(run())


@pytest.mark.parametrize("damage", [b"[]", None], ids=["no pack", "another pack's bytes"])
def test_a_stored_pack_that_is_damaged_gives_way_to_the_one_before(
    folder: Path, shop: Shop, damage: bytes | None
) -> None:
    store = Store(folder, "before")
    store.swap_pack("f" * 64, damage or shop.pack.replace(b"381000", b"381001"))
    store.close()
    assert audit(folder).faults == ("rule pack ffffffffffff: its bytes have another hash",)

    async def run() -> None:
        async with running(folder) as counter:
            await counter.scan(COLA)
            assert counter.screen.lines[0].amount == "38.10"
            await counter.told("pack_unreadable")
            order = await counter.order()
            assert order.data.quote is not None
            assert order.data.quote.pack == digest(shop.pack)

    asyncio.run(run())


def test_a_terminal_that_ends_lets_its_printer_go(folder: Path) -> None:
    async def run() -> tuple[bool, bool]:
        async with running(folder) as counter:
            before = counter.printer.is_let_go
        return before, counter.printer.is_let_go

    assert asyncio.run(run()) == (False, True)


def test_an_order_that_staff_placed_is_printed_with_who_placed_it_and_acknowledged(
    folder: Path,
) -> None:
    async def play(counter: Counter) -> None:
        own = await counter.order(COLA)
        counter.link.answer(own)
        placed = uuid7(NOW_MS, b"by staff..")
        decision = replace(answer_to(own), order=placed, number="S-000012")
        data = NoticeData(
            order=placed,
            number="S-000012",
            revision=1,
            status="confirmed",
            reasons=[],
            decision=decision,
            placed_by="Asha Rao",
        )
        counter.link.deliver(
            Notice(id=uuid7(NOW_MS, b"a notice.."), term=TERMINAL, boot=1, at=NOW_MS, data=data),
            "notice",
        )
        await counter.until(lambda: len(counter.printer.slips) == 2)
        await counter.until(lambda: len(counter.link.of_kind("ack")) == 2)

        slip = counter.printer.slips[1]
        assert "NOTICE" in slip
        assert "Ordered for you by Asha Rao" in slip
        assert "S - 0 0 0 0 1 2" in slip
        assert "COLA-600 of the hub" in slip
        assert counter.link.of_kind("ack")[1]["data"] == {"order": placed, "revision": 1}

    at_the_counter(folder, play)

    assert len(read_records(folder)) == 1
