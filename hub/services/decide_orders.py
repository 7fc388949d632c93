"""Decide a group of order messages in one transaction, each of them apart from the others."""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Protocol

from broker.contract import Answer, Order, RefusedData, encode_answer
from hub.domain.decide import Decided, Moment, decide, moment_of, terms_of, undecided
from hub.domain.ledger import Ledger
from hub.services.ports import Clock, Ids

_log = logging.getLogger(__name__)

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Submitted:
    """An order message as it came, with the SHA-256 of its bytes."""

    message: Order
    digest: bytes

    @property
    def key(self) -> Key:
        """Give the terminal and its sequence."""
        return self.message.term, self.message.seq

    @property
    def uuid(self) -> str:
        """Give the order's own id."""
        return self.message.data.order


def submitted(message: Order, payload: bytes) -> Submitted:
    """Take an order message with the bytes it came as."""
    return Submitted(message, hashlib.sha256(payload).digest())


@dataclass(frozen=True, slots=True)
class Taken:
    """An inbox row that is already there, and the answer that was given."""

    key: Key
    uuid: str
    digest: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision with the message that asked for it and the bytes that answer it."""

    asked: Submitted
    decided: Decided
    answer: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes to send; `outbox` is the row that is then sent, None for a repeat."""

    terminal: str
    payload: bytes
    outbox: int | None = None


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """An order message that was not taken, with the wire's reason."""

    asked: Submitted
    why: RefusedData


Reply = Answered | TurnedDown


class StoringError(Exception):
    """The database did not take the rows of an order; it would not take them another time."""


class OrderBook(Protocol):
    """One transaction on the order path; leaving it without `commit` keeps nothing."""

    def taken(self, asked: Sequence[Submitted]) -> Sequence[Taken]:
        """Find what is already in the inbox under any of these keys or order ids."""

    def ledger(self, asked: Sequence[Submitted], now_ms: int) -> Ledger:
        """Lock and read what these orders need to be decided at this moment."""

    def customers(self, codes: Collection[str]) -> Collection[str]:
        """Say which of these customers exist."""

    def store(self, entries: Sequence[Entry], moment: Moment) -> Sequence[int]:
        """Write all rows of these decisions or, with StoringError, none; gives outbox ids."""

    def commit(self) -> None:
        """Keep everything, durably."""


class OpenBook(Protocol):
    """Opens transactions on the order path."""

    def __call__(self) -> AbstractContextManager[OrderBook]:
        """Open one."""


@dataclass(slots=True)
class DecideOrders:
    """The use case, with what it needs; `boot` counts the hub's starts."""

    books: OpenBook
    clock: Clock
    ids: Ids
    boot: int

    def __call__(self, asked: Sequence[Submitted]) -> list[Reply]:
        """Decide, store and commit; gives the replies to publish, in the order of arrival.

        A repeat gets the stored answer again. An order that cannot be stored is held, and one
        that cannot even be held is turned down; neither stops the others.
        """
        now_ms = self.clock.now_ms()
        with self.books() as book:
            replies = self._replies(book, asked, now_ms)
            book.commit()
        return replies

    def _replies(self, book: OrderBook, asked: Sequence[Submitted], now_ms: int) -> list[Reply]:
        fresh, replies = _sort(asked, book.taken(asked))
        if fresh:
            try:
                replies |= self._decide_all(book, fresh, now_ms)
            except StoringError:
                _log.warning("a group of %d orders was not stored: one by one", len(fresh))
                for index, one in fresh.items():
                    replies[index] = self._decide_alone(book, one, now_ms)
        return [replies[index] for index in sorted(replies)]

    def _decide_all(
        self, book: OrderBook, fresh: Mapping[int, Submitted], now_ms: int
    ) -> dict[int, Reply]:
        """Decide orders one after another, and store them together."""
        asked = list(fresh.values())
        ledger = book.ledger(asked, now_ms)
        moment = moment_of(now_ms, ledger.zone)
        strangers = _strangers(asked, ledger)
        customers = book.customers(strangers) if strangers else ()
        replies: dict[int, Reply] = {}
        entries: dict[int, Entry] = {}
        for index, one in fresh.items():
            why = _unwelcome(one, ledger)
            if why is not None:
                replies[index] = TurnedDown(one, why)
                continue
            decided = decide(
                one.message.data,
                one.message.term,
                ledger,
                moment=moment,
                customers=customers,
            )
            entries[index] = self._entry(one, decided, now_ms)
        if entries:
            ids = book.store(list(entries.values()), moment)
            replies |= {
                index: Answered(entry.asked.message.term, entry.answer, outbox)
                for (index, entry), outbox in zip(entries.items(), ids, strict=True)
            }
        return replies

    def _decide_alone(self, book: OrderBook, one: Submitted, now_ms: int) -> Reply:
        """Decide one order apart from the others; if it cannot be stored, hold it."""
        fresh, replies = _sort([one], book.taken([one]))
        if not fresh:
            return replies[0]
        try:
            return self._decide_all(book, fresh, now_ms)[0]
        except StoringError as error:
            _log.exception("order not stored", extra={"order": one.uuid})
            return self._park(book, one, now_ms=now_ms, fault=error)

    def _park(self, book: OrderBook, one: Submitted, *, now_ms: int, fault: Exception) -> Reply:
        """Hold an order whose decision could not be stored, or turn it down."""
        ledger = book.ledger([one], now_ms)
        moment = moment_of(now_ms, ledger.zone)
        decided = undecided(
            one.message.data,
            ledger.parties[one.message.term],
            terms_of(ledger.pack, moment),
            code="rule_failed",
            text="the decision could not be stored; the distributor was told",
            fault=fault,
        )
        entry = self._entry(one, decided, now_ms)
        try:
            outbox = book.store([entry], moment)[0]
        except StoringError:
            text = "the order holds something the hub cannot store"
            return TurnedDown(one, RefusedData(code="invalid", text=text, order=one.uuid))
        return Answered(one.message.term, entry.answer, outbox)

    def _entry(self, one: Submitted, decided: Decided, now_ms: int) -> Entry:
        """Write the answer to an order."""
        if decided.fault is not None:
            _log.error("order held", exc_info=decided.fault, extra={"order": one.uuid})
        if decided.alarm is not None:
            _log.error(
                "%s prices otherwise than the hub by the same pack, customer and catalogue",
                one.message.term,
                extra={"order": one.uuid, **asdict(decided.alarm)},
            )
        answer = Answer(
            id=self.ids(now_ms),
            term=one.message.term,
            boot=self.boot,
            at=now_ms,
            ref=one.message.id,
            data=decided.answer,
        )
        return Entry(one, decided, encode_answer(answer))


def _sort(
    asked: Sequence[Submitted], taken: Sequence[Taken]
) -> tuple[dict[int, Submitted], dict[int, Reply]]:
    """Part new orders from repeats, which get their answer again, and from conflicts."""
    digests = {row.key: row.digest for row in taken}
    answers = {row.key: row.answer for row in taken}
    keys = {row.uuid: row.key for row in taken}
    fresh: dict[int, Submitted] = {}
    replies: dict[int, Reply] = {}
    for index, one in enumerate(asked):
        known = digests.get(one.key)
        if known is None and one.uuid not in keys:
            fresh[index] = one
            digests[one.key] = one.digest
            keys[one.uuid] = one.key
        elif known is None:
            terminal, seq = keys[one.uuid]
            text = f"order {one.uuid} is already number {seq} of {terminal}"
            replies[index] = _turned_down(one, "order_conflict", text)
        elif known != one.digest:
            text = f"number {one.message.seq} of {one.message.term} is already another order"
            replies[index] = _turned_down(one, "sequence_conflict", text)
        elif one.key in answers:
            replies[index] = Answered(one.message.term, answers[one.key])
        # else a repeat within this very group: the first of them is answered.
    return fresh, replies


def _turned_down(one: Submitted, code: str, text: str) -> TurnedDown:
    return TurnedDown(one, RefusedData(code=code, text=text, order=one.uuid))


def _unwelcome(one: Submitted, ledger: Ledger) -> RefusedData | None:
    """Say why a terminal may not send orders; None where it may."""
    party = ledger.parties.get(one.message.term)
    if party is not None and not party.revoked:
        return None
    code = "terminal_unknown" if party is None else "terminal_revoked"
    return RefusedData(code=code, text=f"terminal {one.message.term} may not order", order=one.uuid)


def _strangers(asked: Sequence[Submitted], ledger: Ledger) -> set[str]:
    """Name the customers that are ordered for by terminals that do not serve them."""
    return {
        one.message.data.customer
        for one in asked
        if (party := ledger.parties.get(one.message.term))
        and party.customer.id != one.message.data.customer
    }
