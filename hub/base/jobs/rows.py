"""The table of jobs, and what acts and pages do with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)

from hub.base.engine.columns import BigId, Flag, Moment, Name, Sentence, Word, metadata
from hub.base.jobs.setbacks import LEAST_MS
from hub.base.transaction import Transaction

TOPIC: Final = "jobs"
_OPEN: Final = text("done_at IS NULL AND NOT dead")

job: Final = Table(
    "job",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("key", Name, nullable=False),
    Column("payload", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("counted_from", Moment, nullable=True),
    Column("planned_at", Moment, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", Name, nullable=True),
    Column("leased_until", Moment, nullable=True),
    Column("done_at", Moment, nullable=True),
    Column("error", Sentence, nullable=True),
    Column("dead", Flag, nullable=False),
    UniqueConstraint("kind", "key"),
    Index("ix_job_due_at", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_job_done_at", "done_at"),
)
"""`due_at` was counted from `counted_from`, by a clock that may be set; a job of the calendar has
none: it is due at the moment that it says, and was planned at `planned_at`."""

_ENQUEUE: Final = """
INSERT INTO job (kind, key, payload, due_at, counted_from, planned_at, attempts, dead)
VALUES (?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (kind, key) {if_there} RETURNING id
"""
_ONCE: Final = _ENQUEUE.format(if_there="DO NOTHING")
_AT_ITS_MOMENT: Final = _ENQUEUE.format(
    if_there="""DO UPDATE SET payload = excluded.payload, due_at = excluded.due_at,
    counted_from = NULL, planned_at = excluded.planned_at, attempts = 0, leased_until = NULL,
    done_at = NULL, error = NULL
WHERE job.done_at > ?"""
)
_UNBEGUN: Final = "done_at IS NULL AND NOT dead AND attempts = 0 AND leased_until IS NULL"
_PLANNED_AHEAD: Final = (
    f"SELECT id, payload FROM job WHERE kind = ? AND planned_at > ? AND {_UNBEGUN} ORDER BY id"  # noqa: S608  # all of it ours
)
_PLAN_ANEW: Final = f"UPDATE job SET due_at = ?, planned_at = ? WHERE id = ? AND {_UNBEGUN}"  # noqa: S608
_WITHDRAW: Final = f"DELETE FROM job WHERE id = ? AND {_UNBEGUN}"  # noqa: S608
# What was done later than now was done while the clock was fast.
_RETRY: Final = """
UPDATE job SET dead = ?, attempts = 0, due_at = ?, counted_from = ?, leased_until = NULL
WHERE id = ? AND dead AND done_at IS NULL RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A job in the hands of a worker; `key` is unique in its kind, also for receivers outside."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    due_at_ms: int
    attempts: int
    worker: str


class PlannedJob(NamedTuple):
    """A job that nobody has begun."""

    id: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up, with the error of its last attempt."""

    id: int
    kind: str
    key: str
    due_at_ms: int
    attempts: int
    error: str


def enqueue(
    t: Transaction,
    kind: str,
    key: str,
    *,
    payload: Mapping[str, Any],
    due_at_ms: int,
    by_calendar: bool = False,
) -> bool:
    """Want a job done from an instant on; False where the kind has a job of this key already.

    A key is for ever: `enqueue(t, "escalate", "order 17, revision 2, level 1", ...)`. The payload
    holds what JSON holds. The instant counts from now, and nears if the clock is set back: in 10
    minutes. `by_calendar` it is one that people know, tomorrow at 7:00; one that is to come and
    that a fast clock has done already is done once more.
    """
    is_moment = by_calendar and due_at_ms > t.at_ms
    counted_from, planned_at = (None, t.at_ms) if is_moment else (t.at_ms, None)
    written = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    values = (kind, key, written, due_at_ms, counted_from, planned_at, False)
    found = (
        t.rows(_AT_ITS_MOMENT, (*values, t.at_ms + LEAST_MS))
        if is_moment
        else t.rows(_ONCE, values)
    )
    is_new = bool(found)
    if is_new and due_at_ms <= t.at_ms:
        t.changed(TOPIC)
    return is_new


def planned_ahead(t: Transaction, kind: str) -> list[PlannedJob]:
    """Read the jobs of the calendar that a clock planned which was fast then, and nobody began."""
    found = t.rows(_PLANNED_AHEAD, (kind, t.at_ms + LEAST_MS))
    return [PlannedJob(row_id, json.loads(payload)) for row_id, payload in found]


def plan_anew(t: Transaction, job_id: int, *, due_at_ms: int) -> None:
    """Have a job of the calendar done at another moment, unless somebody has begun it."""
    t.many(_PLAN_ANEW, [(due_at_ms, t.at_ms, job_id)])


def withdraw(t: Transaction, job_id: int) -> bool:
    """Want a job no more, as if it had never been wanted; False where somebody has begun it."""
    return t.many(_WITHDRAW, [(job_id,)]) > 0


def count_due(connection: Connection, now_ms: int) -> int:
    """Count the jobs whose time has come and that are not done: at rest there are none."""
    query = select(func.count()).where(job.c.due_at <= now_ms, _OPEN)
    return int(connection.execute(query).scalar_one())


def count_dead(connection: Connection) -> int:
    """Count the jobs that were given up: each waits for a person."""
    query = select(func.count()).where(job.c.dead, job.c.done_at.is_(None))
    return int(connection.execute(query).scalar_one())


def dead_jobs(connection: Connection) -> list[DeadJob]:
    """List the jobs that were given up, the longest due first."""
    columns = job.c.id, job.c.kind, job.c.key, job.c.due_at, job.c.attempts, job.c.error
    query = select(*columns).where(job.c.dead).order_by(job.c.due_at, job.c.id)
    return [DeadJob(*row) for row in connection.execute(query)]


def retry(t: Transaction, job_id: int) -> bool:
    """Have a dead job tried again from its first attempt; False where it is not dead."""
    is_dead = bool(t.rows(_RETRY, (False, t.at_ms, t.at_ms, job_id)))
    if is_dead:
        t.changed(TOPIC)
    return is_dead
