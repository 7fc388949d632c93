"""Diagnoses of terminals as rows: asked for, told to the terminal, put together from pieces."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, insert, select, update

from broker.contract import Diagnosis, text_of
from hub.base import history
from hub.base.access import Scope, visible
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model.diagnoses import DIAGNOSES_KEPT

_terminals = table_of(tables.Terminal)
_asked: Final = tables.terminal_diagnosis
_pieces: Final = tables.terminal_diagnosis_piece
_presence: Final = tables.terminal_presence.c
_OPEN: Final = (
    "SELECT terminal, name FROM terminal_diagnosis WHERE state = 'asked' AND terminal IN "
)


def can_diagnose(t: Transaction, terminal: str, *, scope: Scope) -> bool | None:
    """Tell whether a terminal tells of itself; None where nobody of the scope sees one."""
    seen = visible(scope, seller=_terminals.c.seller_id, party=_terminals.c.customer_id)
    query = (
        select(_terminals.c.id, _presence.diagnoses)
        .outerjoin(tables.terminal_presence, _presence.terminal == _terminals.c.id)
        .where(_terminals.c.id == terminal, _terminals.c.revoked_at.is_(None), seen)
    )
    row = t.connection.execute(query).first()
    return None if row is None else bool(row.diagnoses)


def open_of(t: Transaction, terminals: Sequence[str]) -> dict[str, str]:
    """Give what these terminals are asked for, by terminal."""
    return {row[0]: row[1] for row in sorted(t.rows_in(_OPEN, terminals))}


def ask_for(t: Transaction, terminal: str, name: str, *, why: str) -> None:
    """Ask a terminal, and forget all of its diagnoses but the newest."""
    row = {"name": name, "terminal": terminal, "state": "asked", "asked_at": t.at_ms}
    t.connection.execute(insert(_asked).values(**row, asked_by=t.actor))
    said = ({"diagnosis": ""}, {"diagnosis": "asked"})
    history.record(t, "terminal", terminal, before=said[0], after=said[1], why=why)
    newest = (
        select(_asked.c.id)
        .where(_asked.c.terminal == terminal)
        .order_by(_asked.c.id.desc())
        .offset(DIAGNOSES_KEPT)
    )
    old = list(t.connection.execute(newest).scalars())
    if old:
        t.connection.execute(delete(_pieces).where(_pieces.c.diagnosis_id.in_(old)))
        t.connection.execute(delete(_asked).where(_asked.c.id.in_(old)))


def keep_piece(t: Transaction, piece: Diagnosis) -> bool:
    """Keep a piece of what a terminal was asked for; True where it was the last one missing.

    What nobody asked for, or is here already, is dropped. Pieces of another start of the terminal
    are of another text: they go.
    """
    said = piece.data
    query = select(_asked.c.id).where(
        _asked.c.name == said.asked, _asked.c.terminal == piece.term, _asked.c.state == "asked"
    )
    found = t.connection.execute(query.with_for_update()).scalar_one_or_none()
    if found is None:
        return False
    here = _pieces.c.diagnosis_id == found
    others = (_pieces.c.boot != piece.boot) | (_pieces.c.parts != said.parts)
    again = _pieces.c.part == said.part
    t.connection.execute(delete(_pieces).where(here, others | again))
    row = {"diagnosis_id": found, "part": said.part, "parts": said.parts, "boot": piece.boot}
    t.connection.execute(insert(_pieces).values(**row, content=said.content))
    kept = t.connection.execute(select(_pieces.c.content).where(here).order_by(_pieces.c.part))
    pieces = [bytes(one) for one in kept.scalars()]
    if len(pieces) < said.parts:
        return False
    _finish(t, found, pieces)
    return True


def _finish(t: Transaction, diagnosis: int, pieces: Sequence[bytes]) -> None:
    try:
        text_of(pieces)
        state = "here"
    except ValueError:
        state = "unreadable"
    t.connection.execute(delete(_pieces).where(_pieces.c.diagnosis_id == diagnosis))
    t.connection.execute(
        update(_asked)
        .where(_asked.c.id == diagnosis)
        .values(state=state, came_at=t.at_ms, content=b"".join(pieces) if state == "here" else None)
    )
