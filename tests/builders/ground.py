"""What nouns stand on, over a database: units of work, changes, jobs, and a clock that is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import text

from hub.base.changes import ChangeFeed
from hub.base.engine.database import Database, open_database
from hub.base.history import Entry, read, record
from hub.base.jobs import Job, Jobs, enqueue
from hub.base.transaction import Transaction, Transactions

NOON: Final = 1_795_244_400_000
LEASE_MS: Final = 60_000


@dataclass(slots=True)
class SetClock:
    """A clock that tests set."""

    ms: int = NOON
    behind_ms: int = 0

    def now_ms(self) -> int:
        """Give what was set."""
        return self.ms

    def mono_ms(self) -> int:
        """Give what only rises."""
        return self.ms + self.behind_ms

    def set_back(self, ms: int) -> None:
        """Have somebody set the clock back; what waits go by stays."""
        self.ms -= ms
        self.behind_ms += ms


@dataclass(slots=True)
class Ground:
    """One process's parts over a database that others may have open too."""

    url: str
    database: Database
    changes: ChangeFeed
    transactions: Transactions
    jobs: Jobs
    clock: SetClock
    heard: list[str] = field(default_factory=list)

    @contextmanager
    def work(self, actor: str = "asha") -> Iterator[Transaction]:
        """Open a unit of work of the present; it commits if it ends well."""
        with self.transactions.open(actor=actor, at_ms=self.clock.ms) as t:
            yield t
            t.commit()

    def want(self, kind: str, key: str, **payload: Any) -> bool:
        """Enqueue a job that is due now."""
        with self.work() as t:
            return enqueue(t, kind, key, payload=payload, due_at_ms=self.clock.ms)

    def mark(self, t: Transaction, job: Job) -> None:
        """Leave the effect of a job: one entry of its key's history."""
        record(t, "mark", job.key, before={}, after={"by": job.worker})

    def marks(self, key: str) -> list[Entry]:
        """Read how often the effect of a job is there."""
        with self.database.read() as connection:
            return read(connection, "mark", key)

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Read rows."""
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def change(self, statement: str, **values: Any) -> None:
        """Change rows that no act of the product can make."""
        with self.database.write() as connection:
            connection.execute(text(statement), values)
            connection.commit()


@contextmanager
def open_ground(url: str, *topics: str, lease_ms: int = LEASE_MS) -> Iterator[Ground]:
    """Open a database as a process of its own would."""
    database = open_database(url)
    clock = SetClock()
    changes = ChangeFeed(database, *topics)
    transactions = Transactions(database, changes)
    jobs = Jobs(database, transactions, clock=clock, changes=changes, lease_ms=lease_ms)
    ground = Ground(url, database, changes, transactions, jobs, clock)
    changes.subscribe(ground.heard.append)
    yield ground
    database.close()
