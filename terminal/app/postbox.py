"""The terminal's mail: orders out until they are answered, answers in, each taken once."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from os import urandom
from typing import Final, Literal, Protocol, TypedDict

import msgspec
from msgspec.structs import replace

from broker.contract.asking import Ask, AskData, Reply
from broker.contract.codec import Refusal, decode_down, encode
from broker.contract.ids import uuid7
from broker.contract.messages import (
    MAX_KEPT,
    Ack,
    AckData,
    Answer,
    AnswerData,
    Config,
    Diagnosis,
    DiagnosisData,
    Halt,
    HubStatus,
    Kept,
    Log,
    LogData,
    Notice,
    Order,
    Recall,
    Refused,
    RefusedData,
)
from broker.contract.topics import up
from broker.link import LinkChange, LinkDown
from terminal.app.board import Board
from terminal.app.knowledge import Knowledge
from terminal.app.slips import SlipDesk
from terminal.core.fate import Reach
from terminal.core.giving import give_back
from terminal.core.outbox import Waiting, after_send, all_due, due, next_due_ms, order_number
from terminal.core.ports import Clock
from terminal.core.text import clean
from terminal.store import Store
from terminal.store.records import NewAnswer, NewOrder, NewSlip, StoredOrder, sent_as

_log = logging.getLogger(__name__)
_order: Final = msgspec.json.Decoder(Order)
_KEPT_REMARKS: Final = 200
_JUMP: Final = "sequence_jump"
_TAKEN: Final = "the hub has another order of that number"
_WHY: Final = {_JUMP: "its number was far above all that the hub knows"}
_LOOK_S: Final = 0.5
_VISIT_S: Final = 10.0
_AWAY_S: Final = 60.0
"""A halted machine looks so often whether it is done, and comes for so long after so long."""


class _Sender(TypedDict):
    id: str
    term: str
    boot: int
    at: int


class Link(Protocol):
    """The connection to the broker, as `broker.link` has it."""

    online: asyncio.Event

    async def run(self) -> None:
        """Stay connected until cancelled."""
        ...

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Hand a message to the broker; raises LinkDown."""
        ...


class Postbox:
    """Sends what waits and takes in what comes."""

    def __init__(
        self,
        terminal: str,
        store: Store,
        *,
        knowledge: Knowledge,
        board: Board,
        slips: SlipDesk,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._terminal = terminal
        self._store = store
        self._knowledge = knowledge
        self._board = board
        self._slips = slips
        self._clock = clock
        self._jitter = jitter
        self._waiting = [Waiting(seq) for seq in store.orders.waiting()]
        self._remarks: deque[tuple[str, bytes]] = deque(maxlen=_KEPT_REMARKS)
        self._pieces: deque[bytes] = deque()
        self._question: bytes | None = None
        self._online = False
        self._shut_out = False
        self._hub_there = True
        self._is_leaving = False
        self._wake = asyncio.Event()
        self.on_config: Callable[[], None] = lambda: None
        self.on_doubt: Callable[[], None] = lambda: None
        self.on_copied: Callable[[], None] = lambda: None
        self.on_reply: Callable[[Reply], None] = lambda _reply: None
        self.on_unreachable: Callable[[], None] = lambda: None

    @property
    def reachable(self) -> bool:
        """Tell whether an order sent now would reach somebody, as far as is known."""
        return self._online and self._hub_there

    def submitted(self, seq: int) -> None:
        """Send a new order as soon as its turn comes."""
        self._waiting.append(Waiting(seq))
        self._slips.expect(seq, reachable=self.reachable)
        self._wake.set()

    def remark(
        self,
        level: Literal["info", "warning", "alarm"],
        code: str,
        text: str,
        *,
        order: str | None = None,
    ) -> None:
        """Tell the hub of something a person should hear of; it waits for the link."""
        data = LogData(level=level, code=code, text=clean(text), order=order)
        message = Log(**self._envelope(), data=data)
        self._remarks.append((up(self._terminal, "log"), encode(message)))
        _log.log(
            logging.INFO if level == "info" else logging.WARNING,
            text,
            extra={"code": code, "order": order},
        )
        self._wake.set()

    def give(self, asked: str, pieces: Sequence[bytes]) -> None:
        """Send what the hub asked of this terminal, a piece after each turn of the orders."""
        self._pieces.clear()
        for part, content in enumerate(pieces, start=1):
            data = DiagnosisData(asked=asked, part=part, parts=len(pieces), content=content)
            self._pieces.append(encode(Diagnosis(**self._envelope(), data=data)))
        self._wake.set()

    def ask(self, question: AskData) -> str | None:
        """Ask the hub while somebody waits; gives the message's id, None where nobody is there.

        A question that cannot be sent now is dropped: later, nobody would wait for it.
        """
        if not self.reachable:
            return None
        message = Ask(**self._envelope(), data=question)
        self._question = encode(message)
        self._wake.set()
        return message.id

    def link_changed(self, change: LinkChange) -> None:
        """Take note that the broker is there or gone."""
        self._online = change.online
        if change.online:
            self._waiting = all_due(self._waiting)
        if change.shut_out and not self._shut_out:
            # The line is good and stays of no use: nobody but the distributor can mend that.
            self._board.signals.beep("error")
        self._shut_out = change.shut_out or (self._shut_out and not change.online)
        self._reachability_changed()

    def deliver(self, topic: str, payload: bytes) -> None:
        """Take in one message of the hub."""
        try:
            message = decode_down(payload)
        except Refusal as error:
            _log.warning("message on %s not understood: %s", topic, error)
            return
        if not isinstance(message, HubStatus):
            self._knowledge.learn_time(message.at, is_fresh=isinstance(message, Config))
        match message:
            case Answer():
                self._answer(message, payload)
            case Notice():
                self._notice(message, payload)
            case Refused():
                self._refused(message, payload)
            case Reply():
                self.on_reply(message)
            case Config() | Recall() | Halt():
                self._obey(message)
            case HubStatus():
                there = message.data.state == "online"
                if there and not self._hub_there:
                    self._waiting = all_due(self._waiting)
                self._hub_there = there
                self._reachability_changed()

    def _obey(self, message: Config | Recall | Halt) -> None:
        """Do what the hub wants of the terminal."""
        match message:
            case Config():
                self._knowledge.learn_config(message.data)
                self.on_config()
            case Recall():
                self._give_back(message)
            case Halt():
                self._halt(message)

    async def run(self, link: Link) -> None:
        """Send what is due, whenever somebody is there to take it."""
        while True:
            self._wake.clear()
            pause_s = None
            if self._online:
                try:
                    await self._send(link)
                except LinkDown as error:
                    _log.info("not sent: %s", error)
                pause_s = self._pause_s()
            try:
                async with asyncio.timeout(pause_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def keep_linked(self, link: Link) -> None:
        """Stay connected until cancelled; a halted machine gives the broker to the first one.

        The broker lets one of them in at a time. The halted one comes for ten seconds a minute, and
        only while orders that it took before wait in it.
        """
        while True:
            if not self._is_done:
                await self._visit(link)
            if not self._is_leaving:
                await asyncio.sleep(_AWAY_S)

    def relink(self) -> None:
        """Leave the broker and come back at once: by another password."""
        self._is_leaving = True

    async def _visit(self, link: Link) -> None:
        """Be connected until the machine is halted and has nothing to send, or had its time."""
        running = asyncio.ensure_future(link.run())
        left_s, self._is_leaving = _VISIT_S, False
        try:
            while left_s > 0 and not self._is_done and not self._is_leaving:
                await asyncio.wait({running}, timeout=_LOOK_S)
                if running.done():
                    running.result()
                    return
                left_s -= _LOOK_S if self._store.halted else 0.0
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    @property
    def _is_done(self) -> bool:
        """Tell whether this machine has to give way, and nothing is left for it to send."""
        return self._store.halted and not self._waiting and not self._remarks

    async def _send(self, link: Link) -> None:
        question, self._question = self._question, None
        if question is not None:
            await link.publish(up(self._terminal, "ask"), question, qos=0)
        while self._remarks:
            remark = self._remarks.popleft()
            try:
                await link.publish(*remark)
            except LinkDown:
                self._remarks.appendleft(remark)
                raise
        if not self._hub_there:
            return
        for item in due(self._waiting, self._clock.mono_ms()):
            stored = self._store.orders.by_seq(item.seq)
            if stored is None or stored.state != "queued":
                self._forget(item.seq)
                continue
            # Put off before it is sent: an answer may come while the broker's ack is awaited.
            later = after_send(item, self._clock.mono_ms(), self._jitter())
            self._waiting = [later if old.seq == item.seq else old for old in self._waiting]
            await link.publish(up(self._terminal, "order"), stored.payload)
            _log.info("order sent", extra={"order": stored.id, "times": later.sent})
        if self._pieces:
            # One of them a turn: an order that comes meanwhile goes first. One that is lost with
            # the line is asked for again.
            await link.publish(up(self._terminal, "log"), self._pieces.popleft())
            self._wake.set()

    def _pause_s(self) -> float | None:
        first = next_due_ms(self._waiting) if self._hub_there else None
        return None if first is None else max(50, first - self._clock.mono_ms()) / 1000

    def _give_back(self, recall: Recall) -> None:
        """Give answered orders back to a hub that has forgotten, as many as one message holds."""
        after = recall.data.after
        orders = self._store.orders.answered_after(after, MAX_KEPT + 1)
        given = give_back(orders, after=after)
        message = Kept(**self._envelope(), ref=recall.id, data=given)
        self._remarks.append((up(self._terminal, "kept"), encode(message)))
        _log.warning("the hub asked for orders again: %d given back", len(given.orders))
        self._wake.set()

    def _halt(self, message: Halt) -> None:
        """Stop selling where this start is named; else take note that another machine had to."""
        if self._store.start in message.data.starts:
            self._store.halt()
        self.on_copied()

    def _is_of_the_other(self, order: str) -> bool:
        """Tell whether an order is the other machine's, which has to hear of it itself."""
        return self._store.halted and self._store.orders.by_id(order) is None

    def _answer(self, message: Answer, payload: bytes) -> None:
        answer = message.data
        if self._is_of_the_other(answer.order):
            return
        stored = self._store.orders.by_id(answer.order)
        if stored is not None and self._knowledge.doubt_time(message.at, stored.submitted_at):
            self.on_doubt()
        kept = NewAnswer(
            answer.order, answer.revision, "answer", answer.status, payload, self._at()
        )
        # An order that was not made here was made on another card of this terminal.
        again = bool(message.again) or stored is None
        self._note_credit(stored, answer, message.at)
        self._take(kept, self._slips.answer(answer, again=again))
        self._acknowledge(message.id, answer.order, answer.revision)

    def _notice(self, message: Notice, payload: bytes) -> None:
        notice = message.data
        if self._is_of_the_other(notice.order):
            return
        kept = NewAnswer(
            notice.order, notice.revision, "notice", notice.status, payload, self._at()
        )
        self._note_credit(self._store.orders.by_id(notice.order), notice.decision, message.at)
        self._take(kept, self._slips.notice(notice, again=bool(message.again)))
        self._acknowledge(message.id, notice.order, notice.revision)

    def _note_credit(
        self, stored: StoredOrder | None, decided: AnswerData | None, at_ms: int
    ) -> None:
        """Note what is left of the credit of the customer whose order was decided."""
        sent = sent_as(stored) if stored is not None else None
        if sent is not None and decided is not None:
            self._board.credit.note(sent.customer, decided.credit_left, at_ms)

    def _refused(self, message: Refused, payload: bytes) -> None:
        refused = message.data
        stored = self._refused_order(message)
        _log.warning(
            "the hub refused a message: %s", refused.text,
            extra={"order": refused.order, "code": refused.code},
        )  # fmt: skip
        if stored is None or stored.state != "queued":
            return
        if refused.numbered_to is not None:
            self._renumber(stored, message)
            return
        kept = NewAnswer(stored.id, 0, "refused", "refused", payload, self._at())
        self._take(kept, self._slips.refused(stored, refused))

    def _renumber(self, stored: StoredOrder, refused: Refused) -> None:
        """Send an order under the next free number: the hub has another one under its own.

        Only the message that was refused is renumbered: the refusal may come more than once.
        """
        message = _order.decode(stored.payload)
        if message.id != refused.ref:
            return
        seq, at = self._free_number(refused.data), self._at()
        number = order_number(self._terminal, seq)
        again = replace(
            message,
            id=uuid7(at, urandom(10)),
            boot=self._store.boot,
            seq=seq,
            at=at,
            data=replace(message.data, number=number),
        )
        new = NewOrder(seq, stored.id, number, encode(again), stored.names, stored.submitted_at)
        self._store.renumber(stored, new)
        self._forget(stored.seq)
        self._slips.answered(stored.seq)
        self.remark(
            "warning",
            "order_renumbered",
            f"order {stored.number} is now {number}: {_WHY.get(refused.data.code, _TAKEN)}",
            order=stored.id,
        )
        self.submitted(seq)

    def _free_number(self, refused: RefusedData) -> int:
        above = refused.numbered_to or 0
        if refused.code == _JUMP:
            return self._store.number_from(above)
        self._store.number_above(above)
        return self._store.next_seq()

    def _refused_order(self, message: Refused) -> StoredOrder | None:
        """Find what was refused: by the order's id, else by the message's."""
        if message.data.order is not None:
            return self._store.orders.by_id(message.data.order)
        for item in self._waiting:
            stored = self._store.orders.by_seq(item.seq)
            if stored is not None and _order.decode(stored.payload).id == message.ref:
                return stored
        return None

    def _take(self, answer: NewAnswer, slip: NewSlip) -> None:
        taken = self._store.orders.take(answer, slip)
        stored = self._store.orders.by_id(answer.order_id)
        if stored is not None:
            self._forget(stored.seq)
            self._slips.answered(stored.seq)
            self._knowledge.order_answered(stored.seq)
        if taken:
            _log.info("answer stored", extra={"order": answer.order_id, "status": answer.status})
            self._slips.on_spooled()
            self._board.answered(answer.order_id)
        self._wake.set()

    def _acknowledge(self, message_id: str, order: str, revision: int) -> None:
        data = AckData(order=order, revision=revision)
        ack = Ack(**self._envelope(), ref=message_id, data=data)
        self._remarks.append((up(self._terminal, "ack"), encode(ack)))
        self._wake.set()

    def _forget(self, seq: int) -> None:
        self._waiting = [item for item in self._waiting if item.seq != seq]

    def _reachability_changed(self) -> None:
        away: Reach = "hub_away" if self._online else "offline"
        if self._shut_out:
            away = "shut_out"
        self._board.link = "online" if self.reachable else away
        if not self.reachable:
            self._slips.hub_left()
            self._question = None
            self.on_unreachable()
        self._board.refresh()
        self._wake.set()

    def _at(self) -> int:
        return self._knowledge.now().at_ms

    def _envelope(self) -> _Sender:
        at = self._at()
        return _Sender(id=uuid7(at, urandom(10)), term=self._terminal, boot=self._store.boot, at=at)
