"""The thread that decides: takes what is waiting, commits it, answers, and then acknowledges."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from broker.contract import Ack, Ask, Diagnosis, Kept, Log, Order, Status, down, parse_up, up
from broker.embedded import OUT_S
from broker.link.hub_link import Received
from broker.tracing import SpanSink
from hub.desk.terminals.acts import TerminalActs
from hub.desk.terminals.acts.take_orders import RefusedOrder, Reply
from hub.desk.terminals.intake.asides import Asides
from hub.desk.terminals.intake.mailbox import Mailbox
from hub.desk.terminals.intake.rates import RATES, Rates
from hub.desk.terminals.intake.reading import read_message
from hub.desk.terminals.intake.repeats import Repeats
from hub.desk.terminals.intake.retained import Leftovers
from hub.desk.terminals.intake.traced import decided_spans, stored_span
from hub.desk.terminals.model import Outgoing, RefusedMessage
from hub.desk.terminals.store.inbox import Submitted, submitted
from hub.desk.terminals.wire.statuses import Heard

_log = logging.getLogger(__name__)

GROUP: Final = 128
"""How many orders, or other messages that have to be dealt with, a group has at most."""
_WEIGHT: Final = 8
_ACK_WEIGHT: Final = 1
"""An acknowledgement is an eighth of another message: each answer brings one, and where they took
orders' places in a group, half as many orders would share its commit."""
CAPACITY: Final = 8_192
_ROUND_S: Final = 0.5
_ACKS: Final = 1_024
_STATUSES: Final = 64
"""How many statuses are taken together: each may bring 500 answers out of the outbox."""
_ASIDES_S: Final = 0.5
"""How long remarks and refusals wait at most for others, to be kept in one commit with them."""
_FIRST_ASIDE_S: Final = 0.1
"""How long the first of them waits: it may be the first of a flood, and what others order meanwhile
would wait for its commit."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0


class Link(Protocol):
    """What the intake needs of the link."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message to the network thread; False while the link is down."""

    def ack(self, received: Received) -> None:
        """Tell the broker that a message is dealt with."""

    def mute(self, topic: str, for_s: float) -> None:
        """Acknowledge what comes on a topic for a while, without passing it on."""

    def together(self) -> AbstractContextManager[None]:
        """Write what is published and acknowledged meanwhile at one time."""


@dataclass(slots=True)
class _Group:
    """One group of messages, by what has to be done for them."""

    orders: list[tuple[Received, Submitted]] = field(default_factory=list)
    statuses: list[Heard] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)
    others: list[Received] = field(default_factory=list)


class Intake:
    """Owns the deciding thread; `deliver` is called by the link's.

    `is_ours` tells for which terminals this process speaks, where several take orders: what waits
    in the outbox for the others' is theirs to send. `keep_out` has the broker shut its door to a
    terminal that floods it, and says whether that is news: at once, on the link's thread. `spans`
    hears how long each order was decided, and when its answer was stored.
    """

    def __init__(
        self,
        acts: TerminalActs,
        *,
        is_ours: Callable[[str], bool] = lambda _: True,
        keep_out: Callable[[str], bool] = lambda _: False,
        spans: SpanSink | None = None,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._acts = acts
        self._monotonic_s = monotonic_s
        self._spans = spans
        self._is_ours = is_ours
        self._mailbox: Mailbox[Received] = Mailbox(CAPACITY)
        self._keep_out = keep_out
        self._rates = Rates(on_flood=self._end_flood)
        self._flooded: deque[str] = deque()
        self._repeats = Repeats()
        self._asides = Asides()
        self._leftovers = Leftovers()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decide", daemon=True)
        self._link: Link | None = None
        self._waiting_acks: list[Ack] = []
        self._next_round = 0.0
        self._next_asides = 0.0
        self.fault: str | None = None
        self.counts: Counter[str] = Counter()
        """What was dealt with since the start: orders, refusals, statuses, groups."""
        self.deciding_s = 0.0
        """How long the groups of orders took together, commits and answers included."""

    def start(self, link: Link) -> None:
        """Begin to decide what `deliver` brings."""
        self._link = link
        self._thread.start()

    def deliver(self, received: Received) -> None:
        """Take a message from the network thread; what is above its sender's rate goes no further.

        That is acknowledged at once, before older messages: otherwise it would keep the broker from
        passing on what others send. What the broker keeps beside the last word of each terminal is
        cleared from it.
        """
        address = parse_up(received.topic)
        terminal, kind = (address.terminal, address.kind) if address else ("", None)
        if self._leftovers.is_one(received, kind):
            self._the_link().publish(received.topic, b"", retain=True)
        elif not self._leftovers.is_cleared(received):
            if self._rates.admit(terminal, kind, size=len(received.payload)):
                weight = _ACK_WEIGHT if kind == "ack" else _WEIGHT
                self._mailbox.put(received, sender=terminal, weight=weight)
                return
            if kind is not None:
                # No other one of this kind would be admitted before that.
                self._the_link().mute(received.topic, RATES[kind].interval_ms / 1_000)
        self._the_link().ack(received)

    def passed_over(self, topic: str, count: int, size: int) -> None:
        """Count messages that came while their topic was muted, of so many bytes together."""
        address = parse_up(topic)
        if address is not None:
            self._rates.refuse(address.terminal, count, size=size)

    def _end_flood(self, terminal: str) -> None:
        """Have the broker keep a terminal out; whoever decides tells people of it."""
        if self._keep_out(terminal):
            self._flooded.append(terminal)

    def stop(self) -> None:
        """Finish the group at hand and end; what waits stays unacknowledged at the broker."""
        self._stopping.set()
        self._mailbox.close()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Say whether the thread runs."""
        return self._thread.is_alive()

    @property
    def waiting(self) -> int:
        """Count the messages that wait."""
        return len(self._mailbox)

    def _run(self) -> None:
        while not self._stopping.is_set():
            had_asides = bool(self._asides)
            group = self._mailbox.take(GROUP * _WEIGHT, self._patience_s())
            if group:
                self._deal_with(group)
            if self._monotonic_s() >= self._next_round or len(self._waiting_acks) >= _ACKS:
                self._until_done(self._round)
                self._next_round = self._monotonic_s() + _ROUND_S
            self._keep_due_asides(had_asides=had_asides)
        self._report_surplus(last=True)
        self._keep_asides()
        self._once(self._flush_acks)

    def _keep_due_asides(self, *, had_asides: bool) -> None:
        """Keep the remarks and refusals that were gathered, once they have waited for others.

        Without `had_asides` they are new: the first of them waits from now on.
        """
        now_s = self._monotonic_s()
        if not had_asides:
            self._next_asides = max(self._next_asides, now_s + _FIRST_ASIDE_S)
        if self._asides and now_s >= self._next_asides:
            self._keep_asides()
            self._next_asides = self._monotonic_s() + _ASIDES_S

    def _patience_s(self) -> float:
        """Say how long to wait for messages: until what was gathered is due, or the next round."""
        due = self._next_round
        if self._asides:
            due = min(due, self._next_asides)
        return max(due - self._monotonic_s(), 0.0)

    def _until_done(self, work: Callable[[], object]) -> bool:
        """Do the work, again if the database fails: nothing is acknowledged before it is kept."""
        pause_s = _FIRST_PAUSE_S
        while not self._once(work):
            if self._stopping.wait(pause_s):
                return False
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
        return True

    def _once(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:  # noqa: BLE001  # whatever it is, the intake goes on
            # Its kind only: a database error carries rows, and this is shown without sign-in.
            self.fault = type(error).__name__
            _log.exception("not done, will be tried again")
            return False
        self.fault = None
        return True

    def _deal_with(self, received: Sequence[Received]) -> None:
        """Deal with one group: orders first and together, statuses likewise; the rest comes later.

        What is not dealt with because the hub ends stays unacknowledged.
        """
        group = self._sort(received)
        if group.orders and not self._until_done(partial(self._decide, group.orders)):
            return
        for start in range(0, len(group.statuses), _STATUSES):
            self._hear_statuses(group.statuses[start : start + _STATUSES])
        for ask in group.asks:
            self._once(partial(self._answer, ask))
        for piece in group.diagnoses:
            self._once(partial(self._acts.hear_diagnosis, piece))
        for kept in group.kept:
            self._once(partial(self._take_back, kept))
        self._acknowledge(group.others)

    def _answer(self, ask: Ask) -> None:
        """Answer a question; where that fails, whoever asked hears nothing and asks again."""
        self._send([self._acts.answer(ask)])

    def _take_back(self, kept: Kept) -> None:
        """Take back what a terminal gives; what fails is asked for again with a later status."""
        self._acts.hear.gave_back(kept.term)
        taken = self._acts.take_back(kept)
        for refused in taken.refusals:
            self._asides.put(refused)
        self._send(taken.replies)

    def _sort(self, messages: Sequence[Received]) -> _Group:
        """Read a group of messages, and gather what is kept after the orders."""
        group = _Group()
        for received in messages:
            message = read_message(received.topic, received.payload)
            if isinstance(message, Order):
                asked = submitted(message, received.payload)
                if self._repeats.admit(asked.digest):
                    group.orders.append((received, asked))
                    continue
            elif isinstance(message, Status):
                group.statuses.append(Heard(message, received.retained))
            elif isinstance(message, Ask):
                group.asks.append(message)
            elif isinstance(message, Diagnosis):
                group.diagnoses.append(message)
            elif isinstance(message, Kept):
                group.kept.append(message)
            elif isinstance(message, Log | RefusedMessage):
                self._asides.put(message)
            else:
                self._waiting_acks.append(message)
                if self._spans is not None:
                    self._spans.put(stored_span(message, at_ns=time.time_ns()))
            group.others.append(received)
        return group

    def _decide(self, orders: Sequence[tuple[Received, Submitted]]) -> None:
        """Decide, and publish after the commit; what is refused is kept later."""
        began, began_ns = time.monotonic(), time.time_ns()
        payloads = {id(asked): one.payload for one, asked in orders}
        replies: list[Reply] = self._acts.take([asked for _, asked in orders])
        with self._the_link().together():
            self._reply(replies, payloads)
            self._acknowledge([one for one, _ in orders])
        refused = sum(isinstance(reply, RefusedOrder) for reply in replies)
        self.counts.update(orders=len(orders), refused=refused, groups=1)
        self.deciding_s += time.monotonic() - began
        if self._spans is not None:
            asked = [one for _, one in orders]
            for span in decided_spans(asked, replies, began_ns=began_ns, ended_ns=time.time_ns()):
                self._spans.put(span)

    def _reply(self, replies: Sequence[Reply], payloads: Mapping[int, bytes]) -> None:
        """Publish answers; what is refused is kept later, with its bytes where they are at hand."""
        answers: list[Outgoing] = []
        for reply in replies:
            if isinstance(reply, RefusedOrder):
                self._asides.put(_refused(payloads.get(id(reply.asked), b""), reply))
            else:
                answers.append(Outgoing(reply.terminal, "answer", reply.payload, reply.outbox))
        self._send(answers)

    def _decide_put_off(self) -> None:
        """Decide orders that waited for other terminals, and wait no more."""
        due = self._acts.take.due()
        if due:
            self._reply(self._acts.take(due), {})

    def _hear_statuses(self, statuses: Sequence[Heard]) -> None:
        """Take statuses together or, where one of them cannot be taken, each by itself."""
        self.counts["statuses"] += len(statuses)
        if self._once(partial(self._hear_together, statuses)) or len(statuses) == 1:
            return
        for one in statuses:
            self._once(partial(self._hear_together, [one]))

    def _hear_together(self, statuses: Sequence[Heard]) -> None:
        self._send(self._acts.hear.statuses(statuses))

    def _keep_asides(self) -> None:
        """Keep what was gathered, together or, where that cannot be, each by itself."""
        logs, refusals = self._asides.take()
        if logs and not self._once(partial(self._acts.hear.logs, logs)):
            for log in logs:
                self._once(partial(self._acts.hear.logs, [log]))
        if refusals and not self._once(partial(self._refuse, refusals)):
            for refused in refusals:
                self._once(partial(self._refuse, [refused]))

    def _refuse(self, refusals: Sequence[RefusedMessage]) -> None:
        self._send(self._acts.refuse(refusals))

    def _round(self) -> None:
        """Do what is due: acknowledgements together, what waits in the outbox, changed facts."""
        self._flush_acks()
        self._decide_put_off()
        self._acts.renew.take_back()
        waiting = self._ours(self._acts.outbox.due())
        self._acts.outbox.sent([one for one in waiting if self._send([one])])
        self._send(self._ours(self._acts.hear.tell_changes()))
        self._report_surplus()

    def _ours(self, messages: Sequence[Outgoing]) -> list[Outgoing]:
        return [one for one in messages if self._is_ours(one.terminal)]

    def _report_surplus(self, *, last: bool = False) -> None:
        """Gather for people which terminals sent more than they may, and which are kept out."""
        while self._flooded:
            self._asides.put(_kept_out(self._flooded.popleft()))
        for terminal, count in self._rates.take_surplus(last=last).items():
            self._asides.put(_too_many(terminal, count))

    def _flush_acks(self) -> None:
        acks, self._waiting_acks = self._waiting_acks, []
        try:
            if acks:
                self._acts.outbox.acknowledge(acks)
        except Exception:
            self._waiting_acks = acks + self._waiting_acks
            raise

    def _acknowledge(self, messages: Sequence[Received]) -> None:
        link = self._the_link()
        with link.together():
            for received in messages:
                link.ack(received)

    def _send(self, messages: Sequence[Outgoing]) -> bool:
        """Publish to terminals; False if the link is down."""
        link = self._the_link()
        with link.together():
            done = [link.publish(down(one.terminal, one.kind), one.payload) for one in messages]
        return all(done)

    def _the_link(self) -> Link:
        if self._link is None:
            raise AssertionError("the intake was not started")
        return self._link


def _refused(payload: bytes, reply: RefusedOrder) -> RefusedMessage:
    """Write an order that was not taken as what is kept of it."""
    message, why = reply.asked.message, reply.why
    return RefusedMessage(
        message.term,
        up(message.term, "order"),
        payload=payload,
        code=why.code,
        text=why.text,
        order=why.order,
        message=message.id,
        numbered_to=why.numbered_to,
    )


def _too_many(terminal: str, count: int) -> RefusedMessage:
    """Write that a terminal sent more than it may."""
    text = f"{count} messages came faster than a terminal may send, and were not looked at"
    return RefusedMessage(
        terminal, "", payload=b"", code="too_many_messages", text=text, times=count
    )


def _kept_out(terminal: str) -> RefusedMessage:
    """Write that the broker keeps a terminal out."""
    text = f"it floods the broker, which keeps it out for {OUT_S:.0f} s"
    return RefusedMessage(terminal, "", payload=b"", code="kept_out", text=text)
