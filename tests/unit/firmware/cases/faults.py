"""What a fault of the flash, the printer or the line leaves: it is known, and taken up again."""

import asyncio
import json
import os

from firmware.app.incoming import Incoming
from firmware.app.printing import SlipPrinter
from firmware.app.slips import slip_bytes
from firmware.flash.card import Card
from tests.builders.on_micropython.opened_counter import FakeBoard, deliver, kept, opened, sent


class Unplugged(FakeBoard):
    """A board whose printer is gone when it is to say that it has printed."""

    has_printer = True

    def __init__(self):
        super().__init__()
        self.rested = asyncio.Event()

    def forget_printer_input(self):
        return None

    async def print(self, _chunk):
        return None

    async def printer_reply(self, _within_s):
        raise OSError(19)

    async def sleep(self, _most_ms, _who):
        self.rested.set()
        await asyncio.sleep(3600)


class Tight(FakeBoard):
    """A board whose heap is full when it is asked for room, while `is_full`."""

    is_full = False

    def free_bytes(self):
        if self.is_full:
            raise MemoryError
        return super().free_bytes()


def answered(desk):
    told, order = json.loads(kept("answer")), sent(desk)
    told["data"].update({"order": order["order"], "number": order["number"]})
    return json.dumps(told).encode()


def test_a_heap_that_is_full_starts_the_board_again_only_at_a_second_scan_in_a_row():
    board = Tight()
    _, scan, _ = opened(board)
    told = "error it may not be stored"

    for _ in range(2):
        board.is_full = True
        assert scan("TEA").startswith(told)
        board.is_full = False
        assert scan("OW-UNDO") == "error there is nothing to take back"

    board.is_full = True
    assert scan("TEA").startswith(told)
    try:
        scan("TEA")
    except MemoryError:
        return
    raise AssertionError


def test_a_halt_that_cannot_be_stored_is_not_taken_and_is_taken_when_it_comes_again():
    desk, _, postbox = opened()
    told = json.loads(kept("halt"))
    told["data"]["starts"] = [desk.start]
    os.mkdir(desk.board.folder + "/card.new")  # where the file is to be written

    try:
        deliver(postbox, json.dumps(told).encode())
        raise AssertionError
    except OSError:
        assert not desk.card.halted

    os.rmdir(desk.board.folder + "/card.new")
    deliver(postbox, json.dumps(told).encode())
    assert Card(desk.board.folder, desk.new_id).halted


def test_what_comes_after_a_gap_is_no_start_of_a_message():
    desk, _, _ = opened()
    os.mkdir(desk.board.folder + "/incoming")  # where the file is to be written
    room = Incoming(desk.board.folder, size=100)

    room.begin()
    for chunk in (b"a" * 60, b"b" * 60, b"c" * 10):
        room.add(chunk)

    assert bytes(room.content()) == b"a" * 60
    assert not room.is_whole


def test_of_a_message_that_flash_does_not_keep_there_is_what_memory_has_of_it():
    desk, _, _ = opened()
    room = Incoming(desk.board.folder, size=100)
    room.begin()
    room.add(b"x" * 100)

    room.begin()
    for chunk in (b"a" * 60, b"b" * 60):
        room.add(chunk)
    room.give_up()

    assert bytes(room.content()) == b"a" * 60
    assert not room.is_whole


def test_of_what_is_to_be_told_nothing_is_left_out_that_was_not_sent():
    class Client:
        async def publish(self, _where, payload):
            gone.append(json.loads(payload)["data"]["code"])
            if len(gone) == 1:
                for number in range(40):
                    desk.remark("warning", "code_%d" % number, "more than are kept")
                left.extend(json.loads(told)["data"]["code"] for _, told in desk.remarks)

    desk, _, postbox = opened()
    gone, left = [], []
    desk.remarks.clear()
    desk.remark("warning", "first", "the first")

    asyncio.run(postbox.send_due(Client()))

    assert gone == ["first"] + left
    assert len(left) > 10


def test_a_slip_that_was_broken_off_by_a_fault_is_unknown_at_once_and_said():
    async def run():
        board = Unplugged()
        desk, scan, postbox = opened(board)
        scan("TEA", "OW-SUBMIT")
        deliver(postbox, answered(desk))
        printing = asyncio.create_task(SlipPrinter(desk).run())
        await board.rested.wait()
        printing.cancel()
        return desk

    desk = asyncio.run(run())

    assert desk.journal.newest.state == "unknown"
    assert "print_unknown" in " ".join(desk.board.said)


def test_an_order_that_the_hub_refused_waits_no_more_and_prints_that_it_was_not_taken():
    desk, scan, postbox = opened()
    scan("TEA", "OW-SUBMIT")
    told = json.loads(kept("refused"))
    told["data"]["order"] = sent(desk)["order"]

    deliver(postbox, json.dumps(told).encode())

    slip = desk.journal.slips()[0]
    assert len(desk.outbox) == 0
    assert slip.kind == "refused"
    assert b"NOT TAKEN" in b"".join(slip_bytes(desk, slip, 0))
