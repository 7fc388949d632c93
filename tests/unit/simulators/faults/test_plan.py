"""What strikes when: the same from the same seed, and never without an end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.errors import InputFileError
from simulators.faults.plan import CALM, FaultPlan, draw_strikes, read_duration, read_plan
from simulators.faults.registry import KINDS, LONGEST_S


@given(st.integers(0, 999), st.floats(20, 600), st.floats(1, 30))
def test_a_seed_draws_the_same_strikes_and_each_is_over_before_the_end(
    seed: int, for_s: float, every_s: float
) -> None:
    plan = FaultPlan(every_s=every_s)

    strikes = draw_strikes(plan, seed=seed, for_s=for_s, possible=KINDS)

    assert strikes == draw_strikes(plan, seed=seed, for_s=for_s, possible=KINDS)
    assert all(one.at_s + one.lasts_s < for_s for one in strikes)
    assert all(one.lasts_s <= KINDS[one.kind].lasts_s for one in strikes)


def test_what_a_site_cannot_bring_about_is_left_out() -> None:
    drawn = draw_strikes(FaultPlan(), seed=1, for_s=600, possible={"hub_killed"})

    assert {one.kind for one in drawn} == {"hub_killed"}
    assert draw_strikes(CALM, seed=1, for_s=600, possible=KINDS) == []


def test_every_kind_of_fault_ends() -> None:
    assert all(0 <= kind.lasts_s <= LONGEST_S for kind in KINDS.values())


def test_a_file_says_how_often_what_strikes_and_for_how_long(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(
        "every: 5s\nkinds:\n  hub_killed: {weight: 3, for: 2s}\n  line_reset: {}\n"
        "at:\n  - {time: 10s, kind: broker_killed, for: 500ms, where: 0.5}\n"
    )

    plan = read_plan(file, for_s=60)

    assert (plan.every_s, plan.longest["hub_killed"]) == (5, 2)
    assert plan.weights == {"hub_killed": 3, "line_reset": KINDS["line_reset"].weight}
    assert [(one.at_s, one.kind, one.lasts_s, one.where) for one in plan.fixed] == [
        (10, "broker_killed", 0.5, 0.5)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kinds: {hub_kiled: {}}", "1:20: 'hub_kiled' is no kind of fault; did you mean"),
        ("kinds: {line_slow: {for: ever}}", "line_slow never ends: give 'for' a time"),
        ("kinds: {line_slow: {for: 3m}}", "line_slow lasts longer than 120s"),
        ("kinds: {line_reset: {for: 3s}}", "line_reset is over at once: leave 'for' out"),
        ("at: [{time: 55s, kind: hub_killed, for: 9s}]", "not over before the run ends after 60s"),
        ("at: [{kind: hub_killed}]", "'time' is missing"),
        ("every: often", "'often' is not a time such as 500ms, 30s, 10m or 1h"),
        ("each: 5s", "unknown key 'each'"),
        ("- 1", "this file is a mapping"),
        ("a: [", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_followed_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text)

    with pytest.raises(InputFileError) as refused:
        read_plan(file, for_s=60)

    assert said in str(refused.value)


@pytest.mark.parametrize(("text", "seconds"), [("500ms", 0.5), ("90s", 90), ("2m", 120)])
def test_times_are_written_with_their_unit(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds
