"""Cuts the power of a counter's journal at every write of so many orders, and looks at each flash.

    micropython every_cut.py 200

The counter lives once, to its end. After each act of the journal, what a cut in the middle of each
of its writes and erasures would have left on the flash is mounted and read, as after a start.
"""

import sys

import vfs
from dying_flash import DyingFlash
from firmware.flash.journal import Journal

BLOCKS = 64
LINES = 3
ERASED = b"\xff" * 4096


class RememberingFlash(DyingFlash):
    """A flash that keeps what is written and erased, to be cut in the middle of each afterwards.

    `content` is the flash as it was before; the changes since are kept, not their whole contents:
    rewriting the journal of 200 orders takes hundreds of them.
    """

    def __init__(self):
        super().__init__(blocks=BLOCKS)
        self.changes = []

    def writeblocks(self, block, buffer, offset=0):
        self.changes.append((block * self.block_size + offset, bytes(buffer)))
        return super().writeblocks(block, buffer, offset)

    def _erase(self, block):
        self.changes.append((block * self.block_size, ERASED))
        return super()._erase(block)


def cut_in_each(before, changes):
    """Give the flash that a cut in the middle of each change leaves; `before` follows them all."""
    torn = DyingFlash(blocks=BLOCKS)
    for at, change in changes:
        half = len(change) // 2
        torn.content[:] = before
        torn.content[at : at + half] = change[:half]
        yield torn
        before[at : at + len(change)] = change


class Told:
    """What the shop was told is stored; `began` is what was begun and not told yet."""

    def __init__(self):
        self.stored = 0
        self.answered = 0
        self.events = 0
        self.began = ""


def live(journal, told, orders):
    """Order so many times; each act of the journal ends at a yield, before it is told."""
    journal.begin(1_760_000_000_000)
    yield
    for seq in range(1, orders + 1):
        for line in range(LINES):
            told.began = "event"
            journal.keep_event(["scan", "SKU-%d" % line, "Tea", "", 1, 0, 2])
            yield
            told.events += 1
        told.began = "order"
        head = {"seq": seq, "order": "order-%d" % seq, "number": "n-%d" % seq, "id": "m"}
        journal.submit(head, payload(seq), shown=b"[]")
        yield
        told.stored, told.events = seq, 0
        told.began = "slip"
        journal.spool_queued(journal.by_seq(seq))
        yield
        for state in ("sent", "printed"):
            journal.slip_became(journal.slips()[0] if state == "sent" else journal.newest, state)
            yield
        told.began = "answer"
        taken = {"order": "order-%d" % seq, "number": "n-%d" % seq, "revision": 1, "at": seq}
        journal.take(dict(taken, status="confirmed", kind="answer"), b"answer %d" % seq * 60)
        yield
        told.answered = seq
        told.began = "slip"
        for state in ("sent", "printed"):
            journal.slip_became(journal.slips()[0] if state == "sent" else journal.newest, state)
            yield
        told.began = "tidy"
        journal.tidy()
        yield


def payload(seq):
    return b"payload %d" % seq * 40


def check(journal, told, cut):
    """See that all that was told is there, once, and at most the one thing more that was begun."""
    more = told.began == "order" and journal.last_seq == told.stored + 1
    last = told.stored + more
    assert journal.last_seq == last, (cut, journal.last_seq, told.stored, told.began)
    waiting = list(journal.waiting())
    ahead = told.began == "answer" and told.answered < told.stored and not waiting
    done = told.answered + ahead
    assert waiting == list(range(done + 1, last + 1)), (cut, waiting, done)
    for seq in waiting:
        assert journal.payload(journal.by_seq(seq))[:] == payload(seq), cut
    seqs = [one.seq for one in journal.orders]
    assert len(set(seqs)) == len(seqs), (cut, seqs)
    if done:
        newest = journal.by_seq(done)
        assert newest.status == "confirmed", cut
        assert journal.answer(newest)[:] == b"answer %d" % done * 60, cut
    events = len(list(journal.events))
    kept = 0 if more else told.events
    assert events in (kept, kept + (told.began == "event")), (cut, events, told.events)
    assert journal.alarms == [], (cut, journal.alarms)


orders = int(sys.argv[1])
flash, told, cuts = RememberingFlash(), Told(), 0
vfs.VfsLfs2.mkfs(flash)
vfs.mount(vfs.VfsLfs2(flash), "/flash")
before, flash.changes = bytearray(flash.content), []
for _ in live(Journal("/flash"), told, orders):
    changes, flash.changes = flash.changes, []
    for cut in cut_in_each(before, changes):
        vfs.mount(vfs.VfsLfs2(cut), "/cut")
        check(Journal("/cut"), told, cuts)
        vfs.umount("/cut")
        cuts += 1
    assert before == flash.content
print("cuts", cuts, "orders", told.answered, "writes", flash.programs, "erases", flash.erases)
