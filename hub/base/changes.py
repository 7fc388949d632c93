"""Tells open pages, runners of jobs and other hub processes that something changed.

A topic (`orders`, `jobs`) is declared by the noun whose rows it speaks of; an undeclared topic is
an error and never dropped. A transaction notes its topics in its own commit, so that every process
hears of them: PostgreSQL notifies, on SQLite a number a topic rises that the others read.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, Protocol

from sqlalchemy import Column, Table, select

from hub.base.engine.columns import Amount, Word, metadata
from hub.base.engine.database import Database

Listener = Callable[[str], None]
_log = logging.getLogger(__name__)

CHANNEL: Final = "orderwire_changes"
_ROUND_S: Final = 0.5
_AFTER_FAILURE_S: Final = 2.0

change: Final = Table(
    "change",
    metadata,
    Column("topic", Word, primary_key=True),
    Column("number", Amount, nullable=False),
    sqlite_with_rowid=False,
)
"""How often rows of a topic changed, on SQLite."""


class UndeclaredTopicError(ValueError):
    """A change was announced of a topic that no noun declared: nobody could hear of it."""

    def __init__(self, topics: Iterable[str]) -> None:
        super().__init__(f"no noun declares the topic {', '.join(sorted(topics))}")
        self.topics: Final = tuple(sorted(topics))


class Noting(Protocol):
    """What a change needs of the transaction that made it."""

    @property
    def topics(self) -> Collection[str]:
        """Name what the transaction changed."""

    def rows(self, statement: str, values: Any = (), /) -> list[Any]:  # noqa: ANN401  # a sequence
        """Run a statement in the transaction."""


class Changes(Protocol):
    """Tells whoever looks at a page that something changed."""

    def declare(self, *topics: str) -> None:
        """Make topics known."""

    def publish(self, topic: str) -> None:
        """Announce a change that is kept, in this process, and go on."""

    def note(self, transaction: Noting) -> None:
        """Announce what a transaction changed to other processes, once it is kept."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every topic; gives the way out."""


class Broadcaster:
    """Passes topics on inside one process; any thread may call any of it, and nothing waits."""

    def __init__(self, *topics: str) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[Listener, ...] = ()
        self._topics = frozenset(topics)

    @property
    def topics(self) -> frozenset[str]:
        """Give the declared topics."""
        return self._topics

    def declare(self, *topics: str) -> None:
        """Make topics known, before anything is announced of them; a second time is no fault."""
        with self._lock:
            self._topics = self._topics.union(topics)

    def publish(self, topic: str) -> None:
        """Call the listeners, on this thread; raises UndeclaredTopicError."""
        self._demand([topic])
        for listener in self._listeners:
            listener(topic)

    def note(self, transaction: Noting) -> None:
        """See that the topics of a transaction are declared; raises UndeclaredTopicError."""
        self._demand(transaction.topics)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every topic, on the thread that publishes; gives the way out."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return leave

    def _demand(self, topics: Iterable[str]) -> None:
        undeclared = set(topics) - self._topics
        if undeclared:
            raise UndeclaredTopicError(undeclared)


class ChangeFeed(Broadcaster):
    """Passes topics on between all hub processes of one database, from `start` to `stop`.

    A topic may be told twice and, after the database was away, without a change; never too seldom.
    """

    def __init__(self, database: Database, *topics: str) -> None:
        super().__init__(*topics)
        self._database = database
        self._origin = secrets.token_hex(8)
        self._seen: dict[str, int] = {}
        self._noted = threading.local()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        """Begin to hear other processes."""
        self._thread.start()

    def stop(self) -> None:
        """Hear no more."""
        self._stopping.set()
        self._thread.join()

    def note(self, transaction: Noting) -> None:
        """Write into the transaction what makes other processes hear of it: one statement."""
        super().note(transaction)
        topics = sorted(transaction.topics)
        if not topics:
            return
        if self._database.is_sqlite:
            places = ", ".join("(?, 1)" for _ in topics)
            rows = transaction.rows(
                f"INSERT INTO change (topic, number) VALUES {places} "  # noqa: S608
                "ON CONFLICT (topic) DO UPDATE SET number = change.number + 1 "
                "RETURNING topic, number",
                topics,
            )
            self._noted.numbers = dict(rows)
        else:
            told = " ".join([self._origin, *topics])
            transaction.rows("SELECT pg_notify(?, ?)", (CHANNEL, told))

    def publish(self, topic: str) -> None:
        """Call the listeners; what this thread noted last is then not told again by `poll`."""
        number = getattr(self._noted, "numbers", {}).pop(topic, None)
        if number is not None:
            self._rises(topic, number)
        super().publish(topic)

    def poll(self) -> None:
        """Read on SQLite what other processes changed, and tell it to the listeners."""
        with self._database.read() as connection:
            rows = connection.execute(select(change.c.topic, change.c.number)).all()
        self._tell(topic for topic, number in rows if self._rises(topic, number))

    def _rises(self, topic: str, number: int) -> bool:
        """Remember the highest number of a topic; say whether this one is higher than before."""
        with self._lock:
            rises = number > self._seen.get(topic, 0)
            if rises:
                self._seen[topic] = number
        return rises

    def _run(self) -> None:
        hear = self._poll_rounds if self._database.is_sqlite else self._listen
        while not self._stopping.is_set():
            try:
                hear()
            except Exception:  # noqa: BLE001  # whatever it is, it is tried again
                _log.exception("changes of other processes are not heard, it is tried again")
                self._stopping.wait(_AFTER_FAILURE_S)

    def _poll_rounds(self) -> None:
        while not self._stopping.wait(_ROUND_S):
            self.poll()

    def _listen(self) -> None:
        with self._database.listening(CHANNEL) as wait:
            self._tell(self.topics)  # changes of before are not known
            while not self._stopping.is_set():
                for told in wait(_ROUND_S):
                    origin, *topics = told.split(" ")
                    if origin != self._origin:
                        self._tell(topics)

    def _tell(self, topics: Iterable[str]) -> None:
        """Call the listeners; a topic of a newer program is nothing to anybody here."""
        for topic in topics:
            if topic in self._topics:
                super().publish(topic)
