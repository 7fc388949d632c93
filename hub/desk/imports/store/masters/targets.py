"""Targets from files: each row is one, new or with another amount."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import look_of_code
from hub.desk.targets.model import FIELDS, read_target
from hub.desk.targets.store import keep_target

_SPEC: Final = ImportKind(
    "targets",
    (*FIELDS, "seller"),
    needed=("measure", "month", "amount"),
    key=("measure", "kind", "who", "goods", "thing", "span", "month"),
    words="target_field",
    also={
        "of": "who",
        "for": "who",
        "rep": "who",
        "name": "who",
        "period": "month",
        "target": "amount",
        "value": "amount",
        "reason": "why",
    },
    permission="targets.set",
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    named = " ".join(texts.get(name, "").strip() for name in _SPEC.key)
    yield Mark("", look_of_code(named), named)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    for row in rows:
        yield _take_one(t, row, taking)


def _take_one(t: Transaction, row: Row, taking: Taking) -> RowOutcome:
    # Whose it is and of what are said by the columns that there are.
    kind = row.texts.get("kind") or ("rep" if row.texts.get("who") else "house")
    asked = read_target({**row.texts, "kind": kind})
    if isinstance(asked, tuple):
        return refuse_row(row, *asked)
    done = keep_target(t, asked, seller=row.texts.get("seller", "").strip(), scope=taking.scope)
    if isinstance(done, tuple):
        return refuse_row(row, *done)
    changed = ("amount",) if done.came == "change" else ()
    return RowOutcome(row.number, row.key[:200], done.came, changed=changed)


TARGETS: Final = MastersKind(_SPEC, _take, _marks)
