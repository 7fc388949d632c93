"""Days of orders without a line in a heap of small pieces: each is answered in its turn."""

import gc
import os
import sys

from firmware.core.outbox import Outbox
from firmware.flash.journal import Journal

folder, orders = sys.argv[1], int(sys.argv[2])
os.mkdir(folder)
gc.threshold(16 * 1024)


def head(seq):
    return {"seq": seq, "order": "order-%d" % seq, "number": "shop-1-%05d" % seq}


journal = Journal(folder)
journal.begin(1_760_000_000_000)
for seq in range(1, orders + 1):
    journal.leave_queued(journal.submit(head(seq), b"x" * 50))

journal.load()
# Pieces of the heap that are in use lie everywhere between those that are free.
held = []
try:
    while True:
        held.append(bytearray(1500))
except MemoryError:
    pass
for at in range(0, len(held), 2):
    held[at] = None
del seq
gc.collect()

journal.load()
outbox, done = Outbox(journal.waiting()), 0
while len(outbox):
    seq = outbox.due(0)[0].seq
    stored = journal.by_seq(seq)
    told = dict(head(seq), revision=1, status="confirmed", kind="answer", at=seq)
    journal.take(told, b"answer")
    journal.slip_became(journal.newest, "printed")
    outbox.remove(seq)
    done += 1
    assert seq == done, (seq, done)
print("answered", done)
