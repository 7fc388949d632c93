"""What a terminal keeps and cannot give back, settled by a person."""

from typing import NamedTuple

from sqlalchemy import func, select, update

from hub.base.transaction import Transaction
from hub.desk.terminals.tables import inbox, is_ahead, terminal_presence


class Settled(NamedTuple):
    """How many orders a terminal keeps between two numbers that are not here."""

    missing: int
    first: int
    last: int


def settle_kept(t: Transaction, terminal: str) -> Settled | None:
    """Take what a terminal keeps and the hub has not as settled; None where it is not ahead."""
    said = terminal_presence.c
    here = (
        select(func.count())
        .select_from(inbox)
        .where(inbox.c.terminal == terminal, inbox.c.seq.between(said.kept_first, said.kept_last))
        .scalar_subquery()
    )
    query = select(said.kept_orders - here, said.kept_first, said.kept_last, said.kept_newest)
    found = t.connection.execute(query.where(said.terminal == terminal, is_ahead())).first()
    if found is None:
        return None
    missing, first, last, newest = found
    values = {"missing_settled": max(0, missing), "newest_settled": newest}
    t.connection.execute(update(terminal_presence).where(said.terminal == terminal).values(values))
    return Settled(max(0, missing), first, last)
