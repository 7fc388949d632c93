"""Where customers stand, and what they owed at the start."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base.access import Scope, visible
from hub.desk.accounts.model import credit_left
from hub.desk.accounts.tables import customer_account
from hub.desk.parties.tables import party
from rules import Credit, LimitState, Minor


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands: what it owes or will owe, and of it what it owed at the start.

    Of the exposure, `billed` is owed on documents, cheques that are not cleared (`clearing`) among
    it. `limit` is of the state `amount`; amounts are in minor units.
    """

    exposure: int
    opening: int
    billed: int
    clearing: int
    state: LimitState
    limit: int

    @property
    def left(self) -> int | None:
        """Give what may still be ordered on credit; None where there is no limit."""
        return credit_left(Credit(self.state, Minor(self.limit)), self.exposure)


def read_standing(connection: Connection, code: str, *, scope: Scope) -> Standing | None:
    """Read where a customer stands; None where nobody sees one of this code with an account."""
    query = (
        select(
            customer_account.c.exposure,
            customer_account.c.opening_outstanding,
            customer_account.c.billed,
            customer_account.c.clearing,
            party.c.credit_state,
            party.c.credit_limit,
        )
        .join(party, party.c.id == customer_account.c.customer_id)
        .where(party.c.code == code)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
    )
    row = connection.execute(query).first()
    return None if row is None else Standing(*row)


def read_openings(connection: Connection, *, scope: Scope) -> Iterator[tuple[str, int]]:
    """Read the opening amount of every customer that somebody sees, by code."""
    query = (
        select(party.c.code, customer_account.c.opening_outstanding)
        .join(party, party.c.id == customer_account.c.customer_id)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .order_by(party.c.code)
    )
    for row in connection.execute(query):
        yield row.code, row.opening_outstanding
