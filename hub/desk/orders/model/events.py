"""What happens to orders after they were placed, for whoever hears of it in the same commit."""

from dataclasses import dataclass

from hub.desk.orders.model.decide import Decided
from hub.desk.orders.model.life import Status
from hub.desk.orders.model.reasons import Reason
from hub.desk.orders.model.request import Cause, Source
from rules import ApprovalNeed


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """An order has a new revision; `decided` is set where the rules were asked again.

    `requester` is the terminal of an order that came from one, else who placed it. The first
    revision of a terminal's order is not told: that is its answer.
    """

    order: int
    uuid: str
    number: str
    source: Source
    requester: str
    customer: str
    revision: int
    cause: Cause
    status: Status
    changed: bool
    reasons: tuple[Reason, ...]
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class OrdersPlaced:
    """Orders came in, from wherever: said once for all that one transaction placed."""

    uuids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderHeld:
    """An order waits for people since this revision; `needs` are the approvals it asks for."""

    uuid: str
    revision: int
    needs: tuple[ApprovalNeed, ...]


@dataclass(frozen=True, slots=True)
class OrderRedirected:
    """An order's goods go to another address; its content and its revision are as they were.

    `ship_to` is the row of the address, None for the customer's own; `code` is what it is called.
    """

    order: int
    uuid: str
    revision: int
    status: Status
    ship_to: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that was not done, and why, in a code with its parameters."""

    reason: Reason
