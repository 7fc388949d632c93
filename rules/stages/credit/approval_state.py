"""The state of an approval: what the decisions so far and the time passed have come to.

Pure over the request, the decisions in their order and the minutes that have passed. Whoever counts
the minutes leaves out those in which nobody works. Time tells others, hands on or ends; it never
says yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from unicodedata import normalize

from rules.engine.result import ApprovalNeed
from rules.language.vocabulary import NEVER_DECIDE

_Steps = list[tuple[str, ...]]
_Timed = tuple[int, Literal["notify", "reassign", "expire"], _Steps]

FINAL: Final = frozenset({"granted", "refused", "countered", "expired"})
"""States in which nobody decides any more."""


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """What is asked of whom.

    `content` is the `content_hash` of the order that is to be released; `people` are the persons
    who are to it what the need's `never` names, such as its requester.
    """

    need: ApprovalNeed
    content: str
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApprovalDecision:
    """What one person said in a role, `after_min` minutes after it was asked for.

    `content` is the hash of the order as that person saw it. `instead_of` names the person whom it
    stands in for, `offer` the hash of the order that a counter-offer would make of it.
    """

    by: str
    role: str
    answer: Literal["yes", "no", "counter"]
    content: str
    after_min: int
    instead_of: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """Where an approval stands.

    `roles` are those of which one decides next, none where nobody does any more. `notified` are
    the roles that are to be told by now. `void` names the decisions that count for nothing, by
    their place, and why. `next_min` is the minute after which time changes something, if it does.
    """

    state: Literal["waiting", "escalated", "granted", "refused", "countered", "expired"]
    roles: tuple[str, ...]
    notified: tuple[str, ...]
    void: tuple[tuple[int, str], ...]
    next_min: int | None


def approval_state(
    request: ApprovalRequest, decisions: Sequence[ApprovalDecision], waited_min: int
) -> ApprovalState:
    """Tell where an approval stands `waited_min` minutes after it was asked for.

    A decision counts where it is of the order as it is now, by a person of a role that is asked,
    who neither asked for it nor has said yes before, and before time ended it. One at the very
    minute of an escalation comes before it.
    """
    course = _Course(request)
    for place, decision in enumerate(decisions):
        course.pass_time(decision.after_min)
        course.decide(place, decision)
    course.pass_time(waited_min)
    return course.state()


class _Course:
    """What has happened so far."""

    def __init__(self, request: ApprovalRequest) -> None:
        need = request.need
        self._request = request
        # Whatever a need says, who asks does not decide.
        never = {*need.never, NEVER_DECIDE[0]}
        self._barred = {_person(request.people.get(name, "")) for name in never} - {""}
        self._open: _Steps = list(need.steps)
        self._ahead = _timed(need)
        self._approvers: set[str] = set()
        self._notified: dict[str, None] = {}
        self._void: list[tuple[int, str]] = []
        self._state: Literal["waiting", "escalated", "granted", "refused", "countered", "expired"]
        self._state = "waiting"

    def pass_time(self, minute: int) -> None:
        """Let happen what follows silence until a minute."""
        while self._ahead and self._ahead[0][0] < minute and self._state not in FINAL:
            _, action, steps = self._ahead.pop(0)
            if action == "expire":
                self._state = "expired"
            elif action == "notify":
                self._notified.update(dict.fromkeys(role for step in steps for role in step))
            else:
                self._open = list(steps)
                self._state = "escalated"

    def decide(self, place: int, decision: ApprovalDecision) -> None:
        """Let a decision count, or note why it does not."""
        why = self._objection(decision)
        if why is not None:
            self._void.append((place, why))
        elif decision.answer == "no":
            self._state = "refused"
        elif decision.answer == "counter" and decision.offer != self._request.content:
            self._state = "countered"
        else:
            self._approvers |= _persons(decision)
            self._open.pop(0)
            if not self._open:
                self._state = "granted"

    def _objection(self, decision: ApprovalDecision) -> str | None:
        need, content = self._request.need, self._request.content
        offered = decision.answer == "counter"
        objections = {
            "decided_already": self._state in FINAL,
            # What was offered is the order now: the offer is a yes to it.
            "order_changed": content != decision.content
            and not (offered and decision.offer == content),
            "self_approval": not self._barred.isdisjoint(_persons(decision)),
            "said_yes_already": not self._approvers.isdisjoint(_persons(decision)),
            "no_stand_in": bool(decision.instead_of) and not need.delegate,
            "role_not_asked": not self._open or decision.role not in self._open[0],
            "no_offer_allowed": offered and need.offer is None,
        }
        return next((why for why, holds in objections.items() if holds), None)

    def state(self) -> ApprovalState:
        """Write down where it stands."""
        is_final = self._state in FINAL
        return ApprovalState(
            state=self._state,
            roles=() if is_final else self._open[0],
            notified=tuple(self._notified),
            void=tuple(self._void),
            next_min=self._ahead[0][0] if self._ahead and not is_final else None,
        )


def _persons(decision: ApprovalDecision) -> set[str]:
    return {_person(decision.by), _person(decision.instead_of)} - {""}


def _person(name: str) -> str:
    """Give what all ways to write one person's name have in common."""
    return normalize("NFKC", name).casefold()


def _timed(need: ApprovalNeed) -> list[_Timed]:
    """Give what follows silence, by when; a time to decide by is a short way to say it."""
    if need.within_min is None or need.otherwise == "wait":
        return [(step.after_min, step.action, [step.roles]) for step in need.escalations]
    if need.otherwise == "next":
        return [(need.within_min, "reassign", list(need.next_steps))]
    return [(need.within_min, "expire", [])]
