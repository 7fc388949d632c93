"""The desk with its counter and postbox: what comes in, and what the flash lets happen."""

import asyncio
import json
import os

from firmware.app.counter import Counter
from firmware.app.desk import Desk
from firmware.app.incoming import Incoming
from firmware.app.link import Link
from firmware.app.postbox import Postbox
from firmware.app.reports import report_bytes
from firmware.app.slips import slip_bytes
from firmware.core.order import order_of
from firmware.fetched.fetching import split_url
from firmware.fetched.snapshots import SnapshotKeeper
from firmware.flash.building import build_products
from firmware.flash.journal import Journal
from firmware.flash.records import RecordFile
from firmware.flash.settings import Settings, keep_settings, load_settings
from tests.builders.on_micropython.folders import new_folder

SETTINGS = Settings({"id": "shop-1", "password": "x", "host": "h"})


class FakeBoard:
    """A board of a folder; `free` is what the flash says of its room."""

    def __init__(self):
        self.folder = new_folder()
        self.said = []
        self.free = 1_000_000
        self.now = 0

    def ticks_ms(self):
        self.now += 1
        return self.now

    def say(self, tone, text):
        self.said.append(tone + " " + text)

    def wake(self):
        return None

    def free_bytes(self):
        return self.free

    async def sleep(self, _most_ms, _who):
        await asyncio.sleep(3600)


class FullFile(RecordFile):
    """Records on a flash that has no room left."""

    def append(self, kind, *parts):
        raise OSError(28)


def opened(board=None):
    board = board or FakeBoard()
    product = '{"base_unit":"%s","gtins":[%s],"name":"%s","pack_sizes":{"CASE":12},"sku":"%s"}'
    products = [product % ("PCS", "", "Tea", "TEA")]
    products.append(product % ("G", '"2112345000008"', "Nuts", "NUT"))
    products.append(product % ("PCS", '"2212345000005"', "Cheese", "CHEESE"))
    products.append(product % ("PCS", '"00000001000009"', "Short", "EIGHT"))
    products.append(product % ("PCS", '"98901234567893"', "Ham", "HAM"))
    own = '{"article":5,"measures":"%s","prefix":"%s"}'
    table = own % ("weight", "21") + "," + own % ("price", "22")
    whole = '{"format":1,"products":[%s],"own_prefixes":[%s]}' % (",".join(products), table)
    with open(board.folder + "/part", "wb") as stream:
        stream.write(whole.encode())
    list(build_products(board.folder + "/part", board.folder + "/products"))
    desk = Desk(board, SETTINGS)
    desk.journal.keep_shop({"customer_id": "C1", "customer": "First (C1)"})
    return desk, Counter(desk), Postbox(desk)


def ordered(desk, counter):
    """Submit an order; gives it as the journal has it."""
    counter.handle("TEA")
    counter.handle("OW-SUBMIT")
    assert desk.board.said[-1].startswith("done stored"), desk.board.said
    return desk.journal.by_seq(desk.journal.next_seq - 1)


def answer(stored, term="shop-1", revision=1, notes=0):
    with open("tests/golden/wire/answer.json", "rb") as stream:
        told = json.loads(stream.read())
    data = told["data"]
    data.update({"order": stored.order, "number": stored.number, "revision": revision})
    whole = (
        '{"type":"answer","v":1,"id":"%s","term":"%s","boot":1,"seq":0,"at":1760000042310,'
        '"ref":null,"data":{"order":"%s","number":"%s","revision":%d,"status":"confirmed",'
        '"reasons":[],"near":%s}}'
    )
    near = json.dumps(["x" * 100] * notes)
    return (whole % (told["id"], term, stored.order, stored.number, revision, near)).encode()


def deliver(postbox, payload, room=2000):
    postbox.deliver("down", memoryview(payload)[:room], len(payload) <= room)


def test_an_answer_frees_the_outbox_spools_a_slip_and_is_acknowledged():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)

    deliver(postbox, answer(stored))

    assert len(desk.outbox) == 0
    assert [one.kind for one in desk.journal.slips()] == ["answer"]
    assert [kind for kind, _ in desk.remarks] == ["ack"]
    assert desk.clock.is_trusted


def test_an_answer_that_comes_again_prints_nothing_and_is_acknowledged_again():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)

    deliver(postbox, answer(stored))
    deliver(postbox, answer(stored))

    assert len(desk.journal.slips()) == 1
    assert len(desk.remarks) == 2


def test_an_answer_for_another_terminal_is_not_taken():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)

    deliver(postbox, answer(stored, term="shop-2"))

    assert len(desk.outbox) == 1
    assert desk.journal.slips() == []
    assert b"message_misdirected" in desk.remarks[0][1]
    assert not desk.clock.is_trusted


def test_an_answer_that_is_too_long_is_taken_by_its_start():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)

    deliver(postbox, answer(stored, notes=100))

    assert len(desk.outbox) == 0
    assert [one.kind for one in desk.journal.slips()] == ["short"]
    assert desk.journal.by_seq(1).status == "confirmed"


def arrived(payload, folder, longest=9000):
    """Have a payload come in chunks, as from a line; gives the room."""
    room = Incoming(folder, size=100, longest=longest)
    for start in (0, 1):
        room.begin()
        for at in range(start, len(payload), 70):
            room.add(payload[at : at + 70])
    room.begin()
    for at in range(0, len(payload), 70):
        room.add(payload[at : at + 70])
    return room


def test_an_answer_longer_than_the_memory_for_it_comes_by_way_of_the_flash_and_prints_whole():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    payload = answer(stored, notes=40)
    room = arrived(payload, desk.board.folder)

    postbox.deliver("down", room.content(), room.is_whole)

    assert room.is_whole
    assert [one.kind for one in desk.journal.slips()] == ["answer"]
    assert desk.journal.answer(desk.journal.by_seq(1))[0:9999] == payload
    again = Journal(desk.board.folder)
    assert again.answer(again.by_seq(1))[0:9999] == payload


def test_a_short_message_never_touches_the_flash():
    desk, _, _ = opened()
    room = arrived(b"x" * 100, desk.board.folder)

    assert bytes(room.content()) == b"x" * 100
    assert room.is_whole
    assert "incoming" not in os.listdir(desk.board.folder)


def test_of_an_answer_longer_than_a_record_the_start_is_taken():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    room = arrived(answer(stored, notes=100), desk.board.folder)

    postbox.deliver("down", room.content(), room.is_whole)

    assert not room.is_whole
    assert len(room.content()) <= 9000
    assert [one.kind for one in desk.journal.slips()] == ["short"]


def test_on_a_flash_that_cannot_be_written_the_start_in_memory_is_taken():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    payload = answer(stored, notes=40)
    room = Incoming(desk.board.folder + "/none", size=1000)
    room.begin()
    for at in range(0, len(payload), 70):
        room.add(payload[at : at + 70])

    postbox.deliver("down", room.content(), room.is_whole)

    assert not room.is_whole
    assert [one.kind for one in desk.journal.slips()] == ["short"]
    assert desk.journal.by_seq(1).status == "confirmed"


def printed(desk):
    """Give the text of the slip that prints next."""
    return b"".join(slip_bytes(desk, desk.journal.slips()[0], 0)).decode("latin-1")


def test_an_answer_of_an_earlier_flash_prints_and_says_that_it_may_be_on_paper_already():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    payload = answer(stored).replace(stored.order.encode(), (stored.order[:-4] + "ffff").encode())

    deliver(postbox, payload.replace(stored.number.encode(), b"shop-1-00041"))

    assert len(desk.outbox) == 1
    assert [one.kind for one in desk.journal.slips()] == ["answer"]
    assert printed(desk).count("MAY HAVE BEEN PRINTED BEFORE") == 2
    assert [kind for kind, _ in desk.remarks] == ["ack"]


def test_an_answer_of_an_order_that_was_made_here_and_let_go_of_prints_nothing_more():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    payload = answer(stored).replace(stored.order.encode(), (stored.order[:-4] + "ffff").encode())

    deliver(postbox, payload)

    assert len(desk.outbox) == 1
    assert desk.journal.slips() == []


def test_an_answer_that_the_hub_tells_again_says_so_and_a_first_one_does_not():
    for tail, marks in ((b"}", 0), (b',"again":true}', 2)):
        desk, counter, postbox = opened()
        payload = answer(ordered(desk, counter))

        deliver(postbox, payload[:-1] + tail)

        assert printed(desk).count("MAY HAVE BEEN PRINTED BEFORE") == marks


def notice(stored, revision, code):
    """Write a notice that gives one reason."""
    told = answer(stored, revision=revision).replace(b'"type":"answer"', b'"type":"notice"')
    reason = '"reasons":[{"code":"%s","line":null,"text":"so it is"}]' % code
    return told.replace(b'"reasons":[]', reason.encode())


def listed_open(desk):
    """Give the slip that OPEN prints."""
    return b"".join(report_bytes(desk, ("OPEN",))).decode("latin-1")


def test_a_delivered_order_is_on_its_way_no_more_whatever_the_hub_says_of_it_later():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    other = ordered(desk, counter)
    for one in (stored, other):
        deliver(postbox, answer(one))
        deliver(postbox, notice(one, 2, "order_dispatched"))
    assert stored.number in listed_open(desk)

    deliver(postbox, notice(stored, 3, "order_delivered_part"))
    deliver(postbox, notice(stored, 4, "order_billed_by"))

    for begin in (desk.journal.rewrite, desk.reload):
        assert stored.number not in listed_open(desk)
        assert other.number in listed_open(desk)
        begin()
    assert stored.number not in listed_open(desk)


def test_what_cannot_be_read_is_said_and_changes_nothing():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    whole = answer(stored)

    for payload in (b"", b"{", b"\xff" * 10, whole[:-30], whole.replace(b'"confirmed"', b"7")):
        deliver(postbox, payload)
    deliver(postbox, whole.replace(b'"type":"answer"', b'"type":"config"'))
    deliver(postbox, whole.replace(b'"revision":1', b'"revision":-1'))

    assert len(desk.outbox) == 1
    assert desk.journal.slips() == []
    assert len(desk.remarks) == 7


def test_an_answer_that_cannot_be_stored_is_not_taken():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    os.rename(desk.board.folder, desk.board.folder + "-away")

    try:
        deliver(postbox, answer(stored))
    except OSError:
        assert desk.remarks == []
        assert len(desk.outbox) == 1
        return
    raise AssertionError


def test_a_scan_that_cannot_be_stored_is_not_in_the_order():
    desk, counter, _ = opened()
    counter.handle("TEA")
    desk.journal._file = FullFile(desk.board.folder + "/journal")

    counter.handle("TEA")

    assert "it may not be stored" in desk.board.said[-1]
    assert [line.quantity for line in desk.order.lines] == [1]


def test_a_full_flash_refuses_the_next_order_and_takes_the_answer():
    desk, counter, postbox = opened()
    stored = ordered(desk, counter)
    desk.board.free = 20_000

    counter.handle("TEA")
    deliver(postbox, answer(stored))

    assert any("flash is full" in one for one in desk.board.said)
    assert desk.journal.by_seq(1).status == "confirmed"


def test_a_catalogue_of_which_not_even_a_list_has_room_is_refused_once_and_said():
    desk, _, postbox = opened()
    large = {"hash": "0" * 64, "size": 900_000}
    desk.journal.keep_shop({"catalogue": large, "pack": large, "http": "http://h"})
    desk.board.free = 100_000
    keeper = SnapshotKeeper(desk, postbox)

    async def look():
        for _ in range(2):
            task = asyncio.create_task(keeper.run())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            task.cancel()

    asyncio.run(look())

    assert len(desk.remarks) == 1
    assert b"catalogue_too_large" in desk.remarks[0][1]
    assert desk.catalogue.find("TEA") is not None


def test_a_code_of_the_shop_s_scale_counts_what_it_weighs():
    desk, counter, _ = opened()

    counter.handle("2112345012346")
    counter.handle("2212345099993")

    assert [(line.sku, line.quantity) for line in desk.order.lines] == [
        ("NUT", 1234),
        ("CHEESE", 1),
    ]
    assert "the price on its label is not used" in desk.board.said[-1]
    assert order_of(desk.journal.events).lines[0].quantity == 1234


def test_a_weight_of_what_is_counted_is_refused_and_changes_nothing():
    desk, counter, _ = opened()

    counter.handle("https://a.b/01/98901234567893?3103=001500")

    assert not desk.order.lines
    assert "Ham is counted in PCS, not 1500 g" in desk.board.said[-1]


def test_digits_of_two_readings_are_the_product_that_the_catalogue_has():
    desk, counter, _ = opened()

    counter.handle("01000009")

    assert [line.sku for line in desk.order.lines] == ["EIGHT"]


def status_slip(desk):
    return b"".join(report_bytes(desk, ("STATUS",)))


def test_before_the_hub_was_heard_the_slip_says_that_the_clock_is_not_set():
    desk, counter, postbox = opened()
    assert b"1970" in status_slip(desk)
    assert b"clock not set" in status_slip(desk)

    deliver(postbox, answer(ordered(desk, counter)))

    assert b"09 Oct 2025 14:24\n" in status_slip(desk)


def test_a_restart_begins_no_earlier_than_the_hub_was_last_heard():
    desk, counter, postbox = opened()
    deliver(postbox, answer(ordered(desk, counter)))

    later = Desk(desk.board, SETTINGS)

    assert b"09 Oct 2025" in status_slip(later)
    assert not later.clock.is_trusted


def test_without_its_customer_an_order_is_not_submitted():
    desk, counter, _ = opened()
    desk.journal.keep_shop({})
    counter.handle("TEA")

    counter.handle("SUBMIT")

    assert "hub was not heard" in desk.board.said[-1]
    assert len(desk.order.lines) == 1


def test_the_hub_s_absence_makes_orders_wait_and_its_return_makes_them_due():
    desk, _, postbox = opened()
    gone = (
        b'{"type":"hub_status","v":1,"id":"i","term":"hub","boot":1,"at":1,"data":{"state":"%s"}}'
    )

    postbox.deliver("ow/v1/hub/status", memoryview(gone % b"offline"), True)
    assert not desk.hub_there
    postbox.deliver("ow/v1/hub/status", memoryview(gone % b"online"), True)
    assert desk.hub_there


def test_settings_are_kept_whole_or_refused():
    board = FakeBoard()
    assert load_settings(board.folder) is None
    told = {"id": "a", "password": "b", "host": "c", "port": 8883, "columns": 32}

    keep_settings(board.folder, told)

    assert load_settings(board.folder).port == 8883
    for wrong in ({"id": "a"}, dict(told, port="x")):
        try:
            keep_settings(board.folder, wrong)
        except ValueError:
            continue
        raise AssertionError(wrong)
    assert load_settings(board.folder).columns == 32


def test_the_hub_s_address_is_split():
    assert split_url("http://127.0.0.1:8080") == (False, "127.0.0.1", 8080, "")
    assert split_url("https://hub.example/ow/") == (True, "hub.example", 443, "/ow")


class CrampedBoard(FakeBoard):
    """A board whose heap is in pieces the first time that it connects."""

    def __init__(self):
        FakeBoard.__init__(self)
        self.tries = 0
        self.again = asyncio.Event()

    async def join_network(self, _settings):
        return None

    async def connect(self, _settings):
        self.tries += 1
        if self.tries == 1:
            raise MemoryError
        self.again.set()
        raise OSError(111)


def test_a_link_without_memory_is_made_again_and_keeps_the_order():
    async def linked():
        board = CrampedBoard()
        desk, counter, postbox = opened(board)
        ordered(desk, counter)
        running = asyncio.create_task(Link(desk, postbox).run())
        await board.again.wait()
        running.cancel()
        return desk

    desk = asyncio.run(linked())

    assert "MemoryError" in " ".join(desk.board.said)
    assert len(desk.outbox) == 1
