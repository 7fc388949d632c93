"""Take a group of order messages: inbox, decisions and answers in one transaction."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

import msgspec

from broker.contract import RefusedData, with_mac
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.base.transaction import StoringError, Transaction, Transactions
from hub.desk.orders.deciding import Desk, Placed, place
from hub.desk.orders.model.request import OrderRequest
from hub.desk.parties.store import business_day
from hub.desk.terminals.model import (
    MOST_JUMP,
    TOLD_JUMP,
    PriceAlarm,
    ServedTerminal,
    codes_among,
)
from hub.desk.terminals.store import inbox
from hub.desk.terminals.store.asking import scanned_products
from hub.desk.terminals.store.awaiting import FirstWords, PutOff, Waiting, keep_waits
from hub.desk.terminals.store.inbox import Submitted, Taken
from hub.desk.terminals.store.outbox import Kept, keep_alarms, keep_messages
from hub.desk.terminals.store.presence import keep_jumps
from hub.desk.terminals.wire.alarms import price_alarm
from hub.desk.terminals.wire.answers import Sentences, Stamp, Voice, write_answer
from hub.desk.terminals.wire.requests import request_of

_log = logging.getLogger(__name__)
_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes to send; `outbox` is the row that is then sent, None for a repeat."""

    terminal: str
    payload: bytes
    outbox: int | None = None


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """An order message that was not taken, with the wire's reason."""

    asked: Submitted
    why: RefusedData


Reply = Answered | RefusedOrder
Replies = dict[int, Reply]
"""Replies by the place of the message in its group."""


@dataclass(slots=True)
class TakeOrders:
    """The act, with what it needs; `boot` counts the hub's starts, `sentence` words reasons.

    `key` gives the bytes that answers are marked with.
    """

    transactions: Transactions
    desk: Desk
    clock: Clock
    ids: Ids
    boot: int
    sentence: Sentences
    key: Callable[[], bytes]
    first_words: FirstWords
    _told_jump: dict[str, int] = field(default_factory=dict)
    _waiting: Waiting = field(default_factory=Waiting)
    _put_off: PutOff = field(default_factory=PutOff)

    def __call__(self, asked: Sequence[Submitted]) -> list[Reply]:
        """Decide, store and commit; gives the replies to publish, in the order of arrival.

        A repeat gets the stored answer again. An order that cannot be stored is held, and one
        that cannot even be held is refused; neither stops the others. Not decided, and not
        answered, is an order of a customer of whom others may be missing (`awaited`): it is put off
        until none is, and its terminal sends it again by itself.
        """
        self._put_off.forget(asked)
        fresh = dict(enumerate(asked))
        try:
            replies = self._take(fresh)
        except StoringError:
            _log.warning("a group of %d orders was not stored: one by one", len(asked))
            replies = {}
            for place_in_group, one in fresh.items():
                replies |= self._take_alone(place_in_group, one)
        return [replies[index] for index in sorted(replies)]

    def due(self) -> list[Submitted]:
        """Give orders that were put off, and wait for nobody any more; each is given once."""
        if not self._put_off:
            return []
        with self.transactions.reading() as t:
            return [] if self.first_words.are_awaited(t) else self._put_off.due(t)

    def _take_alone(self, index: int, one: Submitted) -> Replies:
        """Take one order apart from the others; if it cannot be stored, hold it."""
        try:
            return self._take({index: one})
        except StoringError:
            _log.exception("order not stored", extra={"order": one.uuid})
        try:
            return self._take({index: one}, unstorable=True)
        except StoringError:
            text = "the order holds something the hub cannot store"
            return {
                index: RefusedOrder(one, RefusedData(code="invalid", text=text, order=one.uuid))
            }

    def _take(self, asked: Mapping[int, Submitted], *, unstorable: bool = False) -> Replies:
        """Take messages in one transaction; raises StoringError where nothing was kept."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            taken = inbox.find_taken(t, [one.row() for one in asked.values()])
            fresh, replies = _sort(asked, taken)
            fresh, far = self._bound(t, fresh)
            replies |= far
            with t.whole():
                replies |= self._place(t, fresh, unstorable=unstorable)
            replies = _with_free_numbers(t, replies, known={row.uuid for row in taken})
            t.commit()
        return replies

    def _bound(
        self, t: Transaction, fresh: dict[int, Submitted]
    ) -> tuple[dict[int, Submitted], Replies]:
        """Part orders whose number is far above all before; tell people of a jump, once an hour.

        Nothing was decided on them: their terminal sends them again under the next free number.
        """
        jumping = {one.message.term for one in fresh.values() if one.message.seq > TOLD_JUMP}
        if not jumping:
            return fresh, {}
        highest = inbox.highest_numbers(t, sorted(jumping))
        far: Replies = {}
        told: dict[str, tuple[int, int]] = {}
        mono_ms = self.clock.mono_ms()
        for index, one in fresh.items():
            terminal, seq = one.key
            to = highest.get(terminal)
            if to is None or seq - to <= TOLD_JUMP:
                continue
            told_ms = self._told_jump.get(terminal)
            if told_ms is None or mono_ms - told_ms >= _HOUR_MS:
                told[terminal] = (seq, to)
            if seq - to > MOST_JUMP:
                text = f"number {seq} of {terminal} is too far above {to}, the highest so far"
                why = RefusedData(code="sequence_jump", text=text, order=one.uuid, numbered_to=to)
                far[index] = RefusedOrder(one, why)
        self._told_jump |= dict.fromkeys(told, mono_ms)
        keep_jumps(t, told)
        return {index: one for index, one in fresh.items() if index not in far}, far

    def _place(
        self, t: Transaction, fresh: Mapping[int, Submitted], *, unstorable: bool
    ) -> Replies:
        """Decide new orders, and write them with their inbox rows and answers."""
        if not fresh:
            return {}
        if self.first_words.are_awaited(t):
            self._put_off.keep(fresh.values())
            return {}
        names = sorted({one.message.term for one in fresh.values()})
        terminals = inbox.served_terminals(t, names)
        welcome, replies = _part(fresh, terminals)
        self._put_off.keep(
            one for index, one in fresh.items() if index not in welcome and index not in replies
        )
        waiting = {name for name, one in terminals.items() if one.waits}
        keep_waits(t, self._waiting.long_waiting(waiting, of=names, mono_ms=self.clock.mono_ms()))
        if not welcome:
            return replies
        inbox.keep_taken(t, [one.row() for one in welcome.values()])
        today = business_day(t)
        requests = _requests(t, list(welcome.values()), terminals, day=today)
        placed = place(t, self.desk, requests, unstorable=unstorable)
        payloads = [
            self._answer(t, one, each, language=terminals[one.message.term].language, today=today)
            for one, each in zip(welcome.values(), placed, strict=True)
        ]
        ids = keep_messages(
            t,
            [
                Kept(one.message.term, "answer", each.order, 1, payload)
                for one, each, payload in zip(welcome.values(), placed, payloads, strict=True)
            ],
        )
        keep_alarms(t, [alarm for each in placed for alarm in self._alarms(each)])
        for index, one, payload, row in zip(welcome, welcome.values(), payloads, ids, strict=True):
            replies[index] = Answered(one.message.term, payload, row)
        return replies

    def _answer(
        self, t: Transaction, one: Submitted, placed: Placed, *, language: str, today: date
    ) -> bytes:
        """Write the answer to an order."""
        decided = placed.decided
        if decided.fault is not None:
            _log.error("order held", exc_info=decided.fault, extra={"order": one.uuid})
        stamp = Stamp(id=self.ids(t.at_ms), boot=self.boot, at=t.at_ms)
        message = one.message
        voice = Voice(self.sentence, language)
        written = write_answer(
            decided, voice, to=message.term, ref=message.id, today=today, stamp=stamp
        )
        return with_mac(written, self.key(), of=one.digest)

    def _alarms(self, placed: Placed) -> Sequence[tuple[int, str, PriceAlarm]]:
        """Look closer where the terminal came to another price; it never touches the order."""
        request = placed.decided.request
        alarm = price_alarm(placed.decided, placed.availability)
        if alarm is None:
            return ()
        _log.error(
            "%s prices otherwise than the hub by the same pack, customer and catalogue",
            request.requester.id,
            extra={"order": request.uuid, **asdict(alarm)},
        )
        return ((placed.order, request.requester.id, alarm),)


def _requests(
    t: Transaction,
    asked: Sequence[Submitted],
    terminals: Mapping[str, ServedTerminal],
    *,
    day: date,
) -> list[OrderRequest]:
    """Write messages as requests of a business day.

    A customer that its terminal does not serve is looked up, and a code that may be a bar code.
    """
    strangers = {
        one.message.data.customer
        for one in asked
        if one.message.data.customer != terminals[one.message.term].customer
    }
    known = inbox.known_customers(t, sorted(strangers)) if strangers else frozenset()
    beside = inbox.served_codes(t, sorted(terminals)) if known else frozenset()
    codes = codes_among([line.sku for one in asked for line in one.message.data.lines])
    products = scanned_products(t, codes) if codes else {}
    return [
        request_of(
            one.message,
            terminals[one.message.term],
            day=day,
            customers=known,
            serves={code for terminal, code in beside if terminal == one.message.term},
            products=products,
        )
        for one in asked
    ]


def _sort(
    asked: Mapping[int, Submitted], taken: Sequence[Taken]
) -> tuple[dict[int, Submitted], Replies]:
    """Part new orders from repeats, which get their answer again, and from conflicts."""
    digests = {row.key: row.digest for row in taken}
    answers = {row.key: row.answer for row in taken}
    keys = {row.uuid: row.key for row in taken}
    fresh: dict[int, Submitted] = {}
    replies: Replies = {}
    for index, one in asked.items():
        known = digests.get(one.key)
        placed = keys.get(one.uuid, one.key)
        if known is None and one.uuid not in keys:
            fresh[index] = one
            digests[one.key] = one.digest
            keys[one.uuid] = one.key
        elif placed[0] != one.message.term:
            text = f"order {one.uuid} is already another terminal's"
            replies[index] = _refused(one, "order_conflict", text)
        elif placed != one.key:
            # An older card sends it under the number that it had before it was numbered anew.
            if placed in answers:
                replies[index] = Answered(one.message.term, answers[placed])
        elif known != one.digest:
            text = f"number {one.message.seq} of {one.message.term} is already another order"
            replies[index] = _refused(one, "sequence_conflict", text)
        elif one.key in answers:
            replies[index] = Answered(one.message.term, answers[one.key])
        # else a repeat within this very group: the first of them is answered.
    return fresh, replies


def _refused(one: Submitted, code: str, text: str) -> RefusedOrder:
    return RefusedOrder(one, RefusedData(code=code, text=text, order=one.uuid))


def _with_free_numbers(t: Transaction, replies: Replies, *, known: Collection[str]) -> Replies:
    """Say of orders that only their number is another's, above which number the next ones are.

    Of an order whose id is known something was decided: it must not come under a second number.
    """
    renumbered = {
        index: reply
        for index, reply in replies.items()
        if isinstance(reply, RefusedOrder)
        and reply.why.code == "sequence_conflict"
        and reply.asked.uuid not in known
    }
    highest = inbox.highest_numbers(t, sorted({one.asked.key[0] for one in renumbered.values()}))
    return replies | {
        index: RefusedOrder(one.asked, msgspec.structs.replace(one.why, numbered_to=to))
        for index, one in renumbered.items()
        if (to := highest.get(one.asked.key[0])) is not None
    }


def _part(
    fresh: Mapping[int, Submitted], terminals: Mapping[str, ServedTerminal]
) -> tuple[dict[int, Submitted], Replies]:
    """Part orders to decide now from those that are refused; what waits is in neither."""
    welcome: dict[int, Submitted] = {}
    refused: Replies = {}
    for index, one in fresh.items():
        why = _unwelcome(one, terminals)
        if why is not None:
            refused[index] = RefusedOrder(one, why)
        elif not terminals[one.message.term].waits:
            welcome[index] = one
    return welcome, refused


def _unwelcome(one: Submitted, terminals: Mapping[str, ServedTerminal]) -> RefusedData | None:
    """Say why a terminal may not send orders; None where it may."""
    terminal = terminals.get(one.message.term)
    if terminal is not None and not terminal.is_revoked:
        return None
    code = "terminal_unknown" if terminal is None else "terminal_revoked"
    return RefusedData(code=code, text=f"terminal {one.message.term} may not order", order=one.uuid)
