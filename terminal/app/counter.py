"""The counter: every code that is scanned, from look-up to a stored order."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from os import urandom
from typing import Final

import msgspec

from broker.contract.codec import MAX_UP_BYTES, encode
from broker.contract.ids import uuid7
from broker.contract.messages import Order
from terminal.app.board import Board
from terminal.app.cards import Operators
from terminal.app.knowledge import Knowledge, Sold, scanned
from terminal.app.questions import Questions, repeat_last
from terminal.app.slips import SlipDesk
from terminal.core.codes import (
    Awaited,
    BadRead,
    CommandRead,
    OtherRead,
    ProductRead,
    WifiRead,
    is_own,
    read_code,
)
from terminal.core.order import (
    CancelAsked,
    CodeUnknown,
    Doubts,
    Event,
    OpenOrder,
    PaymentChosen,
    ProductRemoved,
    ProductScanned,
    Step,
    SubmitAsked,
    UndoAsked,
    doubt_about,
    event_of,
    is_unusual_sum,
    order_data,
    step,
    unusual_line,
)
from terminal.core.outbox import order_number
from terminal.core.pricing import Priced
from terminal.core.text import clean
from terminal.core.words import Said, Voice, said
from terminal.store import Store
from terminal.store.catalogue import CatalogueError
from terminal.store.records import NewOrder
from terminal.store.spool import NoCopy

_log = logging.getLogger(__name__)
_IN_THE_LOG: Final = Voice()
"""Logs are English, whatever the shop reads."""
_LONGEST_NAME: Final = 200
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
        questions: Questions,
        operators: Operators,
    ) -> None:
        self._terminal = terminal
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._slips = slips
        self._questions = questions
        self._operators = operators
        self._order, self._doubts = self._stored()
        self._priced: Priced | None = None
        self._awaited: Awaited | None = None
        self._asked, self._is_sure = "", False
        self.on_submitted: Callable[[int], None] = lambda _seq: None
        self.on_first_scan: Callable[[], None] = lambda: None
        self.on_boundary: Callable[[], None] = lambda: None
        self.on_disk: Callable[[Exception], None] = lambda _error: None
        self.on_catalogue: Callable[[CatalogueError], None] = lambda _error: None

    def _stored(self) -> tuple[OpenOrder, Doubts]:
        """Give the order at the counter with the questions that stand.

        An order that cannot be read is put aside, and said.
        """
        try:
            return self._store.orders.open_order(), self._store.orders.doubts()
        except msgspec.MsgspecError as error:
            _log.error("the open order cannot be read: %s", error)
            self._store.put_aside_open_order()
            self._board.trouble("open_order", said("trouble.open_order"))
            return OpenOrder(), Doubts()

    def _keep(self, order: OpenOrder, doubts: Doubts) -> None:
        """Take over an order and the questions about it, once what a restart needs is on disk."""
        if (doubts, *_needed(order)) != (self._doubts, *_needed(self._order)):
            self._store.orders.keep_open_order(order, doubts)
        self._order, self._doubts = order, doubts

    @property
    def is_idle(self) -> bool:
        """Tell whether no order is open."""
        return not self._order.lines

    @property
    def is_at_rest(self) -> bool:
        """Tell whether nothing is open, and nothing is waited for."""
        return self.is_idle and self._awaited is None

    def greet(self) -> None:
        """Show where the counter stands after a start."""
        if self._doubts:
            greeting = said("counter.restarted_asked", what=self._doubts.what)
        elif self._order.lines:
            greeting = said("counter.restarted", count=len(self._order.lines))
        elif not self._knowledge.has_catalogue:
            greeting = said("counter.no_catalogue")
        else:
            greeting = said("counter.ready")
        self._reprice()
        self._board.tell(greeting, "error" if self._doubts else "ok")

    def handle(self, raw: str) -> None:
        """Take one code; never raises for what was scanned."""
        seen = self._operators.seen(raw)
        try:
            self._take(raw, seen)
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

    def _take(self, raw: str, seen: str) -> None:
        """Take one code for what it is, or for what the command before it asked for."""
        self.settle()
        awaited, self._awaited = self._awaited, None
        self._is_sure, self._asked = seen == self._asked, ""
        read = read_code(raw)
        if self._operators.take(raw, read, seen=seen):
            return
        match read:
            case ProductRead() | OtherRead() if awaited is not None:
                self._awaited_came(awaited, read, seen)
            case ProductRead() | OtherRead() | CommandRead("SUBMIT") if self._store.halted:
                self._board.tell(said("trouble.halted"), "error", read=seen)
            case ProductRead() | OtherRead():
                self._look_up(read, seen)
            case CommandRead():
                self._command(read, seen)
            case WifiRead():
                self._questions.machine.join(read, awaited, read=seen)
            case BadRead(reason):
                self._awaited = awaited  # whatever is waited for may be scanned once more
                self._apply(CodeUnknown(reason), seen)

    def _awaited_came(self, awaited: Awaited, read: ProductRead | OtherRead, seen: str) -> None:
        """Take the code that a command before it asked for; a late one may be meant otherwise."""
        if awaited.is_late(self._knowledge.now().mono_ms):
            self._apply(CodeUnknown(said("order.too_late", command=awaited.purpose)), seen)
        elif awaited.purpose == "WIFI":
            self._apply(CodeUnknown(said("wifi.unreadable")), seen)
        elif awaited.purpose == "CANCEL-ORDER":
            self._questions.cancel(read.code if isinstance(read, OtherRead) else seen, read=seen)
        elif (sold := self._found(read, seen)) is not None:
            self._about(awaited, sold, seen)
        elif self._numbered(read) is None:
            # Misread: the product that is scanned next is still to go, and not to be ordered.
            self._awaited = awaited

    def _about(self, awaited: Awaited, sold: Sold, seen: str) -> None:
        """Do with a product what was asked for."""
        product, unit = sold.found
        match awaited.purpose:
            case "REMOVE":
                name = clean(product.name, 200)
                self._apply(ProductRemoved(product.sku, name, unit), seen)
            case "STOCK":
                self._questions.stock(product, customer=self._order.customer, read=seen)
            case _:
                on_paper = awaited.purpose == "PRICE-SLIP"
                customer = self._order.customer
                self._questions.price(product, customer=customer, on_paper=on_paper, read=seen)

    def _refused(self, why: Said, seen: str) -> None:
        """Go back to the order as it is stored, and say that the code changed nothing."""
        with contextlib.suppress(sqlite3.Error):  # a disk that cannot even be read: as it was
            self._order, self._doubts = self._stored()
        with contextlib.suppress(CatalogueError):
            self._reprice()
        self._board.tell(why, "error", read=seen)

    def reprice(self) -> None:
        """Show the open order anew, as after new customer facts."""
        self._reprice()
        self._board.refresh()

    def _look_up(self, read: ProductRead | OtherRead, seen: str) -> None:
        if (sold := self._found(read, seen)) is not None:
            self._apply(scanned(sold, read, order_id=self._new_id()), seen)

    def _found(self, read: ProductRead | OtherRead, seen: str) -> Sold | None:
        """Find the one product that a code names; says so where there is none, or two."""
        sold = self._knowledge.find(read)
        names = sorted({one.found.product.name for one in sold})
        if len(names) == 1:
            return sold[0]
        if names:
            first, *_, other = (clean(name, 200) for name in names)
            told = said("code.two_products", code=seen, first=first, other=other)
            self._apply(CodeUnknown(told), seen)
        else:
            self._not_found(read, seen)
        return None

    def _new_id(self) -> str:
        return uuid7(self._knowledge.now().at_ms, urandom(10))

    def _numbered(self, read: ProductRead | OtherRead) -> str | None:
        """Give the id of the order whose number, or the square code of whose slip, was scanned."""
        return self._store.orders.named(read.code) if isinstance(read, OtherRead) else None

    def _not_found(self, read: ProductRead | OtherRead, seen: str) -> None:
        if (order := self._numbered(read)) is not None:
            self._reprint(order, seen)
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
            return
        match command.command:
            case "SUBMIT":
                self._submit(seen)
            case "REPRINT":
                self._reprint(None, seen)
            case "REPEAT":
                self._repeat(seen)
            case "REMOVE" | "PRICE" | "PRICE-SLIP" | "STOCK" | "CANCEL-ORDER" | "WIFI" as purpose:
                self._await(Awaited(purpose, self._knowledge.now().mono_ms), seen)
            case "COLUMNS":
                self._questions.measure(command.number, read=seen)
            case "VOLUME" | "UPDATE" | "ENROL" as asked:
                self._questions.machine.answer(asked, read=seen)
            case other:
                customer = self._order.customer
                self._questions.answer(other, self._priced, customer=customer, read=seen)

    def _await(self, awaited: Awaited, seen: str) -> None:
        """Wait for the code that a command is about; of REMOVE, while no quantity waits."""
        if awaited.purpose == "REMOVE" and not self._order.lines:
            self._board.tell(said("order.nothing_to_remove"), "error", read=seen)
            return
        if awaited.purpose == "REMOVE" and (digits := self._order.digits):
            self._board.tell(said("order.digits_wait", digits=digits), "error", read=seen)
            return
        self._awaited = awaited
        name = awaited.purpose.lower().replace("-", "_")
        self._board.tell(said(f"then.{name}"), read=seen)

    def _repeat(self, seen: str) -> None:
        customer = self._order.customer
        repeated = repeat_last(
            self._store, self._knowledge, customer=customer, order_id=self._new_id()
        )
        if repeated is None:
            facts = self._knowledge.customer_of(customer) if customer else None
            none = said("order.repeat_none")
            if facts is not None:
                none = said("order.repeat_none_of", name=f"{clean(facts.name, 200)} ({facts.id})")
            self._board.tell(none, "error", read=seen)
        else:
            self._apply(repeated, seen)

    def _apply(self, event: Event, seen: str) -> None:
        """Make a step; one that is unusual only when the same code came just before."""
        doubts, dropped = self._doubts.take_back(event, self._order)
        if dropped is not None:
            self._keep(self._order, doubts)
            self._board.tell(said("order.taken_back", what=dropped.what), read=seen)
            return
        was_idle = self.is_idle
        done = step(self._order, event)
        before = self._priced.totals.payable if self._priced else 0
        # Let go before another is made: of 500 lines a price with its reasons takes a MiB.
        self._priced = None
        priced = self._price(done.order)
        sure = self._is_sure or isinstance(event, UndoAsked | CancelAsked)
        is_scan = isinstance(event, ProductScanned)
        if not sure and self._doubted(done, priced, seen, before=before, is_scan=is_scan):
            self._priced = self._price(self._order)
            return
        doubts = self._doubts.after(seen, event, before=self._order, after=done.order)
        self._keep(done.order, doubts)
        self._show(priced)
        self._say(done, seen)
        if was_idle and not self.is_idle:
            self.on_first_scan()
        elif self.is_idle and not was_idle:
            self.on_boundary()

    def _doubted(
        self, done: Step, priced: Priced | None, seen: str, *, before: int, is_scan: bool
    ) -> bool:
        """Ask once more for what a step made unusual; `before` was to pay until then."""
        bounds = self._knowledge.bounds
        total = priced.totals.payable if priced else 0
        payable = priced.amount(total) if priced else ""
        asked = unusual_line(self._order, done.order, self._knowledge.most_of)
        if asked is None and priced and is_unusual_sum(before, total, bounds):
            most = priced.amount(bounds.amount)
            asked = said("order.ask_amount", payable=payable, most=most)
        if asked is None:
            return False
        total_of = said("order.asked_total", payable=payable)
        doubt = doubt_about(seen, self._order, done.order, total=total_of)
        # What follows was not meant for the line before a product that was not taken yet.
        lost = self._order.lost or is_scan
        self._keep(replace(self._order, lost=lost), self._doubts.ask(doubt))
        self._asked = seen
        self._board.tell(asked, "error", read=seen)
        return True

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
        """Send the order; what is still asked about stays out where SUBMIT comes again at once."""
        done = step(self._order, SubmitAsked())
        self._keep(self._order, Doubts() if self._is_sure else self._doubts)
        if self._doubts:
            self._asked = seen
            self._board.tell(said("order.still_asked", what=self._doubts.what), "error", read=seen)
            return
        if done.submitted is None:
            # Scanned twice: the order that the first one sent is what is asked about.
            if not self._board.repeat(read=seen):
                self._board.tell(done.said, done.tone, read=seen)
            return
        if (why := self._barred()) is not None:
            self._board.tell(why, "error", read=seen)
            return
        accepted = self._knowledge.payments_for(self._order.customer)
        if (paid := self._knowledge.payment_of(self._order)) not in accepted:
            self._apply(PaymentChosen(paid, accepted), seen)  # refused, and why
            return
        order = self._frozen(done.submitted)
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

    def _barred(self) -> Said | None:
        """Say why nobody may send the order at the counter; None where somebody may."""
        customer = self._order.customer
        if self._knowledge.config is None:
            return said("counter.no_customer")
        if self._knowledge.customer_of(customer) is None:  # taken off the list meanwhile
            return said("order.not_served", customer=customer)
        if self._knowledge.needs_operator and not self._operators.name:
            return said("operator.needed")
        return None

    def _frozen(self, order: OpenOrder) -> NewOrder:
        """Make the message that is sent, byte for byte the same, until it is answered."""
        facts = self._knowledge.customer_of(order.customer)
        seq = self._store.next_seq()
        now = self._knowledge.now()
        number = order_number(self._terminal, seq)
        message = Order(
            id=uuid7(now.at_ms, urandom(10)),
            term=self._terminal,
            boot=self._store.boot,
            seq=seq,
            at=now.at_ms,
            data=order_data(
                order,
                number=number,
                customer=facts.id if facts else order.customer,
                operator=self._operators.name[:_LONGEST_NAME],
                payment=self._knowledge.payment_of(order),
                choices=self._knowledge.choices(order.wishes),
                quote=self._priced.quote() if self._priced else None,
                now=now,
            ),
        )
        names = tuple(line.name for line in order.lines)
        changes = self._priced.changes if self._priced else ()
        return NewOrder(seq, order.id, number, encode(message), names, now.at_ms, changes)

    def _reprint(self, order_id: str | None, seen: str) -> None:
        at_ms = self._knowledge.now().at_ms
        job = self._store.spool.copy_last(order_id, at_ms, body=self._slips.whole)
        if isinstance(job, str):
            self._board.tell(_NO_COPY[job], "error", read=seen)
            return
        self._slips.on_spooled()
        self._board.tell(said("counter.copy"), read=seen)

    def _reprice(self) -> None:
        self._show(self._price(self._order))

    def _price(self, order: OpenOrder) -> Priced | None:
        return self._knowledge.price(
            order.id,
            order.lines,
            coupons=order.coupons,
            choices=self._knowledge.choices(order.wishes),
            payment=self._knowledge.payment_of(order),
            customer=order.customer,
        )

    def settle(self) -> None:
        """Do what time does: who left is signed out, a card and a question left lying end."""
        config = self._knowledge.config
        if self.is_idle and self._operators.are_gone:
            self._keep(self._order, Doubts())
            self._asked = ""
            own = self._knowledge.customer_card(config.customer.id) if config else None
            if self._order.customer and own is not None:
                self._apply(own, "")
        self._operators.settle(is_idle=self.is_idle)

    def _show(self, priced: Priced | None) -> None:
        self._priced = priced
        self._board.show_order(self._order, priced)


def _needed(order: OpenOrder) -> tuple[object, ...]:
    """Give what a restart needs of an order: while it is empty, no code was lost to a line."""
    return order.lines, order.changes, bool(order.lines) and order.lost
