"""Answer a counter's questions: the shop's account, its orders, stock, and cancelling an order."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from broker.contract import AskData, NotDone, Reply, ReplyData, encode
from broker.contract.asking import AccountStanding, Ask
from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts.model import credit_left
from hub.desk.accounts.reads import list_open
from hub.desk.orders.deciding import Desk, move, unbilled_order_for
from hub.desk.orders.model.availability import Counterparty
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import CANCELLABLE
from hub.desk.orders.model.reasons import Reason
from hub.desk.parties.store import business_day
from hub.desk.stock.reads.overview import read_stock
from hub.desk.terminals.model import Outgoing, ServedTerminal, codes_among
from hub.desk.terminals.store.asking import order_of, scanned_products
from hub.desk.terminals.store.desired import counterparties_of, served_beside
from hub.desk.terminals.store.inbox import served_terminals
from hub.desk.terminals.wire.answers import Sentences
from rules import CompiledPack, Credit, Facts, Minor, Order, granted_credit

_LONGEST: Final = 500
_SHOPS: Final = CANCELLABLE - {"draft"}
"""What a shop cancels: of an order that is a draft it was never told."""
_FOR_SHOPS: Final = {
    "order_being_picked": "counter_cancel_packed",
    "order_billed": "counter_cancel_billed",
}
"""Reasons that tell staff what to do first; a shop can only call."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks: a terminal, and the customer it is about.

    `served` are the rows of all customers that the terminal orders for.
    """

    terminal: ServedTerminal
    customer: Counterparty
    served: tuple[int, ...]

    @property
    def scope(self) -> Scope:
        """Its own customer's rows, and nobody else's."""
        return Scope(parties=frozenset({self.customer.id}))


@dataclass(slots=True)
class AnswerAsks:
    """The act, with what it needs; `boot` counts the hub's starts, `sentence` words reasons."""

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids
    boot: int
    sentence: Sentences

    def __call__(self, ask: Ask) -> Outgoing:
        """Answer a question; one that comes twice is answered twice and changes nothing."""
        now_ms = self.clock.now_ms()
        if ask.data.what == "cancel":
            with self.transactions.open(actor=f"terminal {ask.term}", at_ms=now_ms) as t:
                data = self._answer(t, ask)
                t.commit()
        else:
            with self.transactions.reading(at_ms=now_ms) as t:
                data = self._answer(t, ask)
        message = Reply(
            id=self.ids(now_ms), term=ask.term, boot=self.boot, at=now_ms, ref=ask.id, data=data
        )
        return Outgoing(ask.term, "answer", encode(message))

    def _answer(self, t: Transaction, ask: Ask) -> ReplyData:
        asking, asked = _asking(t, ask.term, ask.data.customer), ask.data
        if asking is None:
            reason = Reason("counter_unknown", {"terminal": ask.term})
            return self._refused(asked, reason, language="en")
        match asked.what:
            case "account":
                return ReplyData(what="account", account=self._standing(t, asking))
            case "stock":
                return self._stock(t, asked, asking)
            case "cancel":
                return self._cancel(t, asked, asking)

    def _standing(self, t: Transaction, asking: _Asking) -> AccountStanding:
        """Say where the customer stands, by the books and by the limit that holds now."""
        pack, customer, today = self.desk.packs.current(t), asking.customer, business_day(t)
        credit = _granted(customer, pack, today)
        code = customer.customer.id
        bills = [one for one in list_open(t.connection, code, scope=asking.scope) if one.open > 0]
        late = [one for one in bills if one.due is not None and one.due < today]
        oldest = min((one.due for one in late if one.due is not None), default=today)
        return AccountStanding(
            currency=pack.currency if pack else "",
            scale=pack.scale if pack else 2,
            state="cash_only" if credit.state == "unset" else credit.state,
            limit=credit.limit,
            exposure=customer.credit.exposure,
            left=credit_left(credit, customer.credit.exposure),
            overdue=sum(one.open for one in late),
            overdue_days=(today - oldest).days,
            bills=len(bills),
        )

    def _stock(self, t: Transaction, asked: AskData, asking: _Asking) -> ReplyData:
        """Say how much of a product could be sold now, from the terminal's own warehouse."""
        sku, place = asked.sku or "", asking.terminal.warehouse.code
        if codes := codes_among([sku]):
            named = scanned_products(t, codes).get(sku)
            sku = named.sku if named is not None else sku
        seller = Scope(sellers=frozenset({asking.terminal.seller}))
        row = read_stock(t.connection, sku, place, today=business_day(t), scope=seller)
        return ReplyData(what="stock", sku=sku, available=max(int(row.available), 0) if row else 0)

    def _cancel(self, t: Transaction, asked: AskData, asking: _Asking) -> ReplyData:
        """Cancel an order of the customer's, within the rules that bind staff as well."""
        language, number = asking.terminal.language, asked.order or ""
        found = order_of(t, number, asking.served)
        if found is None:
            reason = Reason("order_unknown", {"order": number})
            return self._refused(asked, reason, language=language)
        if found.status == "cancelled":
            return ReplyData(what="cancel", order=found.number)
        order = unbilled_order_for(t, found.uuid, seen=None, among=_SHOPS)
        if isinstance(order, Refused):
            reason = order.reason
            if reason.code in _FOR_SHOPS:
                reason = Reason(_FOR_SHOPS[reason.code], {})
            return self._refused(asked, reason, language=language, number=found.number)
        told = Reason("counter_cancelled", {"terminal": asking.terminal.id})
        move(t, order, "cancelled", cause="cancelled", reasons=(told,))
        return ReplyData(what="cancel", order=found.number)

    def _refused(
        self, asked: AskData, reason: Reason, *, language: str, number: str = ""
    ) -> ReplyData:
        """Say why not, in the terminal's language."""
        text = self.sentence(reason, 2, language=language, names={})[:_LONGEST]
        why = NotDone(code=reason.code, text=text, params=dict(reason.params))
        return ReplyData(what=asked.what, refused=why, order=number or asked.order or "")


def _asking(t: Transaction, terminal: str, customer: str | None) -> _Asking | None:
    """Find who asks; None for a terminal that nobody knows, or that was revoked.

    So it is where it asks about a customer that it does not order for.
    """
    served = served_terminals(t, [terminal]).get(terminal)
    own = counterparties_of(t, [terminal]).get(terminal)
    if served is None or served.is_revoked or own is None:
        return None
    every = (own, *served_beside(t, [terminal]).get(terminal, ()))
    found = next((one for one in every if one.customer.id == (customer or own.customer.id)), None)
    return found and _Asking(served, found, tuple(one.id for one in every))


def _granted(customer: Counterparty, pack: CompiledPack | None, day: date) -> Credit:
    """Give the limit that holds for an order on credit today: the customer's own, or the pack's."""
    if customer.credit.state != "unset" or pack is None:
        return customer.credit
    order = Order("", customer.customer.id, day, ())
    facts = Facts(day.isoformat(), customer.customer, {}, customer.credit)
    return granted_credit(order, facts, pack) or Credit("cash_only", Minor(0))
