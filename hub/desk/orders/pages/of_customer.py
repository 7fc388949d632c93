"""What orders show on a customer's page: its last order, and the way to a new one."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.orders.reads.entry import PastOrder, last_order_of
from hub.web.frames.records import Action, Actions


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """A customer by its code, with the order that may be repeated."""

    code: str
    last: PastOrder | None


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfCustomer | None:
    """Read a customer's last order for whoever may place orders."""
    del now_ms
    if not session.may("orders.place"):
        return None
    return OfCustomer(key, last_order_of(connection, key, scope=session.scope))


def offer_actions(it: object, session: Session, words: PageWords) -> Actions:
    """Offer a new order, and the last one again."""
    del session
    of = cast("OfCustomer", it)
    address = f"/orders/new?customer={quote(of.code, safe='')}&fresh=1"
    new = Action(words.text("entry.title"), "plus", address=address, key="n")
    if of.last is None:
        return Actions(beside=(new,))
    again = f"/orders/new?copy={of.last.uuid}&fresh=1"
    repeat = Action(words.text("entry.copy_last"), "refresh", address=again, key="l")
    return Actions(beside=(new, repeat))
