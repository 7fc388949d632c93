"""Who reports to whom, who stands in, and who decides."""

from datetime import date

import pytest

from hub.desk.people.model.reporting import (
    Dated,
    Decider,
    NobodyDecidesError,
    Person,
    find_decider,
    makes_circle,
    overlaps,
    pairs_on,
)

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
SUNIL, MEENA, ASHA, OLGA = 1, 2, 3, 4
PEOPLE = {
    SUNIL: Person(active=True, ceiling=10_000_000),
    MEENA: Person(active=True, ceiling=2_000_000),
    ASHA: Person(active=True, ceiling=10_000_000),
    OLGA: Person(active=True, ceiling=None),
}
LINE = {SUNIL: MEENA, MEENA: ASHA, ASHA: OLGA}


def test_the_nearest_above_whose_ceiling_allows_it_decides() -> None:
    found = [
        find_decider(SUNIL, amount, people=PEOPLE, managers=LINE, stand_ins={})
        for amount in (2_000_000, 2_000_001)
    ]

    assert found == [Decider(MEENA), Decider(ASHA)]


@pytest.mark.parametrize(
    ("managers", "amount", "why"),
    [
        pytest.param({}, 1, "no_manager", id="nobody above"),
        pytest.param({SUNIL: OLGA}, 1, "above_ceilings", id="no ceiling is no authority"),
        pytest.param(LINE, 10_000_001, "above_ceilings", id="more than anybody may"),
        pytest.param({SUNIL: MEENA, MEENA: SUNIL}, 5_000_000, "above_ceilings", id="never oneself"),
    ],
)
def test_nobody_is_an_error_that_is_seen(managers: dict[int, int], amount: int, why: str) -> None:
    with pytest.raises(NobodyDecidesError) as error:
        find_decider(SUNIL, amount, people=PEOPLE, managers=managers, stand_ins={})

    assert error.value.why == why


def test_who_has_ended_is_passed_over() -> None:
    people = {**PEOPLE, MEENA: Person(active=False, ceiling=2_000_000)}

    found = find_decider(SUNIL, 1, people=people, managers=LINE, stand_ins={})

    assert found == Decider(ASHA)


@pytest.mark.parametrize(
    ("stand_ins", "decider"),
    [
        pytest.param({MEENA: OLGA}, Decider(OLGA, MEENA), id="one"),
        pytest.param({MEENA: OLGA, OLGA: ASHA}, Decider(ASHA, MEENA), id="of a stand-in"),
        pytest.param({MEENA: SUNIL}, Decider(MEENA), id="not who asks"),
        pytest.param({MEENA: 99}, Decider(MEENA), id="not who is gone"),
    ],
)
def test_a_stand_in_decides_but_never_who_asks(stand_ins: dict[int, int], decider: Decider) -> None:
    found = find_decider(SUNIL, 1, people=PEOPLE, managers=LINE, stand_ins=stand_ins)

    assert found == decider


def test_a_row_holds_on_both_of_its_days() -> None:
    row = Dated(SUNIL, MEENA, MARCH, APRIL)

    assert [pairs_on([row], day) for day in (MARCH, APRIL, MAY)] == [
        {SUNIL: MEENA},
        {SUNIL: MEENA},
        {},
    ]


@pytest.mark.parametrize(
    ("rows", "new", "day"),
    [
        pytest.param([], Dated(SUNIL, SUNIL, MARCH), MARCH, id="oneself"),
        pytest.param([Dated(SUNIL, MEENA, MARCH)], Dated(MEENA, SUNIL, MAY), MAY, id="of two"),
        pytest.param(
            [Dated(SUNIL, MEENA, MARCH), Dated(MEENA, ASHA, MARCH)],
            Dated(ASHA, SUNIL, APRIL),
            APRIL,
            id="of three",
        ),
        pytest.param(
            [Dated(SUNIL, MEENA, JUNE)], Dated(MEENA, SUNIL, MARCH), JUNE, id="from later on"
        ),
        pytest.param(
            [Dated(SUNIL, MEENA, MARCH, APRIL)], Dated(MEENA, SUNIL, MAY), None, id="never at once"
        ),
        pytest.param([Dated(SUNIL, MEENA, MARCH)], Dated(ASHA, MEENA, MARCH), None, id="none"),
    ],
)
def test_a_circle_is_found_on_its_first_day(
    rows: list[Dated], new: Dated, day: date | None
) -> None:
    assert makes_circle(rows, new) == day


def test_two_stand_ins_on_one_day_are_found() -> None:
    there = [Dated(MEENA, ASHA, MARCH, APRIL)]

    found = [overlaps(there, Dated(MEENA, OLGA, since, JUNE)) for since in (APRIL, MAY)]

    assert found == [True, False]
