"""Where an approval stands: who said what, on which order, how long ago, and what counts."""

from dataclasses import replace
from typing import Literal

import pytest

from rules import (
    ApprovalDecision,
    ApprovalNeed,
    ApprovalRequest,
    ApprovalState,
    Escalation,
    Minor,
    OfferTerms,
    Order,
    OrderLine,
    Quantity,
    approval_state,
    content_hash,
    offer_faults,
)
from tests.unit.rules.making import TODAY, Setting, words_of

ORDER, CHANGED = "hash of the order", "hash of another"
NEED = ApprovalNeed("credit_limit_exceeded", "DESK", (("clerk", "desk"),), Minor(100))
TWO = NEED._replace(steps=(("clerk",), ("head",)))
ESCALATED = NEED._replace(
    escalations=(
        Escalation(60, "notify", ("manager",)),
        Escalation(120, "reassign", ("head",)),
        Escalation(240, "expire"),
    )
)
YES = ApprovalDecision("anna", "clerk", "yes", ORDER, after_min=10)


def _state(
    need: ApprovalNeed, *decisions: ApprovalDecision, after: int = 30, salesperson: str = ""
) -> ApprovalState:
    people = {"requester": "rani", "salesperson": salesperson}
    request = ApprovalRequest(need, ORDER, people)
    return approval_state(request, decisions, after)


def test_it_waits_for_the_roles_of_its_step() -> None:
    state = _state(NEED)

    assert (state.state, state.roles, state.next_min) == ("waiting", ("clerk", "desk"), None)


@pytest.mark.parametrize("role", ["clerk", "desk"])
def test_one_yes_of_any_of_the_roles_grants_it(role: str) -> None:
    state = _state(NEED, replace(YES, role=role))

    assert (state.state, state.roles, state.void) == ("granted", (), ())


def test_one_no_refuses_it() -> None:
    assert _state(TWO, YES, replace(YES, by="bela", role="head", answer="no")).state == "refused"


def test_steps_follow_each_other() -> None:
    head = replace(YES, by="bela", role="head")

    assert _state(TWO, YES).roles == ("head",)
    assert _state(TWO, head).void == ((0, "role_not_asked"),)
    assert _state(TWO, YES, head).state == "granted"


def test_nobody_says_yes_twice_whatever_their_roles() -> None:
    state = _state(TWO, YES, replace(YES, role="head"))

    assert (state.state, state.roles, state.void) == (
        "waiting",
        ("head",),
        ((1, "said_yes_already"),),
    )


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_who_placed_the_order_never_decides_on_it(answer: str) -> None:
    own = replace(YES, by="rani", answer=answer)  # type: ignore[arg-type]

    state = _state(NEED, own)

    assert (state.state, state.void) == ("waiting", ((0, "self_approval"),))


@pytest.mark.parametrize("name", ["Rani", "RANI", "\uff52\uff41\uff4e\uff49"])
def test_one_person_written_in_two_ways_is_one_person(name: str) -> None:
    twice = (YES, replace(YES, by=YES.by.upper(), role="head"))

    own = _state(NEED, replace(YES, by=name))
    again = _state(TWO, *twice)

    assert (own.state, own.void) == ("waiting", ((0, "self_approval"),))
    assert again.void == ((1, "said_yes_already"),)


def test_others_may_be_kept_from_deciding_too() -> None:
    never = NEED._replace(never=("requester", "salesperson"))

    assert _state(never, YES, salesperson="anna").void == ((0, "self_approval"),)
    assert _state(NEED, YES, salesperson="anna").state == "granted"


def test_an_order_without_a_known_requester_can_be_decided() -> None:
    request = ApprovalRequest(NEED, ORDER)

    assert approval_state(request, [replace(YES, by="")], 30).state == "granted"


def test_a_decision_on_another_content_of_the_order_is_void() -> None:
    state = _state(NEED, replace(YES, content=CHANGED))

    assert (state.state, state.void) == ("waiting", ((0, "order_changed"),))


def test_nothing_is_decided_twice() -> None:
    state = _state(NEED, YES, replace(YES, by="bela", answer="no"))

    assert (state.state, state.void) == ("granted", ((1, "decided_already"),))


def test_somebody_may_stand_in_and_counts_for_both() -> None:
    stand_in = replace(YES, by="cara", instead_of="anna")

    assert _state(NEED, stand_in).state == "granted"
    assert _state(NEED._replace(delegate=False), stand_in).void == ((0, "no_stand_in"),)
    assert _state(TWO, stand_in, replace(YES, role="head")).void == ((1, "said_yes_already"),)
    assert _state(TWO, YES, replace(stand_in, role="head")).void == ((1, "said_yes_already"),)
    assert _state(NEED, replace(stand_in, instead_of="rani")).void == ((0, "self_approval"),)


@pytest.mark.parametrize(
    ("after", "state", "roles", "notified", "next_min"),
    [
        (0, "waiting", ("clerk", "desk"), (), 60),
        (60, "waiting", ("clerk", "desk"), (), 60),
        (61, "waiting", ("clerk", "desk"), ("manager",), 120),
        (121, "escalated", ("head",), ("manager",), 240),
        (240, "escalated", ("head",), ("manager",), 240),
        (241, "expired", (), ("manager",), None),
        (10**9, "expired", (), ("manager",), None),
    ],
)
def test_silence_tells_others_then_hands_on_then_ends_it(
    after: int, state: str, roles: tuple[str, ...], notified: tuple[str, ...], next_min: int | None
) -> None:
    found = _state(ESCALATED, after=after)

    assert (found.state, found.roles, found.notified) == (state, roles, notified)
    assert found.next_min == next_min


@pytest.mark.parametrize(
    ("role", "minute", "state", "void"),
    [
        ("clerk", 120, "granted", ()),
        ("clerk", 121, "escalated", ((0, "role_not_asked"),)),
        ("head", 120, "waiting", ((0, "role_not_asked"),)),
        ("head", 121, "granted", ()),
        ("head", 240, "granted", ()),
        ("head", 241, "expired", ((0, "decided_already"),)),
    ],
)
def test_a_decision_counts_for_the_roles_that_are_asked_at_its_minute(
    role: str, minute: int, state: str, void: tuple[tuple[int, str], ...]
) -> None:
    found = _state(ESCALATED, replace(YES, role=role, after_min=minute), after=minute)

    assert (found.state, found.void) == (state, void)


def test_time_never_says_yes() -> None:
    for need in (NEED, TWO, ESCALATED, TWO._replace(within_min=5, otherwise="reject")):
        assert _state(need, after=10**9).state != "granted"
        assert _state(TWO, YES, after=10**9).state != "granted"


def test_what_was_granted_in_time_stays_granted() -> None:
    assert _state(ESCALATED, YES, after=10**9).state == "granted"


def test_a_yes_before_it_is_handed_on_keeps_counting_for_its_step() -> None:
    need = TWO._replace(escalations=(Escalation(60, "reassign", ("owner",)),))

    state = _state(need, YES, after=61)
    again = _state(need, YES, replace(YES, role="owner", after_min=70), after=71)

    assert (state.state, state.roles) == ("escalated", ("owner",))
    assert again.void == ((1, "said_yes_already"),)


@pytest.mark.parametrize(
    ("otherwise", "after", "state", "roles"),
    [
        ("wait", 1000, "waiting", ("clerk", "desk")),
        ("next", 240, "waiting", ("clerk", "desk")),
        ("next", 241, "escalated", ("head",)),
        ("reject", 240, "waiting", ("clerk", "desk")),
        ("reject", 241, "expired", ()),
    ],
)
def test_a_time_to_decide_by_is_a_short_way_to_say_what_follows(
    otherwise: Literal["wait", "next", "reject"], after: int, state: str, roles: tuple[str, ...]
) -> None:
    need = NEED._replace(within_min=240, otherwise=otherwise, next_steps=(("head",), ("boss",)))

    found = _state(need, after=after)

    assert (found.state, found.roles) == (state, roles)


OFFER = replace(YES, answer="counter", offer=CHANGED)
OFFERING = TWO._replace(offer=OfferTerms(smaller=True))


def test_a_counter_offer_ends_the_approval_of_this_content() -> None:
    assert _state(OFFERING, OFFER).state == "countered"
    assert _state(OFFERING, OFFER, replace(YES, by="bela")).void == ((1, "decided_already"),)


def test_nobody_offers_what_the_approval_does_not_allow() -> None:
    assert _state(TWO, OFFER).void == ((0, "no_offer_allowed"),)


def test_an_offer_that_the_shop_took_is_a_yes_to_it() -> None:
    request = ApprovalRequest(OFFERING, CHANGED, {"requester": "rani"})
    head = replace(YES, by="bela", role="head")

    waiting = approval_state(request, [OFFER], 30)
    stale = approval_state(request, [OFFER, head], 30)
    granted = approval_state(request, [OFFER, replace(head, content=CHANGED)], 30)

    assert (waiting.state, waiting.roles) == ("waiting", ("head",))
    assert stale.void == ((1, "order_changed"),)
    assert granted.state == "granted"


ASKED = Order(
    "O1",
    "C1",
    TODAY,
    (OrderLine(1, "A", Quantity(10)), OrderLine(2, "B", Quantity(4), batch="X")),
)


def _with(*quantities: int, **changes: str) -> Order:
    pairs = zip(ASKED.lines, quantities, strict=False)
    lines = tuple(replace(line, quantity=Quantity(n)) for line, n in pairs if n)
    return replace(ASKED, lines=lines, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("offered", "terms", "faults"),
    [
        (_with(9, 4), OfferTerms(smaller=True), ()),
        (_with(10), OfferTerms(smaller=True), ()),
        (_with(11, 4), OfferTerms(smaller=True), ("line 1 is larger than was asked for",)),
        (_with(9, 4), OfferTerms(False, ("cash",)), ("quantities may not be changed",)),
        (_with(10, 4, payment="cash"), OfferTerms(False, ("cash",)), ()),
        (
            _with(10, 4, payment="cash"),
            OfferTerms(True, ("advance",)),
            ("payment by cash may not be offered",),
        ),
        (_with(10, 4), OfferTerms(smaller=True), ("it changes nothing: say yes instead",)),
        (_with(), OfferTerms(smaller=True), ("nothing is left of it: refuse it instead",)),
        (_with(9, 4, id="O2"), OfferTerms(smaller=True), ("it is another order",)),
        (_with(9, 4, customer="C2"), OfferTerms(smaller=True), ("it is another order",)),
        (
            replace(ASKED, lines=(OrderLine(3, "A", Quantity(1)),)),
            OfferTerms(smaller=True),
            ("line 3 was not asked for",),
        ),
        (
            replace(ASKED, lines=(OrderLine(2, "B", Quantity(1)),)),
            OfferTerms(smaller=True),
            ("line 2 was not asked for",),
        ),
    ],
)
def test_an_offer_stays_within_what_the_approval_allows(
    offered: Order, terms: OfferTerms, faults: tuple[str, ...]
) -> None:
    found = offer_faults(ASKED, offered, terms)

    assert tuple(words_of(fault) for fault in found) == faults


@pytest.mark.parametrize(
    "changed",
    [
        _with(9, 4),
        _with(10),
        _with(10, 4, payment="cash"),
        _with(10, 4, customer="C2"),
        replace(ASKED, lines=(ASKED.lines[0], replace(ASKED.lines[1], batch=None))),
    ],
)
def test_any_change_of_an_order_is_another_content(changed: Order) -> None:
    assert content_hash(changed, "price") != content_hash(ASKED, "price")


def test_a_change_of_its_price_is_another_content_and_its_day_alone_is_not() -> None:
    tomorrow = replace(ASKED, business_date=TODAY.replace(day=2))

    assert content_hash(ASKED, "price") != content_hash(ASKED, "other")
    assert content_hash(ASKED, "price") == content_hash(tomorrow, "price")


def test_the_content_is_bound_to_what_the_decision_shows() -> None:
    setting = Setting()
    cheap = replace(setting, rules=setting.rules.replace("A: 10.00", "A: 9.99"))

    hashes = {
        content_hash(one.order(("A", 1)), one.decide(("A", 1)).price_hash)
        for one in (setting, cheap)
    }

    assert len(hashes) == 2
