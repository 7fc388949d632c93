"""Stock documents with their lines, written and locked inside a given transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from sqlalchemy import select, update

from hub.base import numbering
from hub.base.access import Scope, visible
from hub.base.fields import Refused, refused
from hub.base.numbering import Series
from hub.base.transaction import LockRank, Transaction
from hub.desk.parties.store import business_day
from hub.desk.stock.model.moves import Bucket, DocumentKind, Move, Place, Posted, State
from hub.desk.stock.store.moving import TOPIC, Document
from hub.desk.stock.tables import stock_document, stock_document_line

_LINE: Final = (
    *("document_id", "line", "batch_id", "from_bucket", "to_bucket", "quantity", "expected"),
    *("arrived", "counted", "moved", "counted_by", "arrived_by"),
    *("first_counted", "first_moved", "first_by"),
)
_RETURN: Final = "supplier_return"
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says of itself, before its lines."""

    kind: DocumentKind
    key: str
    seller: int
    warehouse: int | None
    to_warehouse: int | None = None
    reason: str = ""
    reference: str = ""
    note: str = ""
    due: date | None = None
    after: int | None = None
    asked: str | None = None
    supplier: str = ""


class KeyTakenError(Exception):
    """Somebody else has written a document under this key meanwhile."""


def sent_once(send: Callable[[], Posted | Refused]) -> Posted | Refused:
    """Send a document; where another process has sent it meanwhile, find what came of that."""
    try:
        return send()
    except KeyTakenError:
        return send()


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a document that is kept."""

    line: int
    batch: int
    origin: Bucket | None
    target: Bucket | None
    quantity: int
    expected: int | None = None
    arrived: int | None = None
    counted: int | None = None
    moved: int | None = None
    counted_by: str | None = None
    arrived_by: str | None = None
    first_counted: int | None = None
    first_moved: int | None = None
    first_by: str | None = None

    @property
    def on_its_way(self) -> int:
        """Give what of a transfer's line has not arrived: of 20 sent and 18 arrived, 2."""
        return max(0, self.quantity - (self.arrived or 0))

    def move(self) -> Move:
        """Give the move that the line asks for."""
        return Move(self.batch, self.origin, self.target, self.quantity)


@dataclass(frozen=True, slots=True)
class LockedDocument:
    """A document under lock with its lines."""

    id: int
    head: Head
    state: State
    made_by: str
    lines: Sequence[LineRow] = field(default_factory=tuple)

    @property
    def hands(self) -> frozenset[str]:
        """Give who made it, counted or took it: none of them is the second person."""
        by_line = {
            name
            for one in self.lines
            for name in (one.counted_by, one.first_by, one.arrived_by)
            if name
        }
        return frozenset({self.made_by, *by_line})

    @property
    def of(self) -> Document:
        """Give what its movements are of."""
        return Document(self.id, self.head.kind, self.head.reason, self.head.note)


def find_sent(
    t: Transaction, key: str, *, place: Place, kind: DocumentKind, asked: str
) -> Posted | Refused | None:
    """Find what came of a document that was sent before under this key; None of a new one.

    A key under which something else was sent is refused; `asked` is the digest of what is sent.
    """
    table = stock_document.c
    query = select(table.id, table.state, table.kind, table.seller_id, table.made_by, table.asked)
    row = t.connection.execute(query.where(table.key == key)).first()
    if row is None:
        return None
    if (row.kind, row.seller_id, row.made_by) != (kind, place.seller, t.actor):
        return refused("stock_key_taken", value=key)
    if row.asked not in {None, asked}:
        return refused("stock_key_taken", value=key)
    return Posted(row.id, cast("State", row.state), again=True)


def open_document(
    t: Transaction, head: Head, state: State, *, worth: int | None = None
) -> Document:
    """Write the head of a document; its lines and moves follow.

    Raises KeyTakenError where another process has just written one under its key.
    """
    row = {
        "kind": head.kind,
        "key": head.key,
        "state": state,
        "seller_id": head.seller,
        "warehouse_id": head.warehouse,
        "to_warehouse_id": head.to_warehouse,
        "reason": head.reason,
        "reference": head.reference,
        "note": head.note,
        "due": head.due,
        "after": head.after,
        "worth": worth,
        "asked": head.asked,
        "supplier": head.supplier,
        "made_by": t.actor,
        "made_at": t.at_ms,
    }
    statement = (
        f"INSERT INTO stock_document ({', '.join(row)}) VALUES ({', '.join('?' * len(row))}) "  # noqa: S608
        "ON CONFLICT (key) DO NOTHING RETURNING id"
    )
    made = t.rows(statement, tuple(row.values()))
    if not made:
        raise KeyTakenError(head.key)
    t.changed(TOPIC)
    return Document(int(made[0][0]), head.kind, head.reason, head.note)


def write_lines(t: Transaction, document: int, lines: Sequence[LineRow]) -> None:
    """Write lines of a document."""
    t.insert(
        stock_document_line,
        _LINE,
        [
            (
                *(document, one.line, one.batch, one.origin, one.target, one.quantity),
                *(one.expected, one.arrived, one.counted, one.moved, one.counted_by),
                *(one.arrived_by, one.first_counted, one.first_moved, one.first_by),
            )
            for one in lines
        ],
    )


def lock_document(t: Transaction, document: int, *, scope: Scope) -> LockedDocument | None:
    """Lock and read a document that a person may see; None where there is none of this id."""
    table = stock_document.c
    query = select(stock_document).where(
        table.id == document, visible(scope, seller=table.seller_id)
    )
    row = t.connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        return None
    t.lock(LockRank.DOCUMENT, {document})
    head = Head(
        cast("DocumentKind", row["kind"]),
        row["key"],
        row["seller_id"],
        row["warehouse_id"],
        row["to_warehouse_id"],
        row["reason"],
        row["reference"],
        row["note"],
        row["due"],
        row["after"],
        supplier=row["supplier"],
    )
    lines = stock_document_line.c
    found = t.connection.execute(
        select(*(stock_document_line.c[name] for name in _LINE[1:]))
        .where(lines.document_id == document)
        .order_by(lines.line)
    )
    state = cast("State", row["state"])
    return LockedDocument(document, head, state, row["made_by"], [LineRow(*one) for one in found])


def change_line(t: Transaction, document: int, line: int, **values: Any) -> None:  # noqa: ANN401
    """Write what arrived or was counted of a line."""
    table = stock_document_line.c
    own = (table.document_id == document) & (table.line == line)
    t.connection.execute(update(stock_document_line).where(own).values(values))


def settle_document(
    t: Transaction, document: int, state: State, *, decided: bool = True, why: str = ""
) -> None:
    """Move a document on; where it is `decided`, by whom, when and why is written down."""
    values: dict[str, object] = {"state": state}
    if decided:
        values |= {"decided_by": t.actor, "decided_at": t.at_ms, "decided_why": why}
    own = stock_document.c.id == document
    t.connection.execute(update(stock_document).where(own).values(values))
    t.changed(TOPIC)


def number_document(t: Transaction, document: Document, seller: int) -> None:
    """Give goods that went back to a supplier their number, the last lock of the transaction.

    Other documents have none, and what waits has none yet: a number is given once goods leave.
    """
    if document.kind != _RETURN:
        return
    day = business_day(t)
    try:
        number = numbering.next_number(t, seller=seller, kind=_RETURN, day=day)
    except numbering.UndefinedSeriesError:
        numbering.define_usual(t, Series(seller, _RETURN, "SR{year}/", _DIGITS), day=day)
        number = numbering.next_number(t, seller=seller, kind=_RETURN, day=day)
    own = stock_document.c.id == document.id
    t.connection.execute(update(stock_document).where(own).values(number=number))
