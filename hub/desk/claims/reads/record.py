"""One claim with its lines, what of each is not paid and why, and what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.base.history import Entry
from hub.base.history import read as read_history
from hub.desk.claims.reads.listing import ClaimRow, make_row, rows_of
from hub.desk.claims.tables import claim, claim_line, claim_short, scheme_given
from hub.desk.invoices.tables import invoice, invoice_line
from hub.desk.parties.tables import party
from hub.desk.payments.reads import payments_of_document
from hub.desk.payments.tables import payment
from hub.desk.rulepacks.reads import read_rule_texts
from rules import names_in


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A line of a claim: what a scheme gave by one document, or took back.

    `text` is what people call the scheme; `document` is the invoice, the credit note, or the
    invoice that was cancelled, and `invoice` the one whose line it is of.
    """

    line: int
    scheme: str
    text: str
    day: date
    document: str
    document_id: int
    invoice: str
    invoice_line: int
    customer: str
    sku: str
    product: str
    kind: str
    valued: str
    quantity: int
    amount: int
    short: int = 0


@dataclass(frozen=True, slots=True)
class SchemeSum:
    """What one scheme comes to in a claim."""

    scheme: str
    text: str
    kind: str
    valued: str
    lines: int
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Short:
    """What is not paid of a line, why, and the write-off that gave it up."""

    line: int
    amount: int
    why: str
    payment: int
    number: str
    voided: bool


@dataclass(frozen=True, slots=True)
class ClaimDetail:
    """One claim whole.

    `payments` are those that pay it, and what was written off of it: row id, kind, number.
    """

    row: ClaimRow
    seller_id: int
    funder_id: int
    lines: tuple[ClaimedLine, ...]
    schemes: tuple[SchemeSum, ...]
    shorts: tuple[Short, ...]
    history: tuple[Entry, ...]
    payments: tuple[tuple[int, str, str], ...]


def read_claim(
    connection: Connection, row_id: int, *, language: str = "en", scope: Scope
) -> ClaimDetail | None:
    """Read one claim with the names of schemes in a language; None where nobody sees one."""
    query = rows_of(scope).add_columns(claim.c.seller_id, claim.c.funder_id, claim.c.document_id)
    row = connection.execute(query.where(claim.c.id == row_id)).first()
    if row is None:
        return None
    shorts = _shorts(connection, row_id)
    missing: dict[int, int] = {}
    for one in shorts:
        if not one.voided:
            missing[one.line] = missing.get(one.line, 0) + one.amount
    lines = tuple(
        replace(one, short=missing.get(one.line, 0))
        for one in _lines(connection, row_id, language=language)
    )
    return ClaimDetail(
        row=make_row(row),
        seller_id=int(row[14]),
        funder_id=int(row[15]),
        lines=lines,
        schemes=tuple(_by_scheme(lines)),
        shorts=shorts,
        history=tuple(read_history(connection, "claim", row_id)),
        payments=tuple(
            payments_of_document(connection, row[16], scope=scope) if row[16] is not None else ()
        ),
    )


def _lines(connection: Connection, row_id: int, *, language: str) -> Sequence[ClaimedLine]:
    given, document, of = scheme_given.c, invoice.alias("document"), invoice.alias("of")
    query: Any = (
        select(
            *(claim_line.c.line, given.scheme, given.pack_hash, given.day, document.c.number),
            *(document.c.id, of.c.number, given.line, party.c.name, invoice_line.c.sku),
            *(invoice_line.c.name, given.kind, given.valued),
            *(claim_line.c.quantity, claim_line.c.amount),
        )
        .join(scheme_given, given.id == claim_line.c.given_id)
        .join(document, document.c.id == given.document_id)
        .join(of, of.c.id == given.invoice_id)
        .join(
            invoice_line,
            (invoice_line.c.invoice_id == given.invoice_id) & (invoice_line.c.line == given.line),
        )
        .join(party, party.c.id == given.customer_id)
        .where(claim_line.c.claim_id == row_id)
        .order_by(claim_line.c.line)
    )
    names: dict[str, Mapping[str, str]] = {}
    found = []
    for line, scheme, pack, *rest in connection.execute(query):
        if pack not in names:
            names[pack] = names_in(read_rule_texts(connection, pack), language)
        text = names[pack].get(scheme, scheme)
        values = (line, scheme, text, *rest[:10], int(rest[10]), int(rest[11]))
        found.append(ClaimedLine(*values))
    return found


def _by_scheme(lines: Sequence[ClaimedLine]) -> Sequence[SchemeSum]:
    """Add lines up by scheme, and by what their amounts are."""
    found: dict[tuple[str, str, str], SchemeSum] = {}
    for one in lines:
        key = (one.scheme, one.kind, one.valued)
        before = found.get(key, SchemeSum(one.scheme, one.text, one.kind, one.valued, 0, 0, 0))
        found[key] = replace(
            before,
            lines=before.lines + 1,
            quantity=before.quantity + one.quantity,
            amount=before.amount + one.amount,
        )
    return [found[key] for key in sorted(found)]


def _shorts(connection: Connection, row_id: int) -> tuple[Short, ...]:
    one = claim_short.c
    query = (
        select(one.line, one.amount, one.why, one.payment_id, payment.c.number, payment.c.state)
        .join(payment, payment.c.id == one.payment_id)
        .where(one.claim_id == row_id)
        .order_by(one.payment_id, one.line)
    )
    return tuple(
        Short(line, int(amount), why, paid, number, state == "voided")
        for line, amount, why, paid, number, state in connection.execute(query)
    )
