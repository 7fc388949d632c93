"""The counter: every code that is scanned, from look-up to a stored order."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from os import urandom
from typing import Final

import msgspec

from broker.contract.codec import MAX_UP_BYTES, encode
from broker.contract.ids import uuid7
from broker.contract.messages import ConfigData, Order, OrderData, OrderLine
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge, Sold
from terminal.app.slips import SlipDesk
from terminal.core.codes import (
    BadRead,
    CommandRead,
    Measure,
    OtherRead,
    ProductRead,
    counted,
    is_own,
    read_code,
    shown,
)
from terminal.core.order import (
    CodeUnknown,
    Event,
    OpenOrder,
    ProductScanned,
    Step,
    SubmitAsked,
    event_of,
    step,
)
from terminal.core.outbox import order_number
from terminal.core.pricing import Priced
from terminal.core.screen import as_text
from terminal.core.text import clean
from terminal.core.words import Said, Voice, said
from terminal.store import Store
from terminal.store.catalogue import CatalogueError
from terminal.store.records import NewOrder
from terminal.store.spool import NoCopy

_log = logging.getLogger(__name__)
_IN_THE_LOG: Final = Voice()
"""Logs are English, whatever the shop reads."""
_NO_COPY: Final[dict[NoCopy, Said]] = {
    "none": said("counter.copy_none"),
    "waits": said("counter.copy_waits"),
}


class Counter:
    """Handles one code after the other; what it says was done is on disk by then."""

    def __init__(
        self,
        terminal: str,
        store: Store,
        *,
        knowledge: Knowledge,
        board: Board,
        slips: SlipDesk,
    ) -> None:
        self._terminal = terminal
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._slips = slips
        self._order = self._open_order()
        self._priced: Priced | None = None
        self.on_submitted: Callable[[int], None] = lambda _seq: None
        self.on_first_scan: Callable[[], None] = lambda: None
        self.on_boundary: Callable[[], None] = lambda: None
        self.on_disk: Callable[[Exception], None] = lambda _error: None
        self.on_catalogue: Callable[[CatalogueError], None] = lambda _error: None

    def _open_order(self) -> OpenOrder:
        """Give the order at the counter; one that cannot be read is put aside, and said."""
        try:
            return self._store.orders.open_order()
        except msgspec.MsgspecError as error:
            _log.error("the open order cannot be read: %s", error)
            self._store.put_aside_open_order()
            self._board.trouble("open_order", said("trouble.open_order"))
            return OpenOrder()

    @property
    def is_idle(self) -> bool:
        """Tell whether no order is open."""
        return not self._order.lines

    def greet(self) -> None:
        """Show where the counter stands after a start."""
        if self._order.lines:
            greeting = said("counter.restarted", count=len(self._order.lines))
        elif not self._knowledge.has_catalogue:
            greeting = said("counter.no_catalogue")
        else:
            greeting = said("counter.ready")
        self._reprice()
        self._board.tell(greeting)

    def handle(self, raw: str) -> None:
        """Take one code; never raises for what was scanned."""
        seen = shown(raw)
        try:
            match read_code(raw):
                case ProductRead() | OtherRead() | CommandRead("SUBMIT") if self._store.halted:
                    self._board.tell(said("trouble.halted"), "error", read=seen)
                case ProductRead() | OtherRead() as read:
                    self._look_up(read, seen)
                case CommandRead() as command:
                    self._command(command, seen)
                case BadRead(reason):
                    self._apply(CodeUnknown(reason), seen)
        except CatalogueError as error:
            self.on_catalogue(error)
            self._refused(said("trouble.catalogue"), seen)
        except (sqlite3.Error, OSError) as error:
            _log.warning("the disk cannot be written: %s", error, extra={"code": seen})
            self.on_disk(error)
            self._refused(said("counter.disk"), seen)
        except Exception:  # noqa: BLE001  # the counter must go on
            # Whatever it was, it is in the log, the order is as stored, and the next scan works.
            _log.exception("code could not be handled", extra={"code": seen})
            self._refused(said("counter.failed"), seen)

    def _refused(self, why: Said, seen: str) -> None:
        """Go back to the order as it is stored, and say that the code changed nothing."""
        with contextlib.suppress(sqlite3.Error):  # a disk that cannot even be read: as it was
            self._order = self._open_order()
        with contextlib.suppress(CatalogueError):
            self._reprice()
        self._board.tell(why, "error", read=seen)

    def reprice(self) -> None:
        """Show the open order anew, as after new customer facts."""
        self._reprice()
        self._board.refresh()

    def _look_up(self, read: ProductRead | OtherRead, seen: str) -> None:
        sold = self._knowledge.find(read)
        names = sorted({one.found.product.name for one in sold})
        if not sold:
            self._not_found(read, seen)
        elif len(names) > 1:
            first, *_, other = (clean(name, 200) for name in names)
            told = said("code.two_products", code=seen, first=first, other=other)
            self._apply(CodeUnknown(told), seen)
        else:
            self._apply(self._scanned(sold[0], read), seen)

    def _scanned(self, sold: Sold, read: ProductRead | OtherRead) -> Event:
        """Count a scan in base units: one code on a case brings the whole case."""
        product, unit = sold.found
        size = product.pack_sizes.get(unit, 1)
        name = clean(product.name, 200)
        count, batch, unclear = 1, "", False
        if isinstance(read, ProductRead):
            count, batch, unclear = read.quantity, read.batch, read.batch_unclear
        if sold.measure is not None:
            measured = counted(sold.measure, product.base_unit)
            if measured is None:
                return CodeUnknown(_uncounted(sold.measure, name, clean(product.base_unit, 32)))
            count *= measured
        return ProductScanned(
            product.sku,
            name,
            self._new_id(),
            count * size,
            unit=unit,
            size=size,
            batch=batch,
            note=self._note(sold, unclear=unclear),
        )

    @staticmethod
    def _note(sold: Sold, *, unclear: bool) -> str:
        """Name the message that says what of a code was not used; empty where all of it was."""
        if sold.measure is not None and sold.measure.kind == "price":
            return "code.price_unused"
        return "code.batch_unclear" if unclear else ""

    def _new_id(self) -> str:
        return uuid7(self._knowledge.now().at_ms, urandom(10))

    def _not_found(self, read: ProductRead | OtherRead, seen: str) -> None:
        stored = self._store.orders.by_number(read.code) if isinstance(read, OtherRead) else None
        if stored is not None:
            self._reprint(stored.id, seen)
        elif not self._knowledge.has_catalogue:
            self._apply(CodeUnknown(said("counter.no_catalogue_for", code=seen)), seen)
        elif isinstance(read, OtherRead) and read.hint:
            self._apply(CodeUnknown(said("counter.hint", code=seen, hint=read.hint)), seen)
        elif isinstance(read, ProductRead) and is_own(read.gtin):
            self._apply(CodeUnknown(said("counter.own_code", code=seen)), seen)
        else:
            self._apply(CodeUnknown(said("counter.not_found", code=seen)), seen)

    def _command(self, command: CommandRead, seen: str) -> None:
        event = event_of(
            command,
            self._order,
            self._knowledge,
            order_id=self._new_id(),
            mono_ms=self._knowledge.now().mono_ms,
        )
        if event is not None:
            self._apply(event, seen)
        elif command.command == "SUBMIT":
            self._submit(seen)
        elif command.command == "REPRINT":
            self._reprint(None, seen)
        else:
            self._board.tell(said("counter.status"), read=seen)
            self._slips.status(as_text(self._board.screen).split("\n"))

    def _apply(self, event: Event, seen: str) -> None:
        was_idle = self.is_idle
        done = step(self._order, event)
        if (done.order.lines, done.order.changes) != (self._order.lines, self._order.changes):
            self._store.orders.keep_open_order(done.order)
        self._order = done.order
        self._reprice()
        self._say(done, seen)
        if was_idle and not self.is_idle:
            self.on_first_scan()
        elif self.is_idle and not was_idle:
            self.on_boundary()

    def _say(self, done: Step, seen: str) -> None:
        told = done.said
        last = done.order.last
        unpriced = self._priced is None or (last and last.number not in self._priced.lines)
        if done.tone == "ok" and last and unpriced:
            told = said("counter.no_price", said=told)
        self._board.tell(told, done.tone, read=seen)
        level = logging.WARNING if done.tone == "error" else logging.INFO
        _log.log(level, _IN_THE_LOG.word(told), extra={"order": done.order.id, "code": seen})

    def _submit(self, seen: str) -> None:
        config = self._knowledge.config
        if config is None and self._order.lines:
            self._board.tell(said("counter.no_customer"), "error", read=seen)
            return
        done = step(self._order, SubmitAsked())
        if done.submitted is None and self._board.repeat(read=seen):
            return  # scanned twice: the order that the first one sent is what is asked about
        if done.submitted is None or config is None:
            self._board.tell(done.said, done.tone, read=seen)
            return
        order = self._frozen(done.submitted, config)
        if len(order.payload) > MAX_UP_BYTES:
            self._board.tell(said("counter.too_large"), "error", read=seen)
            return
        stored = self._store.submit(order)
        self._order = done.order
        self._reprice()
        self._board.over("open_order")
        self._board.submitted(stored, read=seen)
        _log.info("order stored", extra={"order": order.id, "number": order.number})
        self.on_submitted(order.seq)
        self.on_boundary()

    def _frozen(self, order: OpenOrder, config: ConfigData) -> NewOrder:
        """Make the message that is sent, byte for byte the same, until it is answered."""
        seq = self._store.next_seq()
        now = self._knowledge.now()
        number = order_number(self._terminal, seq)
        message = Order(
            id=uuid7(now.at_ms, urandom(10)),
            term=self._terminal,
            boot=self._store.boot,
            seq=seq,
            at=now.at_ms,
            data=OrderData(
                order=order.id,
                number=number,
                customer=config.customer.id,
                lines=[
                    OrderLine(
                        line=line.number,
                        sku=line.sku,
                        qty=line.quantity,
                        unit=line.unit or None,
                        batch=line.batch or None,
                    )
                    for line in order.lines
                ],
                coupons=list(order.coupons),
                choices=self._knowledge.choices(order.wishes),
                quote=self._priced.quote() if self._priced else None,
                captured_at=now.at_ms,
                mono_ms=now.mono_ms,
                clock_trusted=now.trusted,
            ),
        )
        names = tuple(line.name for line in order.lines)
        changes = self._priced.changes if self._priced else ()
        return NewOrder(seq, order.id, number, encode(message), names, now.at_ms, changes)

    def _reprint(self, order_id: str | None, seen: str) -> None:
        job = self._store.spool.copy_last(order_id, self._knowledge.now().at_ms)
        if isinstance(job, str):
            self._board.tell(_NO_COPY[job], "error", read=seen)
            return
        self._slips.on_spooled()
        self._board.tell(said("counter.copy"), read=seen)

    def _reprice(self) -> None:
        order = self._order
        choices = self._knowledge.choices(order.wishes)
        self._priced = self._knowledge.price(
            order.id, order.lines, coupons=order.coupons, choices=choices
        )
        self._board.show_order(self._order, self._priced)


def _uncounted(measure: Measure, name: str, unit: str) -> Said:
    """Say why a measure is no quantity of a product that is counted in this unit."""
    if measure.kind == "count":
        return said("code.count_zero", code=name)
    return said("code.weight_uncounted", name=name, unit=unit, grams=measure.amount)
