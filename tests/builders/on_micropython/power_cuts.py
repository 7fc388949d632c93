"""Cuts the power of a journal at every write of its flash, and looks at what is left."""

import vfs
from dying_flash import DyingFlash
from firmware.flash.journal import Journal

ORDERS = 4


class Memory:
    """What the shop was told is stored."""

    def __init__(self):
        self.orders = []
        self.ids = []
        self.answered = []
        self.events = 0
        self.boots = 0
        self.began = ""


def live(journal, memory):
    """One day at the counter; what is told is told only after the journal has it."""
    journal.begin(1_760_000_000_000)
    memory.boots += 1
    for number in range(1, ORDERS + 1):  # each other one is another's number at the hub
        memory.began = "event"
        for _ in range(2):
            journal.keep_event(["scan", "TEA", "Tea", "", 1, 0, 2])
            memory.events += 1
        memory.began = "order"
        seq = journal.next_seq
        head = {"seq": seq, "order": "order-%d" % seq, "number": "n-%d" % seq}
        journal.submit(head, b"payload %d" % seq * 20)
        memory.orders.append(seq)
        memory.ids.append("order-%d" % seq)
        memory.events = 0
        memory.began = "slip"
        journal.spool_queued(journal.by_seq(seq))
        journal.slip_became(journal.slips()[0], "sent")
        journal.slip_became(journal.newest, "printed")
        if number % 2:
            memory.began = "answer"
            told = {"order": "order-%d" % seq, "number": "n-%d" % seq, "revision": 1}
            journal.take(dict(told, status="confirmed", kind="answer", at=1), b"answer" * 30)
            memory.answered.append(seq)
        else:
            memory.began = "move"
            journal.number_above(seq + 1)
            moved = {"seq": seq + 2, "order": "order-%d" % seq, "number": "n-%d" % (seq + 2)}
            journal.renumber(moved, b"payload %d" % (seq + 2) * 20)
            memory.orders[-1] = seq + 2
        memory.began = "rewrite"
        journal.rewrite()
    memory.began = ""


def check(journal, memory, cut):
    """See that all that was told is there, and at most the one thing more that was begun."""
    seqs = [one.seq for one in journal.orders]
    told = [list(memory.orders)]
    last = memory.orders[-1] if memory.orders else 0
    if memory.began == "order":
        told.append(memory.orders + [last + 1])
    elif memory.began == "move":
        told.append(memory.orders[:-1] + [last + 2])
    assert seqs in told, (cut, seqs, told)
    assert (seqs[-1] if seqs else 0) < journal.next_seq <= last + 3, (cut, journal.next_seq)
    for one in journal.orders:
        assert journal.payload(one)[:] == b"payload %d" % one.seq * 20, cut
    assert [one.order for one in journal.orders][: len(memory.ids)] == memory.ids, cut
    waiting = [seq for seq in seqs if seq not in memory.answered]
    answering = [memory.orders[-1]] if memory.began == "answer" and memory.orders else []
    fewer = [seq for seq in waiting if seq not in answering]
    found = list(journal.waiting())
    assert found in (waiting, fewer), (cut, found, waiting)
    for seq in memory.answered:
        assert journal.answer(journal.by_seq(seq))[0:999] == b"answer" * 30, cut
    if len(seqs) == len(memory.orders):
        assert memory.events <= len(list(journal.events)) <= memory.events + 1, cut
    assert journal.boot in (memory.boots, memory.boots + 1), cut
    assert journal.alarms == [], (cut, journal.alarms)


def cut_at(writes):
    """Cut one life short; True where it came to its end before."""
    flash = DyingFlash(blocks=32, block_size=1024)
    vfs.VfsLfs2.mkfs(flash, progsize=32, readsize=32)
    vfs.mount(vfs.VfsLfs2(flash, progsize=32, readsize=32), "/flash")
    memory, ended = Memory(), False
    flash.die_after(writes)
    try:
        live(Journal("/flash"), memory)
        ended = True
    except OSError:
        pass
    vfs.umount("/flash")
    flash.revive()
    vfs.mount(vfs.VfsLfs2(flash, progsize=32, readsize=32), "/flash")
    check(Journal("/flash"), memory, writes)
    vfs.umount("/flash")
    return ended


cuts = 0
while not cut_at(cuts):
    cuts += 1
print("cuts", cuts)
