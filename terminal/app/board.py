"""Collects what the screen shows and shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from broker.contract.codec import Refusal, decode_down
from broker.contract.messages import Answer, Notice, Refused
from broker.contract.messages import Reason as WireReason
from terminal.app.knowledge import Knowledge
from terminal.core.fate import Fate, KnownOrder, Light, Paper, Tone, fate_of
from terminal.core.order import Line, OpenOrder
from terminal.core.ports import PrinterStatus, Signals
from terminal.core.pricing import FreeAmount, Priced
from terminal.core.screen import Banner, Link, Screen, ScreenGift, ScreenLine, ScreenSum
from terminal.core.text import Currency, clean
from terminal.core.words import Said, Voice, VoiceWriter
from terminal.store import Store
from terminal.store.credit import CreditLeft
from terminal.store.records import SlipState, StoredOrder
from terminal.store.words import decided_last, decision_of, read_word

_NEWS_KEPT: Final = 3
_PAPER: Final[dict[SlipState | None, Paper]] = {
    None: "none",
    "dropped": "none",
    "queued": "waiting",
}
"""What became of a slip; in any other state it may be in somebody's hand."""


@dataclass(slots=True)
class Board:
    """The one place that talks to the person at the counter.

    The order on the screen is the last one that was submitted, while no other is open: the headline
    follows what becomes of it. News of other orders stands below, quietly, until the next order.
    """

    terminal: str
    store: Store
    knowledge: Knowledge
    signals: Signals
    link: Link = "offline"
    printer: PrinterStatus = "unknown"
    operator: str = ""
    volume: int = field(init=False)
    software_hold: str = ""
    screen: Screen = field(init=False)
    troubles: dict[str, Said] = field(init=False, default_factory=dict)
    _last: str = field(init=False, default="")
    _told: str = field(init=False, default="")
    _news: dict[str, Banner] = field(init=False, default_factory=dict)
    _shown: dict[int, tuple[Line, int | None, ScreenLine]] = field(init=False, default_factory=dict)
    _customer: str = field(init=False, default="")
    credit: CreditLeft = field(init=False)

    def __post_init__(self) -> None:
        self.credit = CreditLeft(self.store.orders)
        self.screen = Screen(terminal=self.terminal, language=self.knowledge.voice.language)
        stored = self.store.volume()
        self.volume = self.screen.volume if stored is None else stored
        last = self.store.orders.by_seq(self.store.orders.last_seq())
        if last is not None:
            self._last = last.id
            self._show_status(last, self.store.orders.status(last.id) or "queued")

    def tell(self, said: Said, tone: Tone = "ok", *, read: str | None = None) -> None:
        """Say something with its sound; `read` is what the scanner read, where it did."""
        self._told = ""
        light: Light = "red" if tone == "error" else "green"
        self._headline(Fate(self.knowledge.voice.word(said), tone, light), read=read)

    def submitted(self, order: StoredOrder, *, read: str) -> None:
        """Say that an order is stored, and forget what was told of those before it."""
        self._last = order.id
        self._news.clear()
        self._show_status(order, "queued")
        self._told = order.id
        self._headline(self._fate(order), read=read)

    def repeat(self, *, read: str) -> bool:
        """Say the fate of the order on the screen once more; False where the headline has none."""
        order = self.store.orders.by_id(self._told) if self._told else None
        if order is None:
            return False
        self._headline(self._fate(order), read=read)
        return True

    def answered(self, order_id: str) -> None:
        """Say what the hub says of an order: as the headline, or quietly among the news."""
        order = self.store.orders.by_id(order_id)
        fate = self._fate_of_other(order_id) if order is None else self._fate(order)
        if fate is None:
            return
        if order is not None and order.id == self._last:
            self._show_status(order, self.store.orders.status(order.id))
            if not self.screen.lines:
                is_news = (self._told, self.screen.said) != (order.id, fate.headline)
                self._told = order.id
                self._headline(fate) if is_news else self.refresh()
                return
        self._news.pop(order_id, None)
        self._news[order_id] = Banner(fate.headline, fate.light)
        for old in list(self._news)[:-_NEWS_KEPT]:
            del self._news[old]
        self.refresh()

    def trouble(self, name: str, said: Said) -> None:
        """Have a trouble stand on the screen until it is over."""
        if self.troubles.get(name) != said:
            self.troubles[name] = said
            self.refresh()

    def over(self, name: str) -> None:
        """Take a trouble off the screen."""
        if self.troubles.pop(name, None) is not None:
            self.refresh()

    def _headline(self, fate: Fate, *, read: str | None = None) -> None:
        self._put(fate)
        self.screen = replace(
            self.screen,
            told=self.screen.told + 1,
            read=self.screen.read if read is None else read,
        )
        self.signals.beep(fate.tone)
        self.refresh()

    def _put(self, fate: Fate) -> None:
        self.screen = replace(
            self.screen, said=fate.headline, tone=fate.tone, light=fate.light, now=fate.now
        )

    def _show_status(self, order: StoredOrder, status: str) -> None:
        words = self.knowledge.voice.text(f"status.{status}")
        self.screen = replace(self.screen, last_order=order.number, last_status=words)

    def _fate(self, order: StoredOrder) -> Fate:
        config = self.knowledge.config
        known = self._known(order)
        return fate_of(known, self.knowledge.voice, support=config.support if config else "")

    def _fate_of_other(self, order_id: str) -> Fate | None:
        """Say what a notice tells of an order that was placed elsewhere for this shop."""
        words = self.store.orders.told(order_id)
        message = read_word(words[-1]) if words else None
        if not isinstance(message, Notice):
            return None
        known = KnownOrder(message.data.number, message.data.status, reach=self.link)
        return fate_of(_told(known, message, words), self.knowledge.voice)

    def _known(self, order: StoredOrder) -> KnownOrder:
        """Put together what is known of an order."""
        known = KnownOrder(
            order.number,
            reach=self.link,
            queued_slip=_PAPER.get(self.store.spool.queued_slip(order.id), "printed"),
        )
        word = self.store.orders.last_word(order.id)
        if word is None:
            return known
        known = replace(known, status=self.store.orders.status(order.id))
        try:
            message = decode_down(word)
        except Refusal:  # damaged since it came; its status is a word of its own
            return known
        match message:
            case Answer() | Notice():
                return _told(known, message, self.store.orders.told(order.id))
            case Refused():
                why = WireReason(code=message.data.code, text=message.data.text)
                return replace(known, reasons=(why,))
        return known

    def show_order(self, order: OpenOrder, priced: Priced | None) -> None:
        """Put the open order on the screen; it is shown with the next `tell` or `refresh`.

        A line that is as it was is not written anew: of 500, a scan changes one.
        """
        amounts = priced.lines if priced else {}
        currency = priced.currency if priced else Currency()
        kept = self._shown
        shown: dict[int, tuple[Line, int | None, ScreenLine]] = {}
        for line in order.lines:
            amount = amounts.get(line.number)
            net = amount.net if amount else None
            before = kept.get(line.number)
            if before is None or before[0] is not line or before[1] != net:
                before = line, net, _screen_line(line, net, currency)
            shown[line.number] = before
        self._shown = shown
        self._customer = order.customer
        self.screen = replace(
            self.screen,
            lines=tuple([one for _, _, one in shown.values()]),
            payable=currency.amount(priced.totals.payable) if priced else "",
            currency=currency.name,
            gifts=tuple(_gift(one) for one in priced.free) if priced else (),
            sums=_sums(priced, self.knowledge.voice) if priced and order.lines else (),
            schemes=priced.schemes if priced else (),
            credit_left=self._credit_left(order, priced),
            near=priced.near if priced else (),
            held_back=priced.held_back if priced else (),
            payment=self._payment(order),
            coupons=order.coupons,
            coupon_notes=priced.coupon_notes if priced else (),
            offers=priced.offers if priced else (),
        )

    def _payment(self, order: OpenOrder) -> str:
        """Say how the order at the counter is paid, empty where there is none."""
        if order.is_empty:
            return ""
        return self.knowledge.voice.text(f"payment.{self.knowledge.payment_of(order)}")

    def _credit_left(self, order: OpenOrder, priced: Priced | None) -> str:
        """Say what the hub last said is left of the customer's credit; empty for no limit.

        That is its newest word, in the settings or in an answer. It is never below zero, as on the
        hub's pages and the slip BALANCE.
        """
        facts = self.knowledge.customer_of(order.customer)
        if priced is None or facts is None or facts.credit.state != "amount":
            return ""
        left = self.credit.left(facts.id, after_ms=facts.credit.as_of)
        if left is None:
            left = facts.credit.limit - facts.credit.exposure
        return priced.amount(max(left, 0))

    def refresh(self) -> None:
        """Count what waits, and show."""
        store, packs = self.store, self.knowledge.packs
        customer = self.knowledge.customer_of(self._customer)
        self._follow_headline()
        self.screen = replace(
            self.screen,
            customer=customer.name if customer else self._customer,
            operator=self.operator,
            volume=self.volume,
            link=self.link,
            queued=store.orders.count_waiting(),
            oldest_s=self.oldest_ms() // 1000,
            parked=store.orders.parked(),
            printer=self.printer,
            slips_waiting=store.spool.waiting() if self.printer != "none" else 0,
            slips_unknown=store.spool.unknown(),
            pack=f"{packs.active.name} {packs.active.version}" if packs.active else "",
            pack_hold=packs.hold.said(self.knowledge.voice) if packs.hold else "",
            software_hold=self.software_hold,
            news=tuple(reversed(self._news.values())),
            troubles=tuple(map(self.knowledge.voice.word, self.troubles.values())),
        )
        self.signals.show(self.screen)

    def _follow_headline(self) -> None:
        """Keep the headline of an order true while the line comes and goes and its slip prints."""
        order = self.store.orders.by_id(self._told) if self._told else None
        if order is not None and order.state == "queued":
            self._put(self._fate(order))

    def oldest_ms(self) -> int:
        """Tell for how long the oldest unanswered order waits."""
        submitted = self.store.orders.oldest_waiting_at()
        return 0 if submitted is None else max(0, self.knowledge.now().at_ms - submitted)


def _gift(free: FreeAmount) -> ScreenGift:
    return ScreenGift(free.quantity, clean(free.name), clean(free.scheme))


def _sums(priced: Priced, voice: Voice) -> tuple[ScreenSum, ...]:
    """Name what leads from the lines to what is to pay: goods, discount, each tax, rounding."""
    totals, currency = priced.totals, priced.currency
    writer = VoiceWriter(currency.scale, currency.name, voice)
    named = [(voice.text("slip.goods"), totals.gross)]
    if totals.discount:
        named.append((voice.text("slip.discount"), -totals.discount))
    for tax in priced.taxes:
        rate = f" {writer.percent(tax.rate)}" if tax.rate else ""
        named.append((clean(tax.head) + rate, tax.amount))
    if totals.round_off:
        named.append((voice.text("slip.round_off"), totals.round_off))
    return tuple(ScreenSum(name, writer.money(amount)) for name, amount in named)


def _screen_line(line: Line, net: int | None, currency: Currency) -> ScreenLine:
    shown = "" if net is None else currency.amount(net)
    return ScreenLine(
        line.number,
        line.sku,
        line.name,
        line.quantity,
        shown,
        unpriced=not shown,
        packs=f"{line.count} {line.unit}" if line.unit else "",
    )


def _told(known: KnownOrder, message: Answer | Notice, words: Sequence[bytes]) -> KnownOrder:
    """Add what the newest of the hub's words on an order tells, amounts as the order has them."""
    decided, held = decision_of(message), decided_last(words)
    return replace(
        known,
        reasons=tuple(message.data.reasons),
        currency=Currency.of(held) if held else None,
        deciders=tuple(decided.deciders) if decided else (),
    )
