"""What a kind of masters brings to imports: its fields, and what takes rows of a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from hub.base.access import Scope
from hub.base.fields import Duplicate, Reason
from hub.base.ids import Ids
from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.orders.deciding import Desk

AT_ONCE: Final = 50
"""Rows of one transaction, of a kind that says nothing else."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file by the fields of its kind; `number` is the line on which it begins.

    `sure` says that it is to be taken although it looks like something that is there.
    """

    number: int
    key: str
    texts: Mapping[str, str]
    sure: bool = False


@dataclass(slots=True)
class Tried:
    """What rows that were only tried would have added: the next ones are told as if it were there.

    `codes` are those of new records, `alike` has by what they may be known again.
    """

    codes: set[str] = field(default_factory=set)
    alike: dict[tuple[str, str], Duplicate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What orders of a file are decided with, and what makes their ids."""

    desk: Desk
    ids: Ids


@dataclass(frozen=True, slots=True)
class Taking:
    """How rows are taken: of which file, also where others look the same, by whom, in whose scope.

    `deciding` is for the orders of a file.
    """

    file: str
    anyway: bool
    scope: Scope
    tried: Tried
    by: str
    deciding: Deciding


class TakeRows(Protocol):
    """Takes rows of a file into the masters, inside a given transaction."""

    def __call__(
        self, t: Transaction, rows: Sequence[Row], *, taking: Taking
    ) -> Iterable[RowOutcome]:
        """Take each row whole or not at all; gives what became of each, in the same order."""


@dataclass(frozen=True, slots=True)
class MastersKind:
    """A kind of masters that files are taken into.

    `marks` gives what of a row may stand once in a file, such as its code. `finish` is called in
    the transaction that takes the last row of a run that changed something, for what would be too
    much after every row.

    `at_once` are the rows of one transaction: orders wait for no more than these. A kind that
    `drafts` changes nothing by its rows: a draft of the rules is made of all of them at the end.
    """

    spec: ImportKind
    take: TakeRows
    marks: Callable[[Mapping[str, str]], Iterable[Mark]]
    finish: Callable[[Transaction], None] = lambda _t: None
    at_once: int = AT_ONCE
    drafts: bool = False


def refuse_row(row: Row, *reasons: Reason) -> RowOutcome:
    """Refuse a row for these reasons."""
    return RowOutcome(row.number, row.key[:200], "refuse", reasons=reasons)
