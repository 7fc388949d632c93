"""Reads a terminal's records and says what it knows of its orders; it changes nothing.

    micropython -m firmware.audit --flash flash.bin     # the twin's, while it does not run

It prints one line of JSON: `orders`, each with seq, order, number, status and revision; `last`, the
sequence of the newest order; `forgotten`, the highest sequence that was answered so long ago that
the terminal let go of it, 0 for none; `faults`, a sentence each.
"""

import json
import sys

from firmware.flash.journal import KEPT_NUMBERS, Journal


def audited(journal: Journal) -> "dict[str, Any]":
    """Look at every order that a journal may know."""
    orders, unknown = [], []
    for seq in range(1, journal.last_seq + 1):
        stored = journal.by_seq(seq)
        if stored is None and seq > journal.unused_to:
            unknown.append(seq)
        elif stored is not None:
            orders.append(_told(stored))
    faults = list(journal.alarms)
    answered = [one for one in orders if one["status"] != "queued"]
    if len(answered) >= KEPT_NUMBERS:
        forgotten = max(unknown) if unknown else 0
    else:
        forgotten = 0
        faults += ["there is no record of order %d" % seq for seq in unknown]
    for name in ("order", "number"):
        if len({one[name] for one in orders}) < len(orders):
            faults.append("two orders have the same " + name)
    return {"orders": orders, "last": journal.last_seq, "forgotten": forgotten, "faults": faults}


def _told(stored: "Stored") -> "dict[str, Any]":
    return {
        "seq": stored.seq,
        "order": stored.order,
        "number": stored.number,
        "status": stored.status,
        "revision": stored.revision,
    }


if __name__ == "__main__":
    from firmware.board.unix import folder_of

    print(json.dumps(audited(Journal(folder_of(sys.argv[1:], must_exist=True)))))
