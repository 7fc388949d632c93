"""What orders show on a customer's page: the open ones, and what it would pay for a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import SentenceWriter
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.acts.tell_price import PriceTold
from hub.desk.orders.reads.listing import NEWEST_FIRST, OrderRow, list_orders
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import acts_of
from rules import UnwordedError, Worded, Words

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]
Acts = Annotated[OrderActs, Depends(acts_of(OrderActs))]
_MOST: Final = 8
_LONGEST: Final = 100
_OPEN: Final = ("pending", "processing")
_TOLD: Final = frozenset(("price", "line_schemes", "basket_schemes", "order_schemes", "free_goods"))
"""The steps of a decision that say why a price is what it is."""


@dataclass(frozen=True, slots=True)
class OfCustomer:
    """A customer's open orders, the newest first, and the code by which its prices are asked for.

    `key` is the letter that leads to the price.
    """

    orders: Sequence[OrderRow]
    more: bool
    all_orders: str
    code: str
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
    """Read a customer's open orders for whoever may see orders."""
    del now_ms
    if not session.may("orders.read"):
        return None
    wanted = Wanted(NEWEST_FIRST, chosen={"customer_code": (key,), "public": _OPEN}, size=_MOST)
    page = list_orders(connection, wanted, scope=session.scope)
    code = quote(key, safe="")
    return OfCustomer(
        page.rows,
        page.after is not None,
        f"/orders?customer_code={code}&public=pending&public=processing&days=0",
        key,
    )


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
    pack, result = told.pack, told.result
    words = Words.of(language, writer=SentenceWriter(pack.scale), names=pack.names(language))
    why = [one for one in result.trace if one.stage in _TOLD]
    return Priced(told, _said(why, words), _said(result.near_misses, words))


def _said(reasons: Sequence[Worded], words: Words) -> list[str]:
    """Word reasons, each once; of a code that is gone, nothing."""
    said: dict[str, None] = {}
    for one in reasons:
        try:
            said[words.sentence(one)] = None
        except UnwordedError:
            continue
    return list(said)
