"""Approvals: what people said of held orders, and what it comes to by the rule pack's routes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from hub.desk.orders.model.verdict import ANYBODY_IN_CHARGE, UNPRICED, Need
from hub.desk.people.model.hands import OWN_HANDS, Hands
from hub.desk.people.model.reporting import Above, Absent, Measure
from rules import (
    ApprovalDecision,
    ApprovalNeed,
    ApprovalRequest,
    ApprovalState,
    OfferTerms,
    approval_state,
)

Word = Literal["yes", "no", "counter"]
_A_MINUTE_MS: Final = 60_000
ANY_OFFER: Final = OfferTerms(smaller=True, payments=("cash", "advance"))
"""What may be offered where the rule pack names nobody who releases: less, or paid ahead."""


MANAGER: Final = "manager_of_requester"
"""The role of whoever is above the person who asked, and may decide as much as it is about."""
NOBODY_ABOVE: Final = Above()
_MEASURES: Final[Mapping[str, Measure]] = {"credit_limit_exceeded": "over_credit"}


@dataclass(frozen=True, slots=True)
class Approver:
    """Who decides: a person, with the roles in which that person may say yes or no.

    `instead` are those for whom that person stands in today.
    """

    name: str
    roles: tuple[str, ...]
    instead: tuple[Absent, ...] = ()


class Turn(NamedTuple):
    """The role in which a person decides next, and instead of whom, empty for nobody."""

    role: str
    instead_of: str = ""


class Said(NamedTuple):
    """What one person said of one need of an order, in a role, at a moment in Unix ms."""

    code: str
    rule: str
    by: str
    role: str
    answer: Word
    content: str
    at: int
    offer: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A held order as its approvers see it: its hash, its needs, who asked, since when.

    `hands` says which names are one person's: whose program asked is who asked.
    """

    content: str
    needs: tuple[ApprovalNeed, ...]
    requester: str
    asked_at: int
    hands: Hands = OWN_HANDS

    def by_person(self, said: Sequence[Said]) -> list[Said]:
        """Name who spoke as the same person was named before: as who asked, or in a word before."""
        known, found = [self.requester], []
        for one in said:
            by, instead = (self.hands.named_as(name, known) for name in (one.by, one.instead_of))
            known.append(by)
            found.append(one._replace(by=by, instead_of=instead))
        return found


def unnamed_need(code: str, amount: int) -> ApprovalNeed:
    """Give the need of a hold that the rule pack names nobody for: whoever is in charge."""
    return ApprovalNeed(code, "", ANYBODY_IN_CHARGE, amount, offer=ANY_OFFER)  # type: ignore[arg-type]


def with_usual_offer(need: ApprovalNeed) -> ApprovalNeed:
    """Give a need with what may be offered instead; where the pack names nobody, anything less."""
    return need if need.rule else need._replace(offer=ANY_OFFER)


def needs_of(kept: Sequence[ApprovalNeed], *, code: str, payable: int) -> tuple[ApprovalNeed, ...]:
    """Give what a held order asks for; where its decision names nobody, whoever is in charge.

    `code` is the first reason of the hold.
    """
    return tuple(map(with_usual_offer, kept)) or (unnamed_need(code, payable),)


def standing_of(
    asked: AskedFor, need: ApprovalNeed, said: Sequence[Said], *, now_ms: int
) -> ApprovalState:
    """Tell where one need of an order stands, by what was said of it so far and by the clock."""
    decisions = [
        ApprovalDecision(
            by=one.by,
            role=one.role,
            answer=one.answer,
            content=one.content,
            after_min=_minutes(one.at - asked.asked_at),
            offer=one.offer,
            instead_of=one.instead_of,
        )
        for one in asked.by_person(said)
        if (one.code, one.rule) == (need.code, need.rule)
    ]
    request = ApprovalRequest(need, asked.content, {"requester": asked.requester})
    return approval_state(request, decisions, _minutes(now_ms - asked.asked_at))


def _minutes(span_ms: int) -> int:
    return max(span_ms, 0) // _A_MINUTE_MS


def minutes_until_expiry(needs: Collection[ApprovalNeed]) -> int | None:
    """Give after how many minutes of silence the first of the needs has ended; None for never."""
    ends = [
        step.after_min for need in needs for step in need.escalations if step.action == "expire"
    ]
    # What is said at that very minute still counts.
    return min(ends) + 1 if ends else None


def minutes_of_silence(needs: Collection[ApprovalNeed]) -> list[int]:
    """Give after how many minutes of silence something changes of the needs."""
    return [
        minute
        for need in needs
        for minute in (
            [step.after_min for step in need.escalations]
            if need.within_min is None or need.otherwise == "wait"
            else [need.within_min]
        )
    ]


def measure_of(need: ApprovalNeed) -> Measure:
    """Say what a need is about, for the ceilings of whoever decides."""
    return _MEASURES.get(need.code, "order_value")


def turn_of(
    state: ApprovalState,
    approver: Approver,
    *,
    asked: AskedFor,
    need: ApprovalNeed,
    above: Above = NOBODY_ABOVE,
) -> Turn | None:
    """Give how a person decides next; None where it is not that person's turn.

    In an own role first; else in that of somebody for whom the person stands in, where the need
    lets others stand in. Nobody stands in for who asked, nor by way of who asked.
    """
    if MANAGER in state.roles and above.name and _same(above.name, approver.name):
        return Turn(MANAGER, above.instead_of)
    open_to = [role for role in state.roles if role != MANAGER]
    own = next((role for role in approver.roles if role in open_to), None)
    if own is not None:
        return Turn(own)
    for one in approver.instead if need.delegate else ():
        by_way = asked.hands.among(asked.requester, (one.name, *one.through))
        role = next((role for role in one.roles if role in open_to), None)
        if role is not None and not by_way:
            return Turn(role, one.name)
    return None


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()


def granted(states: Mapping[Need, ApprovalState]) -> frozenset[Need]:
    """Name the needs that are granted."""
    return frozenset(need for need, state in states.items() if state.state == "granted")


def without_price(needs: Collection[ApprovalNeed]) -> ApprovalNeed | None:
    """Give a need that no approval can meet: nothing is sold without a price."""
    return next((need for need in needs if need.code in UNPRICED), None)


def who_decides(needs: Sequence[ApprovalNeed]) -> list[list[list[str]]]:
    """Give who may release an order: routes of steps, of each of which one role decides.

    A manager or an area manager and then the owner: `[[["manager", "area_manager"], ["owner"]]]`.
    """
    routes = dict.fromkeys(need.steps for need in needs)
    return [[list(step) for step in route] for route in routes]
