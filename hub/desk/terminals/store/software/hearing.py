"""What terminals say of their software: kept, followed, and answered by offering it to others."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, false, func, insert, or_, select, update

from broker.contract import UpdateSaid
from hub.base.transaction import Transaction
from hub.desk.terminals import tables
from hub.desk.terminals.model.software import (
    AT_ONCE,
    BAD,
    HEARD_MS,
    OFFER_HEARD_MS,
    OPEN,
    RUNNING,
    SILENT_MS,
    TryState,
    Update,
    heard,
)
from hub.desk.terminals.store.presence import keep_told
from hub.desk.terminals.store.software.updates import keep_update, offer_to
from hub.desk.terminals.tables import update_of

_updates: Final = tables.terminal_update
_tries: Final = tables.terminal_try
_said: Final = tables.terminal_software
_presence: Final = tables.terminal_presence
_LONGEST: Final = 500
_NAME: Final = 32
_SILENT: Final = "it was not heard since it tried the update"

Kind = tuple[str, str]
"""A kind of machine, as its processor and its Python."""


class Running(NamedTuple):
    """What a terminal runs, on which kind of machine."""

    terminal: str
    kind: Kind
    number: int


def hear_updates(t: Transaction, said: Mapping[str, UpdateSaid]) -> None:
    """Keep what terminals say of their software, and offer the update that runs to more of them.

    A terminal that says the same as before costs one row that is read.
    """
    if not said:
        return
    changed = _keep(t, said)
    _follow(t, {name: said[name] for name in changed})
    _offer(t, [Running(name, _kind(one), one.number) for name, one in sorted(said.items())])


def fall_silent(t: Transaction, since_ms: int) -> None:
    """Count terminals that did not come back from an update as failed.

    Before `since_ms` the hub may not have listened.
    """
    limits = [
        and_(
            _tries.c.state == state,
            _tries.c.at < t.at_ms - limit,
            func.coalesce(_presence.c.seen_at, 0) < t.at_ms - limit,
        )
        for state, limit in SILENT_MS.items()
        if t.at_ms - limit >= since_ms
    ]
    query = (
        select(_tries.c.update_id, _tries.c.terminal)
        .join(_updates, _updates.c.id == _tries.c.update_id)
        .outerjoin(_presence, _presence.c.terminal == _tries.c.terminal)
        .where(
            or_(false(), *limits),
            or_(_tries.c.state == "trying", _updates.c.stage.in_(RUNNING)),
        )
        .order_by(_tries.c.update_id, _tries.c.terminal)
    )
    found = t.connection.execute(query).all()
    for row in found:
        _write(t, row, "silent", code="software_silent", text=_SILENT)
    if found:
        t.changed("software")
    _stop(t, {row.update_id for row in found})


def _kind(said: UpdateSaid) -> Kind:
    return said.machine[:_NAME], said.python[:_NAME]


def _keep(t: Transaction, said: Mapping[str, UpdateSaid]) -> Collection[str]:
    """Keep what is new; gives who said something new."""
    query = select(_said).where(_said.c.terminal.in_(said))
    known = {row.terminal: row for row in t.connection.execute(query)}
    changed = []
    for name, one in sorted(said.items()):
        machine, python = _kind(one)
        values = {
            "number": one.number,
            "machine": machine,
            "python": python,
            "manifest": one.manifest,
            "state": one.state,
            "code": one.code,
            "text": _cut(one.text),
        }
        row = known.get(name)
        if row is None:
            t.connection.execute(insert(_said).values(terminal=name, at=t.at_ms, **values))
        elif any(getattr(row, field) != value for field, value in values.items()):
            here = _said.c.terminal == name
            t.connection.execute(update(_said).where(here).values(at=t.at_ms, **values))
        else:
            continue
        changed.append(name)
    return changed


def _follow(t: Transaction, said: Mapping[str, UpdateSaid]) -> None:
    """Follow how far terminals are with the updates that they were offered."""
    if not said:
        return
    named = {one.manifest for one in said.values() if one.manifest}
    query = (
        select(_tries, _updates.c.digest, _updates.c.number)
        .join(_updates, _updates.c.id == _tries.c.update_id)
        .where(
            _tries.c.terminal.in_(said),
            or_(_tries.c.state.in_(OPEN), _updates.c.digest.in_(named)),
        )
        .order_by(_tries.c.update_id, _tries.c.terminal)
    )
    failed = set()
    for row in t.connection.execute(query).all():
        one = said[row.terminal]
        is_named = one.manifest == row.digest
        state = heard(row.state, one.state, is_named=is_named, is_there=one.number >= row.number)
        code, text = (one.code, _cut(one.text)) if is_named else (row.code, row.text)
        if (state, code, text) != (row.state, row.code, row.text):
            _write(t, row, state, code=code, text=text)
            t.changed("software")
        if state in BAD and row.state not in BAD:
            failed.add(row.update_id)
    _stop(t, failed)


def _write(
    t: Transaction, row: Row[*tuple[Any, ...]], state: TryState, *, code: str | None, text: str
) -> None:
    here = (_tries.c.update_id == row.update_id) & (_tries.c.terminal == row.terminal)
    values = {"state": state, "code": code, "text": text, "at": t.at_ms}
    t.connection.execute(update(_tries).where(here).values(**values))


def _stop(t: Transaction, updates: Collection[int]) -> None:
    """Stop the updates with which so many terminals failed that no other should try them."""
    for one in _running(t, _updates.c.id.in_(updates)) if updates else ():
        query = (
            select(_tries.c.terminal)
            .where(_tries.c.update_id == one.id, _tries.c.state.in_(BAD))
            .order_by(_tries.c.at.desc(), _tries.c.terminal)
        )
        bad = t.connection.execute(query).scalars().all()
        if len(bad) < one.most_failed:
            continue
        why = f"failed: {len(bad)}, limit: {one.most_failed}: {', '.join(bad[:10])}"
        keep_update(t, one, why=why[:_LONGEST], stage="stopped", reach=one.stage)
        keep_told(t, [(bad[0], "alarm", "software_stopped", f"update {one.name}: {why}")])
        t.changed("software")
        t.changed("terminals")


def _running(t: Transaction, which: ColumnElement[bool]) -> Iterator[Update]:
    query = select(_updates).where(_updates.c.stage.in_(RUNNING), which)
    yield from map(update_of, t.connection.execute(query).all())


def _offer(t: Transaction, there: Sequence[Running]) -> None:
    """Offer what runs for all to those that are there and were not asked yet, so many at a time."""
    for one in _running(t, _updates.c.stage == "all"):
        kind = (one.machine, one.python)
        names = [each.terminal for each in there if each.kind == kind and each.number < one.number]
        if not names:
            continue
        asked = set(
            t.connection.execute(
                select(_tries.c.terminal).where(
                    _tries.c.update_id == one.id, _tries.c.terminal.in_(names)
                )
            ).scalars()
        )
        new = [name for name in names if name not in asked]
        if new and (room := AT_ONCE - _busy(t, one)) > 0:
            offer_to(t, one, new[:room])
            t.changed("software")


def _busy(t: Transaction, one: Update) -> int:
    """Count the terminals that fetch or try an update now."""
    is_busy = or_(
        and_(_tries.c.state == "offered", _tries.c.at > t.at_ms - OFFER_HEARD_MS),
        and_(_tries.c.state.in_(OPEN - {"offered"}), _tries.c.at > t.at_ms - HEARD_MS),
    )
    query = select(func.count()).where(_tries.c.update_id == one.id, is_busy)
    return int(t.connection.execute(query).scalar_one())


def _cut(text: str) -> str:
    """Cut a stranger's text to what a column takes; PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\ufffd")[:_LONGEST]
