"""Cancel an order: give back all it holds, and tell its terminal."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from broker.contract import Notice, NoticeData, OrderStatus, Reason, encode
from hub.base.changes import Changes
from hub.base.clock import Clock
from hub.base.ids import Ids
from hub.domain.order_life import check_transition

_LONGEST_REASON: Final = 300


class OrderNotFoundError(Exception):
    """There is no order of that id."""


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order as it stands; `id` is its row's."""

    id: int
    uuid: str
    terminal: str
    number: str
    status: OrderStatus
    revision: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What to write of a cancellation."""

    order: StoredOrder
    revision: int
    notice: bytes
    actor: str
    reason: str
    now_ms: int


class CancelUnit(Protocol):
    """One transaction that cancels; leaving it without `commit` keeps nothing."""

    def lock(self, uuid: str) -> StoredOrder | None:
        """Read an order under lock."""

    def give_back(self, order: StoredOrder) -> None:
        """Release its batches, its exposure and what it used of schemes."""

    def write(self, cancelled: Cancelled) -> None:
        """Write status, timeline and notice."""

    def commit(self) -> None:
        """Keep everything."""


class OpenCancel(Protocol):
    """Opens transactions that cancel."""

    def __call__(self) -> AbstractContextManager[CancelUnit]:
        """Open one."""


@dataclass(slots=True)
class CancelOrder:
    """The use case, with what it needs; the notice is sent from the outbox, by whoever serves."""

    units: OpenCancel
    clock: Clock
    ids: Ids
    changes: Changes
    boot: int

    def __call__(self, uuid: str, *, reason: str, actor: str) -> int:
        """Cancel an order and give its new revision.

        Raises OrderNotFoundError, or TransitionError where it cannot be cancelled any more.
        """
        now_ms = self.clock.now_ms()
        reason = reason.strip()[:_LONGEST_REASON] or "no reason given"
        with self.units() as unit:
            order = unit.lock(uuid)
            if order is None:
                raise OrderNotFoundError(f"there is no order {uuid}")
            check_transition(order.status, "cancelled")
            revision = order.revision + 1
            unit.give_back(order)
            notice = self._notice(order, revision, reason=reason, now_ms=now_ms)
            unit.write(
                Cancelled(order, revision, notice, actor=actor, reason=reason, now_ms=now_ms)
            )
            unit.commit()
        self.changes.publish("orders")
        self.changes.publish("stock")
        return revision

    def _notice(self, order: StoredOrder, revision: int, *, reason: str, now_ms: int) -> bytes:
        """Write what the terminal is told."""
        return encode(
            Notice(
                id=self.ids(now_ms),
                term=order.terminal,
                boot=self.boot,
                at=now_ms,
                data=NoticeData(
                    order=order.uuid,
                    number=order.number,
                    revision=revision,
                    status="cancelled",
                    reasons=[
                        Reason(code="cancelled", text=f"cancelled by the distributor: {reason}")
                    ],
                ),
            )
        )
