"""Collects what the screen shows and shows it."""

from dataclasses import dataclass, field, replace

from terminal.app.knowledge import Knowledge
from terminal.core.order import OpenOrder, Tone
from terminal.core.ports import Beep, PrinterStatus, Signals
from terminal.core.pricing import Priced
from terminal.core.screen import Link, Screen, ScreenLine
from terminal.core.text import money
from terminal.core.words import Said
from terminal.store import Store


@dataclass(slots=True)
class Board:
    """The one place that talks to the person at the counter."""

    terminal: str
    store: Store
    knowledge: Knowledge
    signals: Signals
    link: Link = "offline"
    printer: PrinterStatus = "unknown"
    screen: Screen = field(init=False)

    def __post_init__(self) -> None:
        self.screen = Screen(terminal=self.terminal, language=self.knowledge.voice.language)

    def tell(self, said: Said, tone: Tone = "ok", *, read: str | None = None) -> None:
        """Say something with its sound; `read` is what the scanner read, where it did."""
        words = self.knowledge.voice.word(said)
        self.screen = replace(
            self.screen, said=words, tone=tone, read=self.screen.read if read is None else read
        )
        beep: Beep = tone
        self.signals.beep(beep)
        self.refresh()

    def show_order(self, order: OpenOrder, priced: Priced | None) -> None:
        """Put the open order on the screen; it is shown with the next `tell` or `refresh`."""
        lines = []
        for line in order.lines:
            amount = priced.lines.get(line.number) if priced else None
            shown = money(amount.net, priced.scale) if amount and priced else ""
            lines.append(
                ScreenLine(
                    line.number,
                    line.sku,
                    line.name,
                    line.quantity,
                    shown,
                    unpriced=not shown,
                    packs=f"{line.count} {line.unit}" if line.unit else "",
                )
            )
        self.screen = replace(
            self.screen,
            lines=tuple(lines),
            payable=money(priced.totals.payable, priced.scale) if priced else "",
            currency=priced.currency if priced else "",
            near=priced.near if priced else (),
            held_back=priced.held_back if priced else (),
            coupons=order.coupons,
            coupon_notes=priced.coupon_notes if priced else (),
            offers=priced.offers if priced else (),
        )

    def show_status(self, number: str, status: str) -> None:
        """Put the last order's fate on the screen."""
        words = self.knowledge.voice.text(f"status.{status}")
        self.screen = replace(self.screen, last_order=number, last_status=words)
        self.refresh()

    def refresh(self) -> None:
        """Count what waits, and show."""
        store, config, packs = self.store, self.knowledge.config, self.knowledge.packs
        self.screen = replace(
            self.screen,
            customer=config.customer.name if config else "",
            link=self.link,
            queued=store.orders.count_waiting(),
            oldest_s=self.oldest_ms() // 1000,
            parked=store.orders.parked(),
            printer=self.printer,
            slips_waiting=store.spool.waiting() if self.printer != "none" else 0,
            slips_unknown=store.spool.unknown(),
            pack=f"{packs.active.name} {packs.active.version}" if packs.active else "",
            pack_hold=packs.hold.said(self.knowledge.voice) if packs.hold else "",
        )
        self.signals.show(self.screen)

    def oldest_ms(self) -> int:
        """Tell for how long the oldest unanswered order waits."""
        submitted = self.store.orders.oldest_waiting_at()
        return 0 if submitted is None else max(0, self.knowledge.now().at_ms - submitted)
