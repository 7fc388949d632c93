"""Makes slips from what happened, and the QUEUED slip when no answer comes in time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import msgspec

from broker.contract.messages import (
    AnswerData,
    NoticeData,
    Order,
    OrderData,
    RefusedData,
)
from terminal.app.knowledge import Knowledge
from terminal.core.layout import Row
from terminal.core.ports import Clock
from terminal.core.slip import (
    Heading,
    answer_slip,
    maybe_printed,
    notice_slip,
    prints_by_itself,
    queued_slip,
    refused_slip,
    with_drawer,
    with_lines,
)
from terminal.core.text import Currency
from terminal.store import Store
from terminal.store.records import NewSlip, SlipKind, SpoolJob, StoredOrder
from terminal.store.words import decided_last

_order: Final = msgspec.json.Decoder(Order)
_rows: Final = msgspec.json.Decoder(tuple[Row, ...])


class SlipDesk:
    """Turns answers and waiting orders into spooled slips."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        clock: Clock,
        *,
        grace_ms: int,
        opens_drawer: bool = False,
    ) -> None:
        """Make slips; those of confirmed orders that are paid in cash may open the drawer."""
        self._opens_drawer = opens_drawer
        self._store = store
        self._knowledge = knowledge
        self._clock = clock
        self._grace_ms = grace_ms
        self._deadlines: dict[int, int] = {}
        self._wake = asyncio.Event()
        self.on_spooled: Callable[[], None] = lambda: None

    def expect(self, seq: int, *, reachable: bool) -> None:
        """Wait a moment for the answer; not at all where the hub cannot be reached."""
        grace = self._grace_ms if reachable else 0
        self._deadlines[seq] = self._clock.mono_ms() + grace
        self._wake.set()

    def hub_left(self) -> None:
        """Stop waiting for answers that cannot come now."""
        self._deadlines = dict.fromkeys(self._deadlines, self._clock.mono_ms())
        self._wake.set()

    def answered(self, seq: int) -> None:
        """Stop waiting for one order's answer."""
        self._deadlines.pop(seq, None)

    async def run(self) -> None:
        """Spool the QUEUED slip of every order whose time is up."""
        for seq in self._store.orders.without_slip():
            self.expect(seq, reachable=True)
        while True:
            self._wake.clear()
            now = self._clock.mono_ms()
            for seq in [seq for seq, at in self._deadlines.items() if at <= now]:
                del self._deadlines[seq]
                self._queue(seq)
            first = min(self._deadlines.values(), default=None)
            pause_s = None if first is None else max(0, first - self._clock.mono_ms()) / 1000
            try:
                async with asyncio.timeout(pause_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def answer(self, answer: AnswerData, *, again: bool) -> NewSlip:
        """Make the slip of an answer; `again` where another card may have printed it."""
        queued = self._store.spool.queued_slip(answer.order)
        seen = queued is not None and queued not in {"queued", "dropped"}
        rows = answer_slip(self._heading(answer.order), answer, after_queued=seen)
        if self._opens_drawer and not again:
            rows = with_drawer(rows, answer)
        rows = self._marked(rows, again=again)
        return self._new("answer", rows, order_id=answer.order, revision=answer.revision)

    def notice(self, notice: NoticeData, *, again: bool) -> NewSlip:
        """Make the slip of a notice; `again` where another card may have printed it."""
        # The amounts in news of an order, as of its invoice, are written as its own are.
        decided = notice.decision or decided_last(self._store.orders.told(notice.order))
        currency = Currency.of(decided) if decided else None
        slip = notice_slip(self._heading(notice.order), notice, currency=currency)
        rows = self._marked(slip, again=again)
        made = self._new("notice", rows, order_id=notice.order, revision=notice.revision)
        return replace(made, prints=prints_by_itself(notice, self._knowledge.notices))

    def refused(self, stored: StoredOrder, refused: RefusedData) -> NewSlip:
        """Make the slip of an order that the hub could not take."""
        order = _order.decode(stored.payload).data
        rows = refused_slip(self._heading_of(order), order, refused)
        return self._new("refused", rows, order_id=stored.id)

    def whole(self, job: SpoolJob) -> bytes:
        """Give what a copy of a slip says: a notice without lines says those that hold still.

        Of an order that was dispatched the newest slip is such a notice; what it had been decided
        as stands in an earlier word of the hub.
        """
        words = self._store.orders.told(job.order_id or "") if job.kind == "notice" else ()
        decided = decided_last(words, until=job.revision)
        if decided is None:
            return job.body
        rows = with_lines(_rows.decode(job.body), decided, self._knowledge.voice)
        return msgspec.json.encode(rows)

    def report(self, rows: tuple[Row, ...]) -> None:
        """Spool a slip of no order."""
        self._store.spool.add(self._new("status", rows))
        self.on_spooled()

    def _queue(self, seq: int) -> None:
        stored = self._store.orders.by_seq(seq)
        if stored is None or stored.state != "queued":
            return
        order = _order.decode(stored.payload).data
        names = stored.names or [line.sku for line in order.lines]
        lines = [
            self._knowledge.line_of(line, name)
            for line, name in zip(order.lines, names, strict=True)
        ]
        priced = self._knowledge.price(
            order.order,
            lines,
            coupons=order.coupons,
            choices=order.choices,
            payment=order.payment,
            customer=order.customer,
            before=seq,
        )
        rows = queued_slip(self._heading_of(order), order, priced, lines=lines)
        if self._store.spool.add_if_unanswered(self._new("queued", rows, order_id=stored.id)):
            self.on_spooled()

    def _heading(self, order_id: str) -> Heading:
        """Give the heading of an order's slip; of one that was not made here, the counter's own."""
        stored = self._store.orders.by_id(order_id)
        if stored is None:
            return self._knowledge.heading()
        return self._heading_of(_order.decode(stored.payload).data)

    def _heading_of(self, order: OrderData) -> Heading:
        return self._knowledge.heading(order.customer, order.operator)

    def _marked(self, rows: tuple[Row, ...], *, again: bool) -> tuple[Row, ...]:
        return maybe_printed(rows, self._knowledge.voice) if again else rows

    def _new(
        self,
        kind: SlipKind,
        rows: tuple[Row, ...],
        *,
        order_id: str | None = None,
        revision: int = 0,
    ) -> NewSlip:
        body = msgspec.json.encode(rows)
        return NewSlip(order_id, kind, revision, body, self._knowledge.now().at_ms)
