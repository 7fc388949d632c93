"""Rules about who may buy on account, who releases what is held, and which batches leave."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from rules.engine.expressions import Condition
from rules.engine.inputs import Gate, LimitState
from rules.engine.result import Escalation, OfferTerms
from rules.values.units import Minor, Rate

CreditPart = Literal["total", "open_orders", "deliveries", "invoices", "cheques"]
"""What a credit rule may set a limit to: the whole exposure or a part of it."""


_NO_RATE: Final = Rate(0)


@dataclass(frozen=True, slots=True)
class LimitRule:
    """The credit limit of customers who have none of their own."""

    id: str
    state: LimitState
    limit: Minor


@dataclass(frozen=True, slots=True)
class GateRule:
    """At which gates a customer's credit is checked."""

    id: str
    checks: frozenset[Gate]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """What happens at its gates where its condition holds, which asks for the facts `asks`.

    `routes` are the approvals that release it: the first of them that holds. `text` is what people
    read of it, where it differs by language as pairs: `[["en", "late"], ["hi", ...]]`.
    `require` is what has to be done before `allow_if` allows; `overdue_limit` what may be overdue;
    `ceiling` what a part of the exposure may come to, and the rule holds only above it.
    """

    id: str
    then: Literal["stop", "approve", "allow_if", "allow"]
    routes: tuple[str, ...]
    text: str | list[Any]
    asks: frozenset[str]
    condition: Condition | None
    gates: frozenset[Gate]
    require: tuple[str, ...] = ()
    overdue_limit: Minor | None = None
    ceiling: tuple[CreditPart, Minor] | None = None


@dataclass(frozen=True, slots=True)
class ApprovalLevel:
    """Who may release up to an amount, None is any, and what happens where nobody does in time.

    Each of `steps` needs one of its roles, one step after another. With `delegate` somebody may
    stand in for who decides.
    """

    steps: tuple[tuple[str, ...], ...]
    up_to: Minor | None
    within_min: int | None
    otherwise: Literal["wait", "next", "reject"]
    delegate: bool = True
    escalations: tuple[Escalation, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who releases an order held for one of the reason codes, or by a credit rule's route.

    It holds where its condition does, which asks for the facts `asks`. `never` names those who may
    not decide, `offer` what may be offered instead of a yes.
    """

    id: str
    codes: frozenset[str]
    levels: tuple[ApprovalLevel, ...]
    asks: frozenset[str] = frozenset()
    condition: Condition | None = None
    never: tuple[str, ...] = ("requester",)
    offer: OfferTerms | None = None


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """How batches are picked, and what happens to what stock does not allow.

    `min_life` is the share of its shelf life that a batch must have left. `warehouses` stand in
    for the pack's; `biggest_first` takes the one with the most of the product, `nearest` the one
    nearest to the customer. `whole_order` refuses an order of which any line is short. `manual`
    says whether a line may name a batch that is not the next: always, with a reason, or never.
    What is on back-order waits for `wait_days` and comes to at most `backorder_most` pieces a line,
    None is without end; what is above is cut. `safety` pieces of each product stay on the shelf.
    With the pick `none` nobody keeps the product: no batch is asked for, and nothing is short.
    """

    id: str
    pick: Literal["fefo", "fifo", "lifo", "none"]
    min_life_days: int
    split: bool
    short: Literal["cut", "backorder", "refuse"]
    min_life: Rate = _NO_RATE
    warehouses: tuple[str, ...] | None = None
    biggest_first: bool = False
    whole_order: bool = False
    nearest: bool = False
    manual: Literal["allow", "reason", "refuse"] = "reason"
    wait_days: int | None = None
    backorder_most: int | None = None
    safety: int = 0
