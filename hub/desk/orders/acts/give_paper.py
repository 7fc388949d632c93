"""Give an order as the file that is sent to confirm it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Unpack

from hub.base.access import Scope
from hub.base.money import money, number, unit_price
from hub.base.papers import (
    Block,
    Column,
    KeptPapers,
    Paper,
    PaperFile,
    PaperSide,
    PaperWish,
    Sum,
)
from hub.base.words import PageWords, grouped
from hub.desk.orders.reads.order import Line, OrderDetail, read_order
from hub.desk.orders.words import STATUSES
from hub.desk.parties.model.sides import Side
from hub.desk.parties.reads.language import read_language
from hub.desk.parties.reads.letterheads import read_letterhead
from hub.desk.parties.words import write_side


@dataclass(slots=True)
class GiveOrderPaper:
    """The act, with what it needs."""

    papers: KeptPapers

    def __call__(
        self,
        uuid: str,
        *,
        scope: Scope,
        **wish: Unpack[PaperWish],
    ) -> PaperFile | None:
        """Give the file of an order as it stands; None where nobody sees one of this id."""
        with self.papers.reading() as t:
            found = read_order(t.connection, uuid, scope=scope)
            if found is None:
                return None
            seller = read_letterhead(t.connection, found.head.seller_id, scope=scope)
            own = read_language(t.connection, found.head.customer_code, scope=scope)
        parts = (found.head.number, found.head.customer or found.head.customer_code)
        make = partial(paper_of, found, seller=seller)
        return self.papers.give_file(parts, make, own=own, **wish)


def paper_of(found: OrderDetail, words: PageWords, *, seller: Side) -> Paper:
    """Write what an order says: what is sold at which price; no total of one that is refused."""
    newest, head = found.newest, found.head
    columns = (
        Column(words.text("word.product"), grows=True),
        Column(words.text("word.quantity"), amount=True),
        Column(words.text("invoices.unit_price"), amount=True),
        Column(words.text("word.discount"), amount=True),
        Column(words.text("word.tax"), amount=True),
        Column(words.text("word.payable"), amount=True),
    )
    rows = tuple(_cells(found, one, words) for one in (*newest.lines, *newest.free))
    gone = newest.status in {"rejected", "cancelled"}
    total = money(newest.payable, newest.currency, newest.scale)
    return Paper(
        title=words.text("word.order"),
        number=head.number,
        language=words.language,
        sides=(
            write_side(seller, words),
            PaperSide(
                head.customer or head.customer_code, (head.customer_code,), words.text("paper.to")
            ),
        ),
        facts=tuple(_facts(found, words)),
        lines=Block(columns, rows),
        sums=() if gone else (Sum(words.text("word.payable"), total, strong=True),),
        void=words.text(STATUSES[newest.status].words) if gone else "",
    )


def _cells(found: OrderDetail, one: Line, words: PageWords) -> tuple[str, ...]:
    currency, scale = found.newest.currency, found.newest.scale
    free = f" ({words.text('order.free')})" if one.free else ""
    price = "" if one.unit_price is None else unit_price(one.unit_price, currency, scale)
    cash = [number(amount, currency, scale) for amount in (one.discount, one.tax, one.total)]
    return f"{one.name or one.sku}{free}", grouped(one.quantity), price, *cash


def _facts(found: OrderDetail, words: PageWords) -> Iterator[tuple[str, str]]:
    head, newest = found.head, found.newest
    yield words.text("invoices.number"), head.number
    yield words.text("invoices.day"), words.day(head.business_date)
    yield words.text("word.payment"), words.named("payment", newest.payment)
    if newest.delivery_date:
        yield words.text("delivery.day"), words.day(newest.delivery_date)
    if found.ship_to:
        place = found.ship_to.address
        yield words.text("order.ship_to"), ", ".join(filter(None, (place.name, place.city)))
    if head.po_number:
        yield words.text("order.po_number"), head.po_number
