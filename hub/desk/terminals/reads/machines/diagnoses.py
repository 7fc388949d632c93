"""What a terminal was asked to tell of itself, and what it told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from broker.contract import text_of
from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.terminals import tables
from hub.desk.terminals.model.diagnoses import Told, read_told
from hub.desk.terminals.reads.terminals import terminals_of

_terminals = table_of(tables.Terminal)
_asked: Final = tables.terminal_diagnosis.c
_presence: Final = tables.terminal_presence.c


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """One diagnosis: who asked when, and when it came; `told` only where it is read by itself."""

    name: str
    state: str
    asked_at: int
    asked_by: str
    came_at: int | None
    told: Told | None = None


def diagnoses_itself(connection: Connection, terminal: str, *, scope: Scope) -> bool:
    """Tell whether a terminal that the person sees tells of itself when it is asked."""
    query = (
        select(_presence.diagnoses)
        .join(_terminals, _terminals.c.id == _presence.terminal)
        .where(_presence.terminal == terminal, terminals_of(scope))
    )
    return bool(connection.execute(query).scalar_one_or_none())


def list_diagnoses(
    connection: Connection, terminal: str, *, scope: Scope
) -> Sequence[DiagnosisRow]:
    """List a terminal's diagnoses, the newest first."""
    rows = connection.execute(_of(terminal, scope).order_by(_asked.id.desc()))
    return [_row(row) for row in rows]


def read_diagnosis(
    connection: Connection, terminal: str, name: str, *, scope: Scope
) -> DiagnosisRow | None:
    """Read one diagnosis with what it tells; `latest` is the newest that came."""
    query = _of(terminal, scope).add_columns(_asked.content)
    if name == "latest":
        query = query.where(_asked.state == "here").order_by(_asked.id.desc()).limit(1)
    else:
        query = query.where(_asked.name == name)
    row = connection.execute(query).first()
    if row is None:
        return None
    told = read_told(text_of([bytes(row.content)])) if row.content is not None else None
    return _row(row, told)


def _of(terminal: str, scope: Scope) -> Select[Any]:
    return (
        select(_asked.name, _asked.state, _asked.asked_at, _asked.asked_by, _asked.came_at)
        .join(_terminals, _terminals.c.id == _asked.terminal)
        .where(_asked.terminal == terminal, terminals_of(scope))
    )


def _row(row: Row[*tuple[Any, ...]], told: Told | None = None) -> DiagnosisRow:
    return DiagnosisRow(row.name, row.state, row.asked_at, row.asked_by, row.came_at, told)
