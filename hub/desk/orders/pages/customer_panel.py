"""What orders show on a customer's page: the open ones, the last, a new one, a product's price."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, cast
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords, SentenceWriter
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.acts.tell_price import PriceTold
from hub.desk.orders.reads.entry import PastOrder, last_order_of
from hub.desk.orders.reads.listing import NEWEST_FIRST, OrderRow, list_orders
from hub.web.frames.records import Action, Actions
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import acts_of
from rules import UnwordedError, Worded, Words

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]
_MOST: Final = 8
_LONGEST: Final = 100
_OPEN: Final = ("pending", "processing")
_TOLD: Final = frozenset(("price", "line_schemes", "basket_schemes", "order_schemes", "free_goods"))
"""The steps of a decision that say why a price is what it is."""


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """A customer by its code: its open orders, the newest first, and the one to repeat.

    `last` is the newest that was neither rejected nor cancelled, read for whoever may place orders.
    `key` is the letter that leads to the price.
    """

    code: str
    orders: Sequence[OrderRow]
    more: bool
    all_orders: str
    last: PastOrder | None
    key: str = "p"


@dataclass(frozen=True, slots=True)
class Priced:
    """A product's price as a page tells it: amounts, why, and what would almost be earned."""

    told: PriceTold
    why: Sequence[str]
    near: Sequence[str]


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> OfCustomer | None:
    """Read a customer's orders for whoever may see orders."""
    del now_ms
    if not session.may("orders.read"):
        return None
    wanted = Wanted(NEWEST_FIRST, chosen={"customer_code": (key,), "public": _OPEN}, size=_MOST)
    page = list_orders(connection, wanted, scope=session.scope)
    code = quote(key, safe="")
    may_place = session.may("orders.place")
    return OfCustomer(
        key,
        page.rows,
        page.after is not None,
        f"/orders?customer_code={code}&public=pending&public=processing&days=0",
        last_order_of(connection, key, scope=session.scope) if may_place else None,
    )


def offer_actions(it: object, session: Session, words: PageWords) -> Actions:
    """Offer a new order, and the last one again, to whoever may place orders."""
    of = cast("OfCustomer", it)
    if not session.may("orders.place"):
        return Actions()
    address = f"/orders/new?customer={quote(of.code, safe='')}&fresh=1"
    new = Action(words.text("entry.title"), "plus", address=address, key="n")
    if of.last is None:
        return Actions(beside=(new,))
    again = f"/orders/new?copy={of.last.uuid}&fresh=1"
    repeat = Action(words.text("entry.copy_last"), "refresh", address=again, key="l")
    return Actions(beside=(new, repeat))


@router.get("/orders/price")
def price(
    request: Request, session: Reader, *, acts: Acts, customer: str = "", product: str = ""
) -> Response:
    """Tell what a customer would pay for a product today, as a part of its page."""
    told = None
    if customer.isprintable():
        told = acts.price(customer, product[:_LONGEST], scope=session.scope)
    if told is None:
        raise HTTPException(404)
    language = words_of(request).language
    return draw(
        request,
        "customer_price.html",
        session=session,
        asked=product.strip(),
        prices=[_priced(one, language) for one in told],
    )


def _priced(told: PriceTold, language: str) -> Priced:
    return Priced(
        told, why_of(told, language), _said(told.result.near_misses, _words(told, language))
    )


def why_of(told: PriceTold, language: str) -> Sequence[str]:
    """Say why a price is what it is: of which list, and what schemes make of it."""
    why = [one for one in told.result.trace if one.stage in _TOLD]
    return _said(why, _words(told, language))


def _words(told: PriceTold, language: str) -> Words:
    pack = told.pack
    writer = SentenceWriter(pack.scale, pack.currency, language)
    return Words.of(language, writer=writer, names=pack.names(language))


def _said(reasons: Sequence[Worded], words: Words) -> list[str]:
    """Word reasons, each once; of a code that is gone, nothing."""
    said: dict[str, None] = {}
    for one in reasons:
        try:
            said[words.sentence(one)] = None
        except UnwordedError:
            continue
    return list(said)
