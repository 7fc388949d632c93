"""Asks the hub what only the hub knows, one question at a time, for as long as somebody waits."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from broker.contract.asking import AccountStanding, AskData, NotDone, Reply, ReplyData
from broker.contract.messages import Reason
from rules import Product
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.app.slips import SlipDesk
from terminal.core.ports import Clock
from terminal.core.slip import account_slip, cancel_slip, goods_slip
from terminal.core.text import Currency, clean
from terminal.core.words import Said, said
from terminal.store import Store
from terminal.store.records import sent_as

_log = logging.getLogger(__name__)
_UNKNOWN_CURRENCY = None
"""A reason of the hub with amounts is told in its own words: of which currency is not said."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The question that is open: its message's id, until when, and the product it is about."""

    message: str
    data: AskData
    until_ms: int
    product: Product | None = None


class Asks:
    """Keeps the one open question, and says what came of it: a reply, silence, or no line."""

    def __init__(
        self,
        store: Store,
        *,
        knowledge: Knowledge,
        board: Board,
        slips: SlipDesk,
        clock: Clock,
        patience_ms: int,
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._slips = slips
        self._clock = clock
        self._patience_ms = patience_ms
        self._waiting: _Waiting | None = None
        self._unknown: _Waiting | None = None
        self._wake = asyncio.Event()
        self.send: Callable[[AskData], str | None] = lambda _data: None

    def ask(self, data: AskData, *, read: str, product: Product | None = None) -> None:
        """Ask; says at once where nobody is there to answer, or another question is open."""
        if self._store.halted:
            self._board.tell(said("trouble.halted"), "error", read=read)
            return
        if self._waiting is not None:
            self._board.tell(said("ask.one_at_a_time"), "error", read=read)
            return
        message = self.send(data)
        if message is None:
            self._board.tell(said("ask.no_line"), "error", read=read)
            return
        until_ms = self._clock.mono_ms() + self._patience_ms
        self._waiting = _Waiting(message, data, until_ms, product)
        self._board.tell(said(f"ask.{data.what}"), read=read)
        self._wake.set()

    def line_lost(self) -> None:
        """Say that the open question is lost with the line."""
        self._give_up(said("ask.no_line"))

    def replied(self, reply: Reply) -> None:
        """Take a reply; a late one is told only where an order's fate was left unknown."""
        waiting, unknown = self._waiting, self._unknown
        if waiting is not None and reply.ref == waiting.message:
            self._waiting = None
            self._wake.set()
            self._answer(reply, waiting)
        elif unknown is not None and reply.ref == unknown.message:
            self._unknown = None
            self._answer(reply, unknown)
        else:
            _log.info("a reply came that nobody waits for: %s", reply.data.what)

    async def run(self) -> None:
        """Give the open question up when its time is over."""
        while True:
            self._wake.clear()
            waiting = self._waiting
            left_ms = waiting.until_ms - self._clock.mono_ms() if waiting else None
            if left_ms is not None and left_ms <= 0:
                self._give_up(said("ask.no_answer"))
                continue
            try:
                async with asyncio.timeout(None if left_ms is None else left_ms / 1000):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _give_up(self, why: Said) -> None:
        """Say that no reply came; whether an order was cancelled is then not known here."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        if waiting.data.what == "cancel":
            self._unknown = waiting
            why = said("ask.cancel_unknown", number=clean(waiting.data.order or "", 48))
        self._board.tell(why, "error")

    def _answer(self, reply: Reply, waiting: _Waiting) -> None:
        """Say what came back, on the screen and on paper."""
        data = reply.data
        customer = waiting.data.customer or ""
        heading = self._knowledge.heading(customer)
        if waiting.data.what == "cancel":
            self._tell_cancelled(data, waiting.data.order or "")
        elif data.refused is not None:
            self._board.tell(said("ask.refused", why=self._why(data.refused)), "error")
        elif data.account is not None:
            self._note_credit(customer, data.account, reply.at)
            self._board.tell(_standing(data.account))
            self._slips.report(account_slip(heading, data.account))
        elif data.available is not None and waiting.product is not None:
            check = self._knowledge.check_price(waiting.product, customer)
            name, unit = check.name, clean(check.base_unit)
            self._board.tell(said("ask.in_stock", name=name, count=data.available, unit=unit))
            self._slips.report(goods_slip(heading, check, available=data.available))

    def _tell_cancelled(self, data: ReplyData, asked: str) -> None:
        """Say whether an order is cancelled; the notice of one that is kept here prints by itself.

        Nobody else prints that it is not, or that an order of another terminal is.
        """
        number = clean(data.order or asked, 48)
        stored = self._store.orders.by_number(number)
        sent = sent_as(stored) if stored else None
        heading = self._knowledge.heading(sent.customer if sent else "")
        if data.refused is not None:
            why = self._why(data.refused)
            self._board.tell(said("ask.not_cancelled", number=number, why=why), "error")
            self._slips.report(cancel_slip(heading, number, why))
            return
        self._board.tell(said("ask.cancelled", number=number), "done")
        if stored is None:
            self._slips.report(cancel_slip(heading, number, None))

    def _note_credit(self, customer: str, account: AccountStanding, at_ms: int) -> None:
        facts = self._knowledge.customer_of(customer)
        if facts is not None:
            self._board.credit.note(facts.id, account.left, at_ms)

    def _why(self, refused: NotDone) -> str:
        reason = Reason(code=refused.code, text=refused.text, params=refused.params)
        return clean(self._knowledge.voice.told(reason, _UNKNOWN_CURRENCY))


def _standing(account: AccountStanding) -> Said:
    """Say in one line where the shop stands."""
    currency = Currency.of(account)
    owed = currency.amount(account.exposure)
    if account.state == "cash_only":
        return said("ask.cash_only", owed=owed)
    if account.left is None:
        return said("ask.no_limit", owed=owed)
    return said("ask.credit_left", left=currency.named(account.left), owed=owed)
