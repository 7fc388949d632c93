"""A counter of the firmware on a folder, for cases that run on Python and on MicroPython alike."""

import json

from firmware.app.counter import Counter
from firmware.app.desk import Desk
from firmware.app.postbox import Postbox
from firmware.flash.settings import Settings
from firmware.flash.building import build_products
from tests.builders.on_micropython.folders import new_folder

SETTINGS = Settings({"id": "anand-stores", "password": "x", "host": "h"})
GOLDEN = "tests/golden/wire/"


class FakeBoard:
    """A board of a folder; `now` is its clock, which goes when it is told to."""

    takes_updates = False

    def __init__(self):
        self.folder = new_folder()
        self.said = []
        self.now = 0

    def ticks_ms(self):
        return self.now

    def say(self, tone, text):
        self.said.append(tone + " " + text)

    def wake(self):
        return None

    def free_bytes(self):
        return 1_000_000


def kept(name):
    with open(GOLDEN + name + ".json", "rb") as stream:
        return stream.read()


def opened(board=None):
    """Open a counter that sells tea in pieces and cases, and nuts in grams."""
    board = board or FakeBoard()
    product = '{"base_unit":"%s","gtins":[],"name":"%s","pack_sizes":{"CASE":12},"sku":"%s"}'
    products = [product % ("PCS", "Tea", "TEA"), product % ("G", "Nuts", "NUT")]
    write(board, '{"format":1,"products":[%s]}' % ",".join(products))
    list(build_products(board.folder + "/part", board.folder + "/products"))
    desk = Desk(board, SETTINGS)
    desk.journal.keep_shop({"customer_id": "C1", "customer": "First (C1)"})
    counter = Counter(desk)

    def scan(*codes):
        """Scan codes; gives what was said to the last one."""
        for code in codes:
            counter.handle(code)
        return board.said[-1]

    return desk, scan, Postbox(desk)


def write(board, text):
    with open(board.folder + "/part", "wb") as stream:
        stream.write(text.encode())


def deliver(postbox, payload):
    postbox.deliver("down", memoryview(payload), True)


def sent(desk):
    """Give the order that was submitted last, as it goes to the hub."""
    stored = desk.journal.by_seq(desk.journal.next_seq - 1)
    return json.loads(bytes(desk.journal.payload(stored)[:]))["data"]


def counter_named(postbox):
    return json.loads(postbox.status("online"))["data"]["counter"]
