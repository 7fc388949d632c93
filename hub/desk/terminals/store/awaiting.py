"""Terminals that may keep answered orders which are not here, and how long orders wait for them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, false, func, insert, literal, or_, select, update

from hub.base.clock import Clock
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.orders.model.life import LIFE
from hub.desk.orders.tables import awaited, order_, order_revision
from hub.desk.terminals.store.inbox import Submitted, served_terminals
from hub.desk.terminals.store.presence import ahead, keep_told
from hub.desk.terminals.tables import Terminal, inbox

_terminals: Final = table_of(Terminal)
_GOES_ON: Final = tuple(status for status, state in LIFE.items() if state.may_become)
_FIRST_WORDS_MS: Final = 45_000
"""So long after a start terminals may take to speak: each does at least every 30 s."""
_LONG_MS: Final = 120_000
_AGAIN_MS: Final = 3_600_000
_WAITS: Final = (
    "{0} sends orders, and they wait: {1} may keep answered orders of the same customer that are "
    "not here since the books were put back. Switch it on, or say `terminal settle` of it"
)
_LONG_AGO_MS: Final = 3_600_000
"""A terminal that is awaited for longer does not make the whole network wait at a start."""


_MOST_PUT_OFF: Final = 512
_MOST_PUT_OFF_OF_ONE: Final = 16
"""So many are kept, and of one terminal: as many as it has under way. Any other is sent again."""


class FirstWords:
    """Whether the hub should still listen before it decides any order at all.

    Stock and budgets are everybody's: after a restore at 10:00:00 and a start at 10:00:05 no order
    is decided until no terminal is awaited, or 45 s are over, however the clock is set meanwhile.
    Then only customers wait of whom something may be missing. A hub that awaits nobody asks once
    after its start, and never again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_ms = clock.now_ms()
        self._over_at_ms = clock.mono_ms() + _FIRST_WORDS_MS
        self._are_over = False

    def are_awaited(self, t: Transaction) -> bool:
        """Say whether all orders have to wait still."""
        if self._are_over:
            return False
        since = self._began_ms - _LONG_AGO_MS
        soon = self._clock.mono_ms() < self._over_at_ms
        query = select(awaited.c.terminal).where(awaited.c.since > since).limit(1)
        self._are_over = not soon or t.connection.execute(query).first() is None
        return not self._are_over


class Waiting:
    """Whose orders wait, and since when; people are told where that is long, once an hour."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}
        self._told: dict[str, int] = {}

    def long_waiting(
        self, waiting: Collection[str], *, of: Collection[str], mono_ms: int
    ) -> list[str]:
        """Take note which terminals wait of those that sent orders; gives whom to tell of."""
        for name in of:
            if name not in waiting:
                self._since.pop(name, None)
        found = []
        for name in sorted(waiting):
            since = self._since.setdefault(name, mono_ms)
            told = self._told.get(name)
            if mono_ms - since >= _LONG_MS and (told is None or mono_ms - told >= _AGAIN_MS):
                self._told[name] = mono_ms
                found.append(name)
        return found


@dataclass(slots=True)
class PutOff:
    """Orders that wait for what other terminals may still give back, in memory alone.

    A terminal sends its own again by itself, but as much as 60 s later.
    """

    _orders: dict[str, dict[bytes, Submitted]] = field(default_factory=dict)
    """By terminal, and by the digest of the message."""

    def keep(self, orders: Iterable[Submitted]) -> None:
        """Keep orders that cannot be decided yet, where there is room."""
        for one in orders:
            own = self._orders.setdefault(one.message.term, {})
            if (
                len(own) < _MOST_PUT_OFF_OF_ONE
                and sum(map(len, self._orders.values())) < _MOST_PUT_OFF
            ):
                own[one.digest] = one

    def forget(self, orders: Iterable[Submitted]) -> None:
        """Keep orders no more that are being decided."""
        for one in orders:
            self._orders.get(one.message.term, {}).pop(one.digest, None)

    def __bool__(self) -> bool:
        """Say whether any are kept."""
        return any(self._orders.values())

    def due(self, t: Transaction) -> list[Submitted]:
        """Give the orders whose terminals wait for nobody any more; they are kept no more."""
        names = sorted(name for name, own in self._orders.items() if own)
        terminals = served_terminals(t, names)
        ready = [name for name in names if name not in terminals or not terminals[name].waits]
        return [one for name in ready for one in self._orders.pop(name).values()]


def keep_waits(t: Transaction, terminals: Collection[str]) -> None:
    """Keep for people that orders of these terminals wait, and for whom."""
    if not terminals:
        return
    query = (
        select(_terminals.c.id, awaited.c.terminal)
        .join(
            awaited,
            (awaited.c.terminal == _terminals.c.id)
            | (awaited.c.customer_id == _terminals.c.customer_id),
        )
        .where(_terminals.c.id.in_(terminals))
        .order_by(_terminals.c.id, awaited.c.terminal)
    )
    found: dict[str, list[str]] = {}
    for name, other in t.connection.execute(query):
        found.setdefault(name, []).append(other)
    keep_told(
        t,
        [
            (name, "alarm", "orders_wait", _WAITS.format(name, ", ".join(others)))
            for name, others in found.items()
        ],
    )
    t.changed("terminals")


def await_all(t: Transaction) -> None:
    """Await every terminal that may connect: the books were put back from a backup."""
    every = select(
        _terminals.c.id, _terminals.c.customer_id, literal(t.at_ms), literal("restored")
    ).where(_terminals.c.revoked_at.is_(None))
    columns = ["terminal", "customer_id", "since", "why"]
    t.connection.execute(delete(awaited))
    t.connection.execute(insert(awaited).from_select(columns, every))


def awaited_among(t: Transaction, terminals: Collection[str]) -> dict[str, str]:
    """Say which of these terminals are awaited, and why."""
    query = select(awaited.c.terminal, awaited.c.why).where(awaited.c.terminal.in_(terminals))
    return {row.terminal: row.why for row in t.connection.execute(query)}


def first_unsure(t: Transaction, keeping: Mapping[str, int]) -> dict[str, int]:
    """Give, of terminals that are awaited, the first order that may have gone on.

    That is one that is open here, or that somebody changed since: its terminal may have been told
    of a revision that is not here, and of something later that is, which hides it. `keeping` says
    from which of its orders on each terminal keeps them: of those before it can give none back.
    """
    kept = [(inbox.c.terminal == one) & (inbox.c.seq >= first) for one, first in keeping.items()]
    query = (
        select(inbox.c.terminal, func.min(inbox.c.seq))
        .join(awaited, awaited.c.terminal == inbox.c.terminal)
        .join(order_, order_.c.uuid == inbox.c.order_uuid)
        .join(
            order_revision,
            (order_revision.c.order_id == order_.c.id)
            & (order_revision.c.revision == order_.c.revision),
        )
        .where(
            or_(false(), *kept),
            order_.c.status.in_(_GOES_ON) | (order_revision.c.made_at >= awaited.c.since),
        )
        .group_by(inbox.c.terminal)
    )
    return {row[0]: row[1] for row in t.connection.execute(query)}


def await_terminals(t: Transaction, terminals: Collection[str]) -> None:
    """Await terminals that are ahead; of one that was not heard since a restore it is known now."""
    here = select(awaited.c.terminal)
    chosen = _terminals.c.id.in_(terminals) & _terminals.c.id.not_in(here)
    new = select(
        _terminals.c.id, _terminals.c.customer_id, literal(t.at_ms), literal("ahead")
    ).where(chosen, _terminals.c.revoked_at.is_(None))
    columns = ["terminal", "customer_id", "since", "why"]
    t.connection.execute(
        update(awaited).where(awaited.c.terminal.in_(terminals)).values(why="ahead")
    )
    t.connection.execute(insert(awaited).from_select(columns, new))
    t.changed("terminals")


def await_answers(t: Transaction, terminals: Collection[str]) -> None:
    """Note of awaited terminals that they were heard, and have yet to give back what was asked."""
    here = awaited.c.terminal.in_(terminals)
    t.connection.execute(update(awaited).where(here).values(why="asked"))
    t.changed("terminals")


def await_no_more(t: Transaction, terminals: Collection[str]) -> bool:
    """Await these terminals no more; False where none of them was awaited."""
    done = t.connection.execute(delete(awaited).where(awaited.c.terminal.in_(terminals)))
    if done.rowcount:
        t.changed("terminals")
    return bool(done.rowcount)


def end_where_whole(t: Transaction, terminals: Collection[str]) -> None:
    """Await those of these terminals no more of which all is here, by what they said last."""
    whole = set(terminals) - ahead(t, terminals)
    if whole:
        await_no_more(t, whole)
