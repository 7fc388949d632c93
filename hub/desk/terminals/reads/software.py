"""Updates of terminals' software: who runs what, who was offered an update, who failed and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, case, func, select

from hub.base import history
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.parties.tables import party
from hub.desk.terminals.model.software import BAD, OPEN, Update, name_of
from hub.desk.terminals.reads.terminals import Presence, presence_of, terminals_of
from hub.desk.terminals.tables import (
    Terminal,
    terminal_presence,
    terminal_software,
    terminal_try,
    terminal_update,
    update_of,
)

_terminals = table_of(Terminal)
_tries = terminal_try.c
_said = terminal_software.c
_updates = terminal_update.c


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """An update, with how far the terminals are that a person sees.

    `counts` are of those it was offered to, by state; `unasked` could take it and were not asked.
    """

    update: Update
    counts: Mapping[str, int] = field(default_factory=dict)
    unasked: int = 0

    @property
    def taken(self) -> int:
        """Count who runs it."""
        return self.counts.get("taken", 0)

    @property
    def open(self) -> int:
        """Count who is not at its end with it."""
        return sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def bad(self) -> int:
        """Count who did not take it."""
        return sum(self.counts.get(state, 0) for state in BAD)


@dataclass(frozen=True, slots=True)
class TryRow:
    """A terminal that an update was offered to: how far it is, and why it does not go on."""

    terminal: str
    customer: str
    presence: Presence
    state: str
    code: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """So many terminals of a kind of machine run one software; `number` is 0 for the package's.

    Of terminals that take no updates but their package's, `machine` is empty.
    """

    machine: str
    python: str
    number: int
    version: str
    terminals: int

    @property
    def name(self) -> str:
        """Name the update that it is, as `Update.name`."""
        return name_of(self.number, self.machine, self.python)


@dataclass(frozen=True, slots=True)
class OwnSoftware:
    """What one terminal said last of its software; `version` is empty for its package's."""

    number: int
    version: str
    machine: str
    python: str
    state: str
    code: str
    text: str
    at: int


def list_updates(connection: Connection, *, scope: Scope) -> list[UpdateRow]:
    """List the updates, the newest first."""
    rows = connection.execute(select(terminal_update).order_by(_updates.id.desc()))
    return [_counted(connection, update_of(row), scope=scope) for row in rows.all()]


def read_update(connection: Connection, name: str, *, scope: Scope) -> UpdateRow | None:
    """Read an update by its name; None where there is none."""
    query = select(terminal_update).where(_updates.name == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else _counted(connection, update_of(row), scope=scope)


def _counted(connection: Connection, update: Update, *, scope: Scope) -> UpdateRow:
    tries = (
        select(_tries.state, func.count().label("terminals"))
        .join(_terminals, _terminals.c.id == _tries.terminal)
        .where(_tries.update_id == update.id, terminals_of(scope))
        .group_by(_tries.state)
    )
    asked = select(_tries.terminal).where(_tries.update_id == update.id, _tries.state != "left")
    unasked = (
        select(func.count())
        .select_from(terminal_software)
        .join(_terminals, _terminals.c.id == _said.terminal)
        .where(
            _said.machine == update.machine,
            _said.python == update.python,
            _said.number < update.number,
            _said.terminal.not_in(asked),
            _terminals.c.revoked_at.is_(None),
            terminals_of(scope),
        )
    )
    return UpdateRow(
        update,
        {row.state: row.terminals for row in connection.execute(tries)},
        int(connection.execute(unasked).scalar_one()),
    )


def list_tries(
    connection: Connection, update: Update, *, now_ms: int, most: int, scope: Scope
) -> list[TryRow]:
    """List whom an update was offered to: who failed first, then who is at it, then the others."""
    rank = case((_tries.state.in_(BAD), 0), (_tries.state.in_(OPEN), 1), else_=2)
    query = (
        select(terminal_try, party.c.name, presence_of(now_ms).label("presence"))
        .join(_terminals, _terminals.c.id == _tries.terminal)
        .join(party, party.c.id == _terminals.c.customer_id)
        .outerjoin(terminal_presence, terminal_presence.c.terminal == _tries.terminal)
        .where(_tries.update_id == update.id, terminals_of(scope))
        .order_by(rank, _tries.at.desc(), _tries.terminal)
        .limit(most)
    )
    return [
        TryRow(row.terminal, row.name, row.presence, row.state, row.code or "", row.text, row.at)
        for row in connection.execute(query)
    ]


def list_runs(connection: Connection, *, scope: Scope) -> list[RunRow]:
    """List which software terminals run, and how many run it."""
    query = (
        select(
            func.coalesce(_said.machine, "").label("machine"),
            func.coalesce(_said.python, "").label("python"),
            func.coalesce(_said.number, 0).label("number"),
            func.coalesce(_updates.version, "").label("version"),
            func.count().label("terminals"),
        )
        .select_from(_terminals)
        .join(terminal_presence, terminal_presence.c.terminal == _terminals.c.id)
        .outerjoin(terminal_software, _said.terminal == _terminals.c.id)
        .outerjoin(
            terminal_update,
            and_(
                _updates.machine == _said.machine,
                _updates.python == _said.python,
                _updates.number == _said.number,
            ),
        )
        .where(_terminals.c.revoked_at.is_(None), terminals_of(scope))
        .group_by(_said.machine, _said.python, _said.number, _updates.version)
    )
    found = [RunRow(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001  # documented
    return sorted(found, key=lambda one: (one.machine, one.python, -one.number))


def read_own(connection: Connection, terminal: str, *, scope: Scope) -> OwnSoftware | None:
    """Read what a terminal said of its software; None where it takes no updates."""
    query = (
        select(terminal_software, _updates.version)
        .join(_terminals, _terminals.c.id == _said.terminal)
        .outerjoin(
            terminal_update,
            and_(
                _updates.machine == _said.machine,
                _updates.python == _said.python,
                _updates.number == _said.number,
            ),
        )
        .where(_said.terminal == terminal, terminals_of(scope))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return OwnSoftware(
        row.number,
        row.version or "",
        row.machine,
        row.python,
        row.state,
        row.code or "",
        row.text,
        row.at,
    )


def list_stopped(connection: Connection, *, scope: Scope) -> Sequence[str]:
    """Name the updates that stopped by themselves, to who sees what is of the network."""
    if not scope.sees_network:
        return []
    query = select(_updates.name).where(_updates.stage == "stopped").order_by(_updates.id)
    return connection.execute(query).scalars().all()


def read_changes(connection: Connection, name: str, *, scope: Scope) -> Sequence[history.Entry]:
    """Read who did what with an update, and why; to who sees what is of the network."""
    if not scope.sees_network:
        return []
    return history.read(connection, "update", name)
