"""Claims jobs that are due and does them, with the handlers that the nouns register."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.base.engine.database import Database
from hub.base.jobs.rows import TOPIC, Job
from hub.base.jobs.setbacks import OF_A_FAST_CLOCK, ClockWatch, bounds_of, heed_clock
from hub.base.transaction import Transaction, Transactions

_log = logging.getLogger(__name__)

_LEASE_MS: Final = 60_000
_KEPT_MS: Final = 90 * 24 * 3_600_000
_ERROR_LENGTH: Final = 500

_IS_DUE: Final = """
done_at IS NULL AND NOT dead AND due_at <= ?
AND (leased_until IS NULL OR leased_until <= ?)
"""
_CLAIM: Final = """
UPDATE job SET leased_by = ?, leased_until = ?, attempts = attempts + 1
WHERE id = (SELECT id FROM job WHERE {is_due} ORDER BY due_at, id LIMIT 1 {lock})
RETURNING id, kind, key, payload, due_at, attempts
"""
# Whoever claimed a job again has raised `attempts`: the claim of before is worth nothing.
_OWN: Final = " WHERE id = ? AND leased_by = ? AND attempts = ? AND done_at IS NULL RETURNING id"
_DONE: Final = "UPDATE job SET done_at = ?, leased_until = NULL, error = NULL" + _OWN  # noqa: S608  # all of it ours
_FAILED: Final = (
    "UPDATE job SET due_at = ?, counted_from = ?, dead = ?, error = ?, leased_until = NULL" + _OWN  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a failing job is tried, and after which pauses: 5 s, 20 s, 80 s, ... 1 h."""

    attempts: int = 8
    first_ms: int = 5_000
    most_ms: int = 3_600_000

    def pause_ms(self, attempts: int) -> int:
        """Say how long to wait after so many failed attempts."""
        return int(min(self.first_ms * 4 ** (attempts - 1), self.most_ms))


PATIENCE: Final = Patience()

Handler = Callable[[Transaction, Job], None]
"""An act that does a job in the transaction in which the job is marked done; never commits."""
Aftermath = Callable[[Transaction], None]
"""Writes down, beside the mark, what came of a job done outside."""
OutsideHandler = Callable[[Job], Aftermath | None]
"""Does a job outside the database, under the job's key, while no transaction is open."""


class UnhandledJobError(Exception):
    """No noun handles jobs of this kind."""


class WorkerDiedError(Exception):
    """All attempts at a job ended with the end of the worker."""


class LostLeaseError(Exception):
    """The lease of a job ran out, and another worker has it or has done it."""


@dataclass(frozen=True, slots=True)
class _Kind:
    inside: Handler | None
    outside: OutsideHandler | None
    patience: Patience


class Jobs:
    """Does the jobs of a database, with the handlers that the nouns register."""

    def __init__(
        self,
        database: Database,
        transactions: Transactions,
        *,
        clock: Clock,
        changes: Changes,
        lease_ms: int = _LEASE_MS,
    ) -> None:
        changes.declare(TOPIC)
        self._database = database
        self._transactions = transactions
        self._clock = clock
        self._watch = ClockWatch(clock)
        self._lease_ms = lease_ms
        self._kinds: dict[str, _Kind] = {}
        lock = "" if database.is_sqlite else "FOR UPDATE SKIP LOCKED"
        self._claim = _CLAIM.format(is_due=_IS_DUE, lock=lock)

    def handle(self, kind: str, handler: Handler, *, patience: Patience = PATIENCE) -> None:
        """Register what does the jobs of a kind in the database, exactly once."""
        self._register(kind, _Kind(handler, None, patience))

    def handle_outside(
        self, kind: str, handler: OutsideHandler, *, patience: Patience = PATIENCE
    ) -> None:
        """Register what does the jobs of a kind outside the database, at least once."""
        self._register(kind, _Kind(None, handler, patience))

    def run_due(self, worker: str) -> int:
        """Do every job that is due, one after the other; gives how many were tried."""
        tried = 0
        while self.run_one(worker):
            tried += 1
        return tried

    def run_one(self, worker: str) -> bool:
        """Do the job that has been due longest; False where none is due."""
        claimed = self.claim(worker)
        if claimed is not None:
            self.work_on(claimed)
        return claimed is not None

    def claim(self, worker: str) -> Job | None:
        """Lease the job that has been due longest, in a commit of its own; None if none is due."""
        now_ms = self._clock.now_ms()
        self._heed_clock(now_ms)
        if not self._any(_IS_DUE, now_ms, now_ms):
            return None
        with self._transactions.open(actor=worker, at_ms=now_ms) as t:
            rows = t.rows(self._claim, (worker, now_ms + self._lease_ms, now_ms, now_ms))
            t.commit()
        if not rows:
            return None
        number, kind, key, payload, due_at_ms, attempts = rows[0]
        return Job(number, kind, key, json.loads(payload), due_at_ms, attempts, worker)

    def work_on(self, claimed: Job) -> None:
        """Do a job and mark it done, or put it off; after its last attempt it is dead."""
        kind = self._kinds.get(claimed.kind)
        try:
            self._do(claimed, kind)
        except LostLeaseError:
            _log.warning("job %s %s was done by somebody else", claimed.kind, claimed.key)
        except Exception as error:  # noqa: BLE001  # a handler may fail in any way
            _log.exception("job %s %s failed", claimed.kind, claimed.key)
            self._put_off(claimed, error, PATIENCE if kind is None else kind.patience)

    def forget_done(self) -> int:
        """Delete the jobs that were done more than 90 days ago; gives how many."""
        now_ms = self._clock.now_ms()
        with self._transactions.open(actor=TOPIC, at_ms=now_ms) as t:
            count = t.many("DELETE FROM job WHERE done_at < ?", [(now_ms - _KEPT_MS,)])
            t.commit()
        return count

    def _register(self, kind: str, handled: _Kind) -> None:
        if kind in self._kinds:
            raise ValueError(f"jobs of the kind {kind} are handled already")
        self._kinds[kind] = handled

    def _any(self, where: str, *moments: int) -> bool:
        """Look without a lock: mostly there is none."""
        query = f"SELECT 1 FROM job WHERE {where} LIMIT 1"  # noqa: S608  # all of it ours
        with self._database.read() as connection:
            cursor = self._database.cursor(connection)
            cursor.execute(self._database.sql(query), moments)
            return bool(cursor.fetchall())

    def _heed_clock(self, now_ms: int) -> None:
        """Have no job wait for the hours by which the clock was set, nor done by two at once."""
        on_ms = self._watch.look(now_ms)
        if on_ms is None:
            return
        if on_ms or self._any(OF_A_FAST_CLOCK, *bounds_of(now_ms, self._lease_ms)):
            with self._transactions.open(actor=TOPIC, at_ms=now_ms) as t:
                heed_clock(t, on_ms=on_ms, lease_ms=self._lease_ms)
                t.commit()
        self._watch.made_good(now_ms)

    def _do(self, claimed: Job, kind: _Kind | None) -> None:
        if kind is None:
            raise UnhandledJobError(claimed.kind)
        if claimed.attempts > kind.patience.attempts:
            raise WorkerDiedError(claimed.worker)
        aftermath = kind.outside(claimed) if kind.outside else None
        now_ms = self._clock.now_ms()
        with self._transactions.open(actor=f"job {claimed.kind}", at_ms=now_ms) as t:
            # First, as it locks the row: of two workers that have it, one waits and finds it done.
            self._write_to_own(t, claimed, _DONE, now_ms)
            if kind.inside:
                kind.inside(t, claimed)
            if aftermath:
                aftermath(t)
            t.commit()

    def _put_off(self, claimed: Job, error: Exception, patience: Patience) -> None:
        """Say when a failed job is tried again; a lost lease leaves it to who has it."""
        now_ms = self._clock.now_ms()
        is_dead = claimed.attempts >= patience.attempts
        due_at_ms = claimed.due_at_ms if is_dead else now_ms + patience.pause_ms(claimed.attempts)
        sentence = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH]
        try:
            with self._transactions.open(actor=f"job {claimed.kind}", at_ms=now_ms) as t:
                self._write_to_own(t, claimed, _FAILED, due_at_ms, now_ms, is_dead, sentence)
                if is_dead:
                    t.changed(TOPIC)
                t.commit()
        except LostLeaseError:
            _log.warning("job %s %s is somebody else's", claimed.kind, claimed.key)

    @staticmethod
    def _write_to_own(t: Transaction, claimed: Job, statement: str, *values: object) -> None:
        """Change the row of a claimed job; raises LostLeaseError."""
        if not t.rows(statement, (*values, claimed.id, claimed.worker, claimed.attempts)):
            raise LostLeaseError(claimed.key)
