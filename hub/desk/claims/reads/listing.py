"""The list of claims, with what of each is open, paid short or paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select

from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.accounts.tables import account_document
from hub.desk.claims.tables import claim, claim_short
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party
from hub.desk.payments.tables import payment

NEWEST: Final = Sorting("number", descending=True)
_SHORT: Final = (
    select(func.coalesce(func.sum(claim_short.c.amount), 0))
    .join(payment, payment.c.id == claim_short.c.payment_id)
    .where(claim_short.c.claim_id == claim.c.id, payment.c.state != "voided")
    .correlate(claim)
    .scalar_subquery()
)
_OPEN: Final = case(
    (
        claim.c.state.in_(("sent", "accepted")),
        account_document.c.amount - account_document.c.allocated,
    ),
    else_=0,
)
_OWED: Final = claim.c.state.in_(("sent", "accepted"))
STATE: Final[ColumnElement[str]] = case(
    (and_(_OWED, account_document.c.allocated == account_document.c.amount), "settled"),
    (and_(_OWED, _SHORT > 0), "short_paid"),
    else_=claim.c.state,
)
"""What people see of a claim's state: the account of its funder says what of it is open."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim of the list; `short` is what its funder does not pay, `open` what is to come."""

    id: int
    number: str
    customer: str
    customer_code: str
    seller: str
    day: date
    from_day: date
    until_day: date
    state: str
    amount: int
    short: int
    open: int
    made_by: str
    made_at: int


def claims_of(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a person sees a claim: who sees all customers of its seller.

    Its lines name customers, so nobody sees one who sees some of them alone.
    """
    return false() if scope.narrowed else visible(scope, seller=claim.c.seller_id)


def rows_of(scope: Scope) -> Select[Any]:
    """Select the claims that a person sees, as rows of the list."""
    one, seller = claim.c, party.alias("seller")
    return (
        select(
            *(one.id, one.number, party.c.name, party.c.code, seller.c.name.label("seller")),
            *(one.day, one.from_day, one.until_day, STATE.label("shown")),
            *(one.amount, _SHORT.label("short"), _OPEN.label("left")),
            *(one.made_by, one.made_at),
        )
        .select_from(claim)
        .join(party, party.c.id == one.funder_id)
        .join(seller, seller.c.id == one.seller_id)
        .outerjoin(account_document, account_document.c.id == one.document_id)
        .where(claims_of(scope))
    )


def make_row(row: Any) -> ClaimRow:  # noqa: ANN401  # a row of the driver
    """Make a row of the list."""
    values = tuple(row)[:14]
    return ClaimRow(*values[:9], *(int(one) for one in values[9:12]), *values[12:])


def list_claims(connection: Connection, wanted: Wanted, *, scope: Scope) -> Slice[ClaimRow]:
    """Read one page of the claims that somebody sees."""
    sorts = {
        "number": claim.c.id,
        "customer": party.c.name,
        "day": claim.c.day,
        "amount": claim.c.amount,
    }
    query = _filtered(rows_of(scope), wanted)
    return page_of(connection, query, wanted, sorts=sorts, key=claim.c.id, make=make_row)


def tally_claims(
    connection: Connection, wanted: Wanted, *, scope: Scope
) -> tuple[Mapping[str, int], int, int]:
    """Count claims by state, and give how many and what is open of them under the whole filter."""
    chosen = {name: one for name, one in wanted.chosen.items() if name != "state"}
    plain = Wanted(wanted.sort, wanted.text, chosen)
    every = _filtered(rows_of(scope), plain).subquery()
    grouped = select(every.c.shown, func.count()).group_by(every.c.shown)
    counts = {state: int(count) for state, count in connection.execute(grouped)}
    some = _filtered(rows_of(scope), wanted).subquery()
    sums = select(func.count(), func.coalesce(func.sum(some.c.left), 0))
    count, left = connection.execute(sums).one()
    return counts, int(count), int(left)


def find_claim(connection: Connection, name: str, *, scope: Scope) -> int | None:
    """Find a claim's id by its number, the newest of that number; None where there is none."""
    query = select(claim.c.id).where(claim.c.number == name.strip().upper(), claims_of(scope))
    return connection.execute(query.order_by(claim.c.id.desc()).limit(1)).scalar()


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if text := wanted.text.strip():
        query = query.where(
            or_(
                claim.c.number.icontains(text, autoescape=True),
                claim.c.funder_id.in_(customers_with(text)),
            )
        )
    if chosen := wanted.chosen.get("state"):
        query = query.where(STATE.in_(chosen))
    if code := wanted.one("customer"):
        query = query.where(or_(party.c.code == code, party.c.name.icontains(code)))
    first, last = wanted.dates("day")
    if first is not None:
        query = query.where(claim.c.day >= first)
    if last is not None:
        query = query.where(claim.c.day <= last)
    return query
