"""Answers the commands that do not change the order at the counter."""

from typing import Final

from broker.contract.asking import AskData
from rules import Product
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.app.machine.desk import MachineDesk
from terminal.app.questions.asks import Asks
from terminal.app.slips import SlipDesk
from terminal.core.clocks import local
from terminal.core.codes import Command
from terminal.core.goods import PriceCheck
from terminal.core.pricing import Priced
from terminal.core.screen import as_text
from terminal.core.slip import (
    ListedOrder,
    command_sheet,
    goods_slip,
    help_slip,
    near_slip,
    orders_slip,
    ruler_slip,
    status_slip,
    trial_slip,
)
from terminal.core.text import Currency, clean
from terminal.core.words import Said, said
from terminal.store import Store
from terminal.store.catalogue import stored_units
from terminal.store.records import StoredOrder, sent_as
from terminal.store.words import decision_of, read_word

_MOST_LISTED: Final = 12
_LAST: Final = 6
_LOOKED_AT: Final = 200
"""So many of the newest orders are looked through for open ones."""
_LONGEST_NUMBER: Final = 48
_OVER: Final = frozenset({"rejected", "cancelled"})
_ARRIVED: Final = frozenset({"order_delivered", "order_delivered_part"})
"""Reasons of a notice by which an order is no longer on its way."""


class Questions:
    """Prints lists and help, looks prices up, and hands to the hub what only the hub knows."""

    def __init__(
        self,
        store: Store,
        *,
        knowledge: Knowledge,
        board: Board,
        slips: SlipDesk,
        asks: Asks,
        machine: MachineDesk,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._slips = slips
        self._asks = asks
        self.machine = machine

    def answer(self, command: Command, priced: Priced | None, *, customer: str, read: str) -> None:
        """Answer a command; `priced` is the order at the counter, for a customer."""
        heading, told = self._knowledge.heading(), said(f"counter.{command.lower()}")
        match command:
            case "BALANCE":
                self._asks.ask(AskData(what="account", customer=customer or None), read=read)
                return
            case "STATUS":
                self._board.tell(told, read=read)
                rows = status_slip(heading, as_text(self._board.screen).split("\n"))
            case "OPEN":
                rows = orders_slip(heading, "slip.open_orders", self._open_orders())
            case "LAST":
                newest = self._store.orders.newest(_LAST)
                rows = orders_slip(heading, "slip.last_orders", list(map(self._listed, newest)))
            case "NEAR":
                rows = near_slip(heading, priced.near if priced else ())
            case "HELP":
                rows = help_slip(heading)
            case "TEST":
                rows = trial_slip(heading)
            case "RULER":
                rows = ruler_slip(heading)
            case _:
                units = stored_units(self._store.folder)
                rows = command_sheet(heading.terminal, units, heading.voice)
        if command != "STATUS":
            self._board.tell(told, read=read)
        self._slips.report(rows)

    def measure(self, columns: int, *, read: str) -> None:
        """Print so many columns from now on, as somebody read it off the ruler; say it on paper."""
        self._store.keep_columns(columns)
        self._board.tell(said("counter.columns", count=columns), read=read)
        self._slips.report(trial_slip(self._knowledge.heading()))

    def price(self, product: Product, *, customer: str, on_paper: bool, read: str) -> None:
        """Say what a product costs a customer; the order at the counter stays as it is."""
        check = self._knowledge.check_price(product, customer)
        self._board.tell(_price(check), read=read)
        if on_paper:
            self._slips.report(goods_slip(self._knowledge.heading(customer), check))

    def stock(self, product: Product, *, customer: str, read: str) -> None:
        """Ask the hub how much of a product could be sold now."""
        data = AskData(what="stock", sku=product.sku, customer=customer or None)
        self._asks.ask(data, read=read, product=product)

    def cancel(self, code: str, *, read: str) -> None:
        """Ask the hub to cancel the order that a slip's number, or its QR code, names."""
        orders = self._store.orders
        named = orders.named(code)
        stored = orders.by_id(named) if named else None
        if stored is not None and stored.state == "queued":
            self._board.tell(said("ask.not_answered", number=stored.number), "error", read=read)
            return
        number = stored.number if stored is not None else self._number_of(named or code)
        self._asks.ask(AskData(what="cancel", order=number), read=read)

    def _number_of(self, code: str) -> str:
        """Give the number of an order of another source, as the hub told it; else a code."""
        told = (message for word in self._store.orders.told(code) if (message := read_word(word)))
        return next((message.data.number for message in told), clean(code, _LONGEST_NUMBER))

    def _open_orders(self) -> list[ListedOrder]:
        """List orders that are on their way, or wait for somebody, the newest first."""
        newest = self._store.orders.newest(_LOOKED_AT)
        found = [one for one in newest if self._is_open(one)]
        return [self._listed(one) for one in found[:_MOST_LISTED]]

    def _is_open(self, stored: StoredOrder) -> bool:
        if self._store.orders.status(stored.id) in _OVER:
            return False
        read = map(read_word, self._store.orders.told(stored.id))
        reasons = (reason for message in read if message for reason in message.data.reasons)
        return not any(reason.code in _ARRIVED for reason in reasons)

    def _listed(self, stored: StoredOrder) -> ListedOrder:
        """Write an order as a line of a list, with the newest sum that is known of it."""
        voice = self._knowledge.voice
        status = self._store.orders.status(stored.id) or "queued"
        at = local(stored.submitted_at, self._knowledge.zone)
        return ListedOrder(
            stored.number,
            voice.text(f"status.{status}"),
            voice.moment(at),
            "" if status in _OVER else self._amount(stored),  # it would read as owed
            self._other_customer(stored),
        )

    def _other_customer(self, stored: StoredOrder) -> str:
        """Name whose an order is; empty where it is the counter's own customer's."""
        own, sent = self._knowledge.customer_of(""), sent_as(stored)
        if sent is None or (own is not None and own.id == sent.customer):
            return ""
        return self._knowledge.heading(sent.customer).customer

    def _amount(self, stored: StoredOrder) -> str:
        for word in reversed(self._store.orders.told(stored.id)):
            message = read_word(word)
            decided = decision_of(message) if message else None
            if decided is not None and decided.totals is not None:
                has_price = decided.totals.gross > 0  # 0.00 would read as a present
                payable = decided.totals.payable
                return Currency.of(decided).amount(payable) if has_price else ""
        pack, sent = self._knowledge.packs.active, sent_as(stored)
        quote = sent.quote if sent else None
        return Currency.of(pack).amount(quote.payable) if pack and quote else ""


def _price(check: PriceCheck) -> Said:
    """Say a product's prices in one line."""
    first = check.prices[0]
    if first.price is None or check.payable is None:
        return said("goods.no_price", name=check.name)
    unit = clean(first.unit)
    told = said(
        "goods.price",
        name=check.name,
        price=check.currency.named_unit_price(first.price),
        unit=unit,
        payable=check.currency.amount(check.payable),
    )
    for pack in check.prices[1:]:
        if pack.price is not None:
            price = check.currency.unit_price(pack.price)
            told = said("goods.pack_price", said=told, unit=clean(pack.unit), price=price)
    return told
