"""Holidays and other days from files: each row is a day, new or said otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.workdays.model import MARK_FIELDS, read_mark
from hub.desk.workdays.store import keep_mark

_SPEC: Final = ImportKind(
    "workdays",
    (*MARK_FIELDS, "seller"),
    needed=("day", "name"),
    key=("day", "region", "seller"),
    words="workday_column",
    days=("day",),
    also={"date": "day", "holiday": "name", "reason": "why", "state": "region", "kind": "mark"},
    permission="workdays.set",
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    named = " ".join(texts.get(name, "").strip() for name in _SPEC.key)
    yield Mark("", named.casefold(), named)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    for row in rows:
        yield _take_one(t, row, taking)


def _take_one(t: Transaction, row: Row, taking: Taking) -> RowOutcome:
    asked = read_mark(row.texts)
    if isinstance(asked, tuple):
        return refuse_row(row, *asked)
    seller = row.texts.get("seller", "").strip()
    done = keep_mark(t, asked, seller=seller, scope=taking.scope)
    if isinstance(done, tuple):
        return refuse_row(row, *done)
    changed = ("name",) if done.came == "change" else ()
    return RowOutcome(row.number, row.key[:200], done.came, changed=changed)


WORKDAYS: Final = MastersKind(_SPEC, _take, _marks)
