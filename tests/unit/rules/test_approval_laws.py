"""Laws of approvals, over any decisions at any time."""

from hypothesis import given
from hypothesis import strategies as st

from rules import (
    ApprovalDecision,
    ApprovalNeed,
    ApprovalRequest,
    Escalation,
    Minor,
    OfferTerms,
    approval_state,
)

ROLES = st.sampled_from(["clerk", "head", "boss"])
PERSONS = st.sampled_from(["anna", "bela", "cara", "rani"])
STEPS = st.lists(st.lists(ROLES, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3)
ESCALATIONS = st.lists(
    st.builds(
        Escalation,
        after_min=st.integers(1, 20),
        action=st.sampled_from(["notify", "reassign"]),
        roles=ROLES.map(lambda role: (role,)),
    ),
    max_size=3,
    unique_by=lambda step: step.after_min,
).map(lambda steps: tuple(sorted(steps)))
NEEDS = st.builds(
    ApprovalNeed,
    code=st.just("cash_only"),
    rule=st.just("DESK"),
    steps=STEPS.map(tuple),
    amount=st.just(Minor(1)),
    within_min=st.none(),
    otherwise=st.just("wait"),
    next_steps=st.just(()),
    require=st.just(()),
    never=st.just(()),
    delegate=st.booleans(),
    escalations=ESCALATIONS,
    offer=st.none() | st.just(OfferTerms(smaller=True)),
)
DECISIONS = st.lists(
    st.builds(
        ApprovalDecision,
        by=PERSONS,
        role=ROLES,
        answer=st.sampled_from(["yes", "yes", "yes", "no", "counter"]),
        content=st.sampled_from(["now", "now", "now", "before"]),
        after_min=st.integers(0, 25),
        instead_of=st.just("") | PERSONS,
        offer=st.sampled_from(["later", "now"]),
    ),
    max_size=6,
).map(lambda decisions: sorted(decisions, key=lambda one: one.after_min))


def _request(need: ApprovalNeed) -> ApprovalRequest:
    return ApprovalRequest(need, "now", {"requester": "rani"})


@given(need=NEEDS, decisions=DECISIONS, waited=st.integers(0, 30))
def test_what_is_granted_was_said_by_different_people_and_never_by_who_asked(
    need: ApprovalNeed, decisions: list[ApprovalDecision], waited: int
) -> None:
    state = approval_state(_request(need), decisions, waited)

    void = {place for place, _ in state.void}
    counted = [one for place, one in enumerate(decisions) if place not in void]
    people = [name for one in counted for name in (one.by, one.instead_of) if name]
    if state.state == "granted":
        assert counted
        assert "rani" not in people
        assert all("now" in {one.content, one.offer} for one in counted)
        assert len({one.by for one in counted}) == len(counted)


@given(need=NEEDS, waited=st.integers(0, 10**6))
def test_time_alone_grants_and_refuses_nothing(need: ApprovalNeed, waited: int) -> None:
    assert approval_state(_request(need), [], waited).state in {"waiting", "escalated", "expired"}


@given(need=NEEDS, decisions=DECISIONS, more=st.integers(0, 30))
def test_what_is_decided_stays_decided(
    need: ApprovalNeed, decisions: list[ApprovalDecision], more: int
) -> None:
    last = max((one.after_min for one in decisions), default=0)
    early = approval_state(_request(need), decisions, last)
    late = approval_state(_request(need), decisions, last + more)

    if early.state in {"granted", "refused", "countered", "expired"}:
        assert late == early


@given(need=NEEDS, decisions=DECISIONS, waited=st.integers(0, 30))
def test_void_decisions_change_nothing(
    need: ApprovalNeed, decisions: list[ApprovalDecision], waited: int
) -> None:
    state = approval_state(_request(need), decisions, waited)

    void = {place for place, _ in state.void}
    counted = [one for place, one in enumerate(decisions) if place not in void]
    # The last of the void ones may have let time pass, which the waiting does by itself.
    last = max((one.after_min for one in decisions), default=0)
    again = approval_state(_request(need), counted, max(waited, last))
    fresh = approval_state(_request(need), decisions, max(waited, last))
    assert (again.state, again.roles, again.notified) == (fresh.state, fresh.roles, fresh.notified)
