"""The thread that decides: takes what is waiting, commits it, answers, and then acknowledges."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

from broker.contract import Ack, Log, Order, Status, down
from broker.link.hub_link import Received
from hub.base.changes import Changes
from hub.intake.mailbox import Mailbox
from hub.intake.reading import read_message
from hub.intake.services import WireServices
from hub.services.decide_orders import Answered, Reply, Submitted, submitted
from hub.services.hear_terminals import Heard
from hub.services.outbox import Outgoing
from hub.services.refuse_message import RefusedMessage

_log = logging.getLogger(__name__)

GROUP: Final = 256
CAPACITY: Final = 8_192
_ROUND_S: Final = 0.5
_ACKS: Final = 256
_STATUSES: Final = 64
"""How many statuses are taken together: each may bring 500 answers out of the outbox."""
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 5.0


class Link(Protocol):
    """What the intake needs of the link."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        """Hand a message to the network thread; False while the link is down."""

    def ack(self, received: Received) -> None:
        """Tell the broker that a message is dealt with."""


class Intake:
    """Owns the deciding thread; `deliver` is called by the link's."""

    def __init__(self, services: WireServices, changes: Changes) -> None:
        self._services = services
        self._changes = changes
        self._mailbox: Mailbox[Received] = Mailbox(CAPACITY)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decide", daemon=True)
        self._link: Link | None = None
        self._acks: list[Ack] = []
        self._next_round = 0.0
        self.fault: str | None = None

    def start(self, link: Link) -> None:
        """Begin to decide what `deliver` brings."""
        self._link = link
        self._thread.start()

    def deliver(self, received: Received) -> None:
        """Take a message from the network thread."""
        self._mailbox.put(received)

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
            group = self._mailbox.take(GROUP, _ROUND_S)
            if group:
                self._until_done(partial(self._take, group))
            if time.monotonic() >= self._next_round or len(self._acks) >= _ACKS:
                self._until_done(self._round)
                self._next_round = time.monotonic() + _ROUND_S
        self._once(self._flush_acks)

    def _until_done(self, work: Callable[[], object]) -> None:
        """Do the work, again if the database fails: nothing is acknowledged before it is kept."""
        pause_s = _FIRST_PAUSE_S
        while not self._once(work) and not self._stopping.wait(pause_s):
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

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

    def _take(self, group: Sequence[Received]) -> None:
        """Deal with one group: orders first and together, statuses likewise, then the rest."""
        orders: list[tuple[Received, Submitted]] = []
        statuses: list[Heard] = []
        others: list[Ack | Log | RefusedMessage] = []
        for received in group:
            message = read_message(received.topic, received.payload)
            if isinstance(message, Order):
                orders.append((received, submitted(message, received.payload)))
            elif isinstance(message, Status):
                statuses.append(Heard(message, received.retained))
            else:
                others.append(message)
        if orders:
            self._decide(orders)
        for start in range(0, len(statuses), _STATUSES):
            self._hear_statuses(statuses[start : start + _STATUSES])
        for message in others:
            self._once(partial(self._hear_and_send, message))
        link = self._the_link()
        for received in group:
            link.ack(received)

    def _decide(self, orders: Sequence[tuple[Received, Submitted]]) -> None:
        """Decide, and publish after the commit."""
        payloads = {id(asked): received for received, asked in orders}
        replies: list[Reply] = self._services.decide([asked for _, asked in orders])
        for reply in replies:
            if isinstance(reply, Answered):
                self._send([Outgoing(reply.terminal, "answer", reply.payload, reply.outbox)])
                continue
            received, message = payloads[id(reply.asked)], reply.asked.message
            refused = RefusedMessage(
                message.term,
                received.topic,
                payload=received.payload,
                code=reply.why.code,
                text=reply.why.text,
                order=reply.why.order,
                message=message.id,
            )
            self._once(partial(self._refuse_and_send, refused))
        self._changes.publish("orders")
        self._changes.publish("stock")

    def _hear_statuses(self, statuses: Sequence[Heard]) -> None:
        """Take statuses together or, where one of them cannot be taken, each by itself."""
        if self._once(partial(self._hear_together, statuses)) or len(statuses) == 1:
            return
        for one in statuses:
            self._once(partial(self._hear_together, [one]))

    def _hear_together(self, statuses: Sequence[Heard]) -> None:
        self._send(self._services.hear.statuses(statuses))

    def _hear_and_send(self, message: Ack | Log | RefusedMessage) -> None:
        self._send(self._hear(message))

    def _refuse_and_send(self, refused: RefusedMessage) -> None:
        self._send(self._refuse(refused))

    def _hear(self, message: Ack | Log | RefusedMessage) -> Sequence[Outgoing]:
        """Deal with what is neither order nor status; gives what to send back."""
        match message:
            case Ack():
                self._acks.append(message)
                return ()
            case Log():
                self._services.hear.log(message)
                return ()
            case RefusedMessage():
                return self._refuse(message)

    def _refuse(self, refused: RefusedMessage) -> Sequence[Outgoing]:
        answer = self._services.refuse(refused)
        return [answer] if answer is not None else ()

    def _round(self) -> None:
        """Do what is due: acknowledgements together, what waits in the outbox, changed facts."""
        self._flush_acks()
        self._services.hear.take_back()
        waiting = self._services.outbox.due()
        self._services.outbox.sent([one for one in waiting if self._send([one])])
        self._send(self._services.hear.tell_changes())

    def _flush_acks(self) -> None:
        acks, self._acks = self._acks, []
        try:
            if acks:
                self._services.outbox.acknowledge(acks)
        except Exception:
            self._acks = acks + self._acks
            raise

    def _send(self, messages: Sequence[Outgoing]) -> bool:
        """Publish to terminals; False if the link is down."""
        link = self._the_link()
        done = [link.publish(down(one.terminal, one.kind), one.payload) for one in messages]
        return all(done)

    def _the_link(self) -> Link:
        if self._link is None:
            raise AssertionError("the intake was not started")
        return self._link
