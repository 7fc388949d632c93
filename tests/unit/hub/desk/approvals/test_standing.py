"""Where an approval stands, by what people said of a held order and by the clock."""

import pytest

from hub.desk.approvals.model import (
    ANY_OFFER,
    Approver,
    AskedFor,
    Said,
    Turn,
    granted,
    standing_of,
    turn_of,
    unnamed_need,
    who_decides,
    with_usual_offer,
    without_price,
)
from hub.desk.people.model.reporting import Absent
from rules import ApprovalNeed, Minor, OfferTerms

ASKED_AT, MINUTE = 1_000_000, 60_000
CONTENT, OTHER = "a" * 64, "b" * 64
NEED = ApprovalNeed(
    "credit_limit_exceeded", "AP-1", (("manager", "area_manager"), ("owner",)), Minor(120_400)
)
SINGLE = NEED._replace(steps=(("manager",),))


def asked(need: ApprovalNeed = NEED) -> AskedFor:
    """Write a held order that Asha asked for."""
    return AskedFor(CONTENT, (need,), "asha", ASKED_AT)


def said(by: str, role: str, answer: str = "yes", **changed: object) -> Said:
    """Write what a person said a minute after it was asked."""
    word = Said(NEED.code, NEED.rule, by, role, "yes", CONTENT, ASKED_AT + MINUTE)
    return word._replace(answer=answer, **changed)  # type: ignore[arg-type]


def state(need: ApprovalNeed, *words: Said, after_min: int = 2) -> str:
    """Tell where a need stands some minutes after it was asked for."""
    return standing_of(asked(need), need, words, now_ms=ASKED_AT + after_min * MINUTE).state


def test_before_anybody_spoke_it_waits_for_the_first_step() -> None:
    standing = standing_of(asked(), NEED, [], now_ms=ASKED_AT)

    assert (standing.state, standing.roles) == ("waiting", ("manager", "area_manager"))


def test_each_step_wants_a_yes_and_the_last_one_grants_it() -> None:
    first, second = said("meera", "manager"), said("vikram", "owner")

    half = standing_of(asked(), NEED, [first], now_ms=ASKED_AT)

    assert (half.state, half.roles) == ("waiting", ("owner",))
    assert state(NEED, first, second) == "granted"


@pytest.mark.parametrize(
    "words",
    [
        (said("meera", "manager"), said("meera", "owner")),
        (said("asha", "manager"), said("vikram", "owner")),
        (said("meera", "manager", content=OTHER), said("vikram", "owner")),
        (said("meera", "sales"), said("vikram", "owner")),
        (said("meera", "manager", rule="AP-9"), said("vikram", "owner")),
        (said("meera", "manager", code="below_floor"), said("vikram", "owner")),
    ],
    ids=["one person twice", "who asked", "of other content", "no such role", "a rule", "a code"],
)
def test_a_yes_that_does_not_count_leaves_it_waiting(words: tuple[Said, ...]) -> None:
    assert state(NEED, *words) == "waiting"


def test_a_no_ends_it_whatever_comes_after() -> None:
    assert state(SINGLE, said("meera", "manager", "no"), said("ravi", "manager")) == "refused"


def test_an_offer_of_something_else_counters_it() -> None:
    need = with_usual_offer(unnamed_need(NEED.code, 1))
    offered = said("meera", "manager", "counter", rule="", offer=OTHER)

    assert state(need, offered) == "countered"


@pytest.mark.parametrize(
    ("otherwise", "after"),
    [("wait", "waiting"), ("reject", "expired"), ("next", "escalated")],
)
def test_silence_does_what_the_rule_says_and_never_grants(otherwise: str, after: str) -> None:
    need = SINGLE._replace(
        within_min=30,
        otherwise=otherwise,  # type: ignore[arg-type]
        next_steps=(("owner",),),
    )

    assert state(need, after_min=30) == "waiting"
    assert state(need, after_min=31) == after


def test_a_yes_after_the_time_is_over_comes_too_late() -> None:
    need = SINGLE._replace(within_min=30, otherwise="reject")
    late = said("meera", "manager", at=ASKED_AT + 31 * MINUTE)

    assert state(need, late, after_min=40) == "expired"


def test_a_clock_that_runs_behind_counts_as_the_moment_of_the_asking() -> None:
    early = said("meera", "manager", at=ASKED_AT - 10 * MINUTE)

    assert standing_of(asked(SINGLE), SINGLE, [early], now_ms=ASKED_AT - MINUTE).state == "granted"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (("sales", "manager"), "manager"),
        (("area_manager", "manager"), "area_manager"),
        (("owner",), None),
        ((), None),
    ],
)
def test_a_person_decides_in_the_first_own_role_whose_turn_it_is(
    roles: tuple[str, ...], role: str | None
) -> None:
    standing = standing_of(asked(), NEED, [], now_ms=ASKED_AT)

    turn = turn_of(standing, Approver("meera", roles), asked=asked(), need=NEED)

    assert (turn.role if turn else None) == role


@pytest.mark.parametrize(
    ("absent", "turn"),
    [
        (Absent("asha", ("manager",)), Turn("manager", "asha")),
        (Absent("asha", ("warehouse",)), None),
        (Absent("asha", ("manager",), through=("Sunil",)), None),
        (Absent("sunil", ("manager",)), None),
    ],
)
def test_a_stand_in_decides_in_the_role_of_who_is_away_but_never_for_who_asked(
    absent: Absent, turn: Turn | None
) -> None:
    standing = standing_of(asked(), NEED, [], now_ms=ASKED_AT)
    reader = Approver("ravi", ("warehouse",), instead=(absent,))
    by_sunil = AskedFor(CONTENT, (NEED,), "sunil", ASKED_AT)

    assert turn_of(standing, reader, asked=by_sunil, need=NEED) == turn
    alone = NEED._replace(delegate=False)
    assert turn_of(standing, reader, asked=by_sunil, need=alone) is None


def test_only_granted_needs_release() -> None:
    open_one = standing_of(asked(), NEED, [], now_ms=ASKED_AT)
    done = standing_of(asked(SINGLE), SINGLE, [said("meera", "manager")], now_ms=ASKED_AT)

    assert granted({("a", "1"): open_one, ("b", "2"): done}) == {("b", "2")}


def test_what_has_no_price_cannot_be_approved_away() -> None:
    unpriced = unnamed_need("line_unpriced", 0)

    assert without_price((NEED, unpriced)) is unpriced
    assert without_price((NEED,)) is None


def test_who_decides_is_told_once_however_many_needs_there_are() -> None:
    first, second = [["manager", "area_manager"], ["owner"]], [["manager"]]

    assert who_decides((NEED, NEED, SINGLE)) == [first, second]


def test_where_the_pack_names_nobody_anything_less_may_be_offered() -> None:
    own = NEED._replace(offer=OfferTerms(smaller=False))

    assert with_usual_offer(own).offer == OfferTerms(smaller=False)
    assert with_usual_offer(own._replace(rule="")).offer == ANY_OFFER
