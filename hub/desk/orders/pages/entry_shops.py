"""What is otherwise where a shop enters its own order: nothing of the house is shown or asked."""

from typing import Final

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.money import money
from hub.base.words import PageWords
from hub.desk.orders.reads.listing import list_warehouses
from hub.desk.orders.reads.order import Line, Revision
from hub.desk.orders.reads.steps import Step
from hub.desk.parties.reads.customers import find_customers

SHORT: Final = frozenset({"short_stock", "out_of_stock"})
"""Reasons that tell of less stock than was asked for."""


def key_of(session: Session, key: str) -> str:
    """Give the key under which an order is placed: a shop's is never one of another person's."""
    return key if session.is_staff else f"{session.user_id}:{key}"


def only_customer(connection: Connection, session: Session) -> str:
    """Give the code of the one customer whom a partner orders for; empty where there is a choice.

    Staff always say for whom.
    """
    if session.is_staff:
        return ""
    found = find_customers(connection, "", most=2, scope=session.scope)
    return found[0].code if len(found) == 1 else ""


def warehouse_of(connection: Connection, session: Session, asked: str) -> str:
    """Give the warehouse that was chosen; of one that a shop does not see, none."""
    if session.is_staff:
        return asked
    return asked if asked in dict(list_warehouses(connection, scope=session.scope)) else ""


def hint_of(line: Line | None, there: int | None, words: PageWords) -> str:
    """Say whether a line is there: yes, a part of it, or not now; never how much there is.

    `there` is what is available of its product, None where that is not known.
    """
    if line is None:
        return ""
    if any(one.code in SHORT for one in line.reasons):
        return words.text("entry.part_there" if line.quantity else "entry.none_there")
    if there is None or there >= line.ordered:
        return words.text("entry.there") if line.picks or there is not None else ""
    return words.text("entry.part_there" if there else "entry.none_there")


def scheme_words(step: Step, words: PageWords, of: Revision, *, plain: bool) -> str:
    """Say what a scheme gave: its own words where they are `plain`, else the amount alone.

    Of a scheme that has no name for people a shop is told the amount alone, in the currency `of`
    its order.
    """
    if plain:
        return step.text
    amount = money(abs(step.amount or 0), of.currency, of.scale)
    return words.text("entry.scheme_gave", amount=amount)
