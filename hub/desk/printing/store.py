"""Writes print runs inside a given transaction, and has their documents drawn by jobs."""

from collections.abc import Sequence
from typing import Final

from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from hub.desk.notices.model import PersonEvent, PersonNotice
from hub.desk.notices.store import tell_person
from hub.desk.parties.store import business_day
from hub.desk.printing.model import KEPT_MS, Drawn, Owner, Wish

DRAW: Final = "printing.draw"
"""The kind of the jobs that draw some documents of a run, and then want the next job."""
CLEAR: Final = "printing.clear"
TOPIC: Final = "printing"
_PUT: Final = """
INSERT INTO print_run
    (digest, user_id, owner, size, language, otherwise, documents, drawn, state, asked_at)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, 'drawing', ?)
ON CONFLICT (owner, digest) WHERE state = 'drawing' DO UPDATE SET digest = excluded.digest
RETURNING id
"""
"""A run of the same wish that is drawn is locked: it is not ready before its number is given."""
_BEGUN: Final = "SELECT 1 FROM print_run_paper WHERE run_id = ? LIMIT 1"
_PLACE: Final = "INSERT INTO print_run_paper (run_id, place, invoice_id) VALUES (?, ?, ?)"
_DRAWN: Final = "UPDATE print_run_paper SET paper = ?, name = ? WHERE run_id = ? AND place = ?"
_COUNT: Final = """
UPDATE print_run SET drawn =
    (SELECT count(*) FROM print_run_paper p WHERE p.run_id = print_run.id AND p.paper IS NOT NULL)
WHERE id = ? AND state = 'drawing' RETURNING user_id, documents, drawn
"""
_READY: Final = "UPDATE print_run SET state = 'ready', ended_at = ? WHERE id = ?"
_FAILED: Final = """
UPDATE print_run SET state = 'failed', ended_at = ? WHERE id = ? AND state = 'drawing'
RETURNING user_id, documents
"""


def begin_run(t: Transaction, wish: Wish, *, owner: Owner) -> int:
    """Keep a wish and have it drawn; gives the run.

    Who asks twice for the same while it is drawn, by two windows, has one run. A program is
    told by nothing but the run itself.
    """
    said = (wish.size, wish.language, wish.otherwise, len(wish.invoices))
    values = (wish.digest_for(owner), owner.user_id, owner.name, *said, t.at_ms)
    run = int(t.rows(_PUT, values)[0][0])
    if t.rows(_BEGUN, (run,)):
        return run
    t.many(_PLACE, [(run, place, one) for place, one in enumerate(wish.invoices, 1)])
    _expect(t, run, 0)
    enqueue(t, CLEAR, _key(t, run), payload={"run": run}, due_at_ms=t.at_ms + KEPT_MS)
    t.changed(TOPIC)
    return run


def write_drawn(t: Transaction, run: int, drawn: Sequence[Drawn]) -> None:
    """Write down which documents have their files; the last ones make the run ready, and tell."""
    t.many(_DRAWN, [(one.paper, one.name, run, one.place) for one in drawn])
    found = t.rows(_COUNT, (run,))
    if not found:
        return
    user_id, documents, done = found[0]
    if done == documents:
        t.many(_READY, [(t.at_ms, run)])
        _tell(t, run, "files_ready", user_id=user_id, documents=documents)
    else:
        _expect(t, run, done)
    t.changed(TOPIC)


def write_failed(t: Transaction, run: int) -> None:
    """Write down that a run ended without its files, and tell who asked."""
    found = t.rows(_FAILED, (t.at_ms, run))
    if found:
        user_id, documents = found[0]
        _tell(t, run, "files_failed", user_id=user_id, documents=documents)
        t.changed(TOPIC)


def clear_run(t: Transaction, job: Job) -> None:
    """Take a run away; the kept files of its documents stay."""
    own = [(job.payload["run"],)]
    t.many("DELETE FROM print_run_paper WHERE run_id = ?", own)
    t.many("DELETE FROM print_run WHERE id = ?", own)
    t.changed(TOPIC)


def _expect(t: Transaction, run: int, drawn: int) -> None:
    enqueue(t, DRAW, f"{_key(t, run)}:{drawn}", payload={"run": run}, due_at_ms=t.at_ms)


def _key(t: Transaction, run: int) -> str:
    """Name a run apart from those before: SQLite gives the number of one that is gone once more."""
    return f"{run}:{t.at_ms}"


def _tell(
    t: Transaction, run: int, event: PersonEvent, *, user_id: int | None, documents: int
) -> None:
    if user_id is None:
        return
    about, day = f"print_run:{_key(t, run)}", business_day(t)
    address = f"/print-runs#run-{run}"
    said = PersonNotice(f"{about}:{event}", about, event, str(documents), day, "", address)
    tell_person(t, said, user=user_id)
