"""Beats by plan, and a plan beside the visits that were made."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.field.model.beats import (
    Journey,
    Stop,
    is_unplanned,
    planned_on,
    resting_of,
)
from hub.desk.field.model.calls import Attended, Performance, Plan, Visited, compare, hundredths
from hub.desk.field.model.fields import BeatFields, fault_of, read_classes, read_outlets
from hub.desk.workdays.model import Calendar, MarkedDay, Week

MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
NEXT_MONDAY = date(2026, 11, 9)
EVERY_DAY = Calendar((Week(0, "", date(2026, 1, 1), 0b1111111),))
STOPS: Mapping[int, Sequence[Stop]] = {
    1: (Stop(1, 11, 2, MONDAY), Stop(1, 12, 1, MONDAY, NEXT_MONDAY)),
    2: (Stop(2, 11, 1, MONDAY), Stop(2, 13, 2, MONDAY)),
}


def walk(beat: int = 1, weekdays: int = 0b1, every: int = 1, user: str = "ravi") -> Journey:
    """Have somebody walk a beat from the first Monday on."""
    return Journey(1, user, beat, weekdays, every, MONDAY)


def test_a_beat_is_walked_on_its_days_in_the_order_of_the_way() -> None:
    assert list(planned_on(MONDAY, [walk()], STOPS, calendar=EVERY_DAY)) == [
        ("ravi", 12),
        ("ravi", 11),
    ]
    assert list(planned_on(TUESDAY, [walk()], STOPS, calendar=EVERY_DAY)) == []


def test_every_second_week_is_counted_from_the_week_it_began() -> None:
    thursday = Journey(1, "ravi", 1, 0b1, 2, date(2026, 11, 5))

    days = [date(2026, 11, day) for day in (2, 9, 16, 23)]

    assert [thursday.is_on(day) for day in days] == [False, False, True, False]


def test_a_plan_of_some_classes_comes_to_their_outlets_alone() -> None:
    stops = {
        1: (
            Stop(1, 11, 1, MONDAY, TUESDAY, outlet_class="b"),
            Stop(1, 11, 1, date(2026, 11, 4), outlet_class="a"),
            Stop(1, 12, 2, MONDAY, outlet_class="b"),
            Stop(1, 13, 3, MONDAY),
        )
    }
    each_week = Journey(1, "ravi", 1, 0b1, 1, MONDAY, classes=("a",))
    every_second = Journey(2, "ravi", 1, 0b1, 2, MONDAY, classes=("b", "none"))
    both = [each_week, every_second]

    days = [
        [outlet for _, outlet in planned_on(day, both, stops, calendar=EVERY_DAY)]
        for day in (MONDAY, NEXT_MONDAY, date(2026, 11, 16))
    ]

    assert days == [[11, 12, 13], [11], [11, 12, 13]]
    assert [is_unplanned(one, [each_week], day=MONDAY) for one in ("a", "b", None)] == [
        *(False, True, True)
    ]
    assert not is_unplanned("b", [], day=MONDAY)  # a beat that nobody walks says so by itself
    assert read_classes(" B,a, x,b ") == ("a", "b", "x")


def test_an_outlet_that_left_the_beat_is_not_planned_after() -> None:
    assert list(planned_on(date(2026, 11, 16), [walk()], STOPS, calendar=EVERY_DAY)) == [
        ("ravi", 11)
    ]


def test_an_outlet_on_two_beats_of_one_person_is_one_visit_and_of_two_persons_two() -> None:
    alone = list(planned_on(MONDAY, [walk(1), walk(2)], STOPS, calendar=EVERY_DAY))
    both = list(planned_on(MONDAY, [walk(1), walk(2, user="sita")], STOPS, calendar=EVERY_DAY))

    assert alone == [("ravi", 12), ("ravi", 11), ("ravi", 13)]
    assert ("ravi", 11) in both
    assert ("sita", 11) in both


def test_a_plan_and_its_visits_are_compared_with_both_strike_rates() -> None:
    visits = [
        Visited("ravi", 12, MONDAY, verified=True, ordered=True, minutes=10),
        Visited("ravi", 12, MONDAY, verified=True, ordered=False, minutes=5),  # the same twice
        Visited("ravi", 99, MONDAY, verified=False, ordered=True, minutes=7),  # off the beat
        Visited("sita", 13, TUESDAY, verified=True, ordered=False, minutes=1),  # without a plan
    ]

    ravi, sita = compare(
        MONDAY,
        TUESDAY,
        plan=Plan([walk()], STOPS, EVERY_DAY),
        visits=visits,
        attended={"ravi": Attended(frozenset({MONDAY, TUESDAY}), frozenset({TUESDAY}))},
        homes={"ravi": EVERY_DAY.of(0)},
    )

    assert ravi == Performance(
        "ravi",
        planned=2,
        kept=1,
        made=2,
        verified=1,
        productive=2,
        planned_productive=1,
        covered=1,
        on_beats=2,
        minutes=22,
        days=2,
        leave=1,
        working=2,
    )
    assert (sita.planned, sita.made, sita.verified) == (0, 1, 1)


def test_nobody_is_to_visit_an_outlet_where_its_region_has_a_holiday() -> None:
    diwali = MarkedDay(0, "IN/KA", MONDAY, "off", "Diwali")
    stops = {
        1: (Stop(1, 11, 1, MONDAY, region="IN/KA/BLR"), Stop(1, 12, 2, MONDAY, region="IN/DL"))
    }

    planned = planned_on(MONDAY, [walk()], stops, calendar=Calendar(marks=(diwali,)))

    assert list(planned) == [("ravi", 12)]


def test_a_sunday_beat_is_walked_until_somebody_says_that_sundays_are_not_worked() -> None:
    sunday = date(2026, 11, 8)
    walks = [walk(weekdays=0b1000000)]
    saturdays = Calendar((Week(0, "", date(2026, 11, 2), 0b0111111),))
    festival = Calendar(marks=(MarkedDay(0, "", sunday, "off", "Diwali"),))

    def planned(calendar: Calendar) -> int:
        return len(list(planned_on(sunday, walks, STOPS, calendar=calendar)))

    assert planned(Calendar()) == 2
    assert planned(saturdays) == 0
    assert planned(festival) == 0
    assert list(resting_of(walks, [""], day=MONDAY, calendar=Calendar())) == []
    assert list(resting_of(walks, [""], day=MONDAY, calendar=saturdays)) == [6]


def test_a_beat_rests_on_a_day_of_the_week_that_none_of_its_regions_works() -> None:
    weeks = (
        Week(0, "IN/KA", date(2026, 11, 2), 0b0111111),
        Week(0, "IN/DL", date(2026, 11, 2), 0b0011111),
    )
    week_long, regions = [walk(weekdays=0b1111111)], ("IN/KA/BLR", "IN/DL")

    resting = resting_of(week_long, regions, day=MONDAY, calendar=Calendar(weeks))

    assert list(resting) == [6]


def test_who_has_a_sunday_beat_is_expected_at_work_on_that_sunday() -> None:
    (ravi,) = compare(
        date(2026, 11, 8),
        date(2026, 11, 15),
        plan=Plan(
            [walk(weekdays=0b1000000)],
            {1: (Stop(1, 11, 1, MONDAY, date(2026, 11, 8)),)},
            Calendar(),
        ),
        visits=[],
        attended={},
        homes={"ravi": Calendar().of(0)},
    )

    assert (ravi.planned, ravi.working) == (1, 7)


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 3, 3333), (2, 3, 6667), (0, 5, 0), (5, 5, 10_000), (1, 0, None)]
)
def test_a_part_of_nothing_is_no_percent(part: int, whole: int, said: int | None) -> None:
    assert hundredths(part, whole) == said


def test_outlets_are_read_in_the_order_they_are_typed() -> None:
    assert read_outlets("C2\n C1,C3;\n\nC9") == ("C2", "C1", "C3", "C9")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (BeatFields("B 1", "Market"), "beat_code"),
        (BeatFields("B-1", " "), "beat_name"),
        (BeatFields("B-1", "Market", ("C1", "C1")), "beat_twice"),
        (BeatFields("B-1", "Market", tuple(f"C{n}" for n in range(501))), "beat_long"),
    ],
)
def test_a_beat_that_cannot_be_is_refused(fields: BeatFields, code: str) -> None:
    fault = fault_of(fields)

    assert fault is not None
    assert fault.reasons[0].code == code


def test_a_day_of_granted_leave_has_no_plan_and_leaves_its_outlets_on_the_beat() -> None:
    (ravi,) = compare(
        MONDAY,
        TUESDAY,
        plan=Plan([walk(weekdays=0b0000011)], STOPS, EVERY_DAY, {("ravi", MONDAY)}),
        visits=[Visited("ravi", 11, TUESDAY, verified=True, ordered=True)],
        attended={"ravi": Attended(frozenset({TUESDAY}), frozenset({MONDAY}))},
        homes={"ravi": EVERY_DAY.of(0)},
    )
    on_tuesday = len(list(planned_on(TUESDAY, [walk(weekdays=0b10)], STOPS, calendar=EVERY_DAY)))

    assert (ravi.planned, ravi.kept) == (on_tuesday, 1)
    assert (ravi.leave, ravi.working) == (1, 2)
    assert ravi.on_beats > 0


def count_by_hand(
    user: str, plan: list[tuple[str, int, date]], visits: list[Visited], free: set[date]
) -> tuple[int, ...]:
    """Count what a person's plan and visits come to by one loop over days and outlets."""
    planned = kept = made = verified = productive = planned_productive = 0
    outlets = sorted({one.outlet for one in visits} | {outlet for _, outlet, _ in plan})
    days = sorted({one.day for one in visits} | {day for _, _, day in plan})
    covered = on_beats = 0
    for outlet in outlets:
        on_way = any((who, where) == (user, outlet) for who, where, _ in plan)
        seen = False
        for day in days:
            there = [v for v in visits if (v.user, v.outlet, v.day) == (user, outlet, day)]
            due = (user, outlet, day) in plan and day not in free
            ordered = any(v.ordered for v in there)
            seen = seen or any(v.verified for v in there)
            planned += due
            kept += due and bool(there)
            made += bool(there)
            verified += any(v.verified for v in there)
            productive += ordered
            planned_productive += due and ordered
        on_beats += on_way
        covered += on_way and seen
    return (planned, kept, made, verified, productive, planned_productive, covered, on_beats)


@given(data=st.data())
def test_compliance_coverage_and_strike_rates_equal_a_count_by_hand(data: st.DataObject) -> None:
    week = [MONDAY + timedelta(days=one) for one in range(14)]
    stops = {
        beat: tuple(
            Stop(beat, outlet, place, data.draw(st.sampled_from(week)))
            for place, outlet in enumerate(data.draw(st.permutations([11, 12, 13, 14]))[:3])
        )
        for beat in (1, 2)
    }
    journeys = [
        Journey(
            *(number, user, number, data.draw(st.integers(1, 127)), data.draw(st.integers(1, 2))),
            from_day=data.draw(st.sampled_from(week)),
        )
        for number, user in ((1, "ravi"), (2, "ravi"))
    ]
    one = st.builds(
        Visited,
        st.just("ravi"),
        st.sampled_from([11, 12, 13, 14, 15]),
        st.sampled_from(week),
        verified=st.booleans(),
        ordered=st.booleans(),
    )
    visits = data.draw(st.lists(one, min_size=1, max_size=30))
    free = data.draw(st.sets(st.sampled_from(week), max_size=3))
    plan = [
        ("ravi", stop.outlet, day)
        for walked in journeys
        for stop in stops[walked.beat]
        for day in week
        if day >= max(stop.from_day, walked.from_day)
        and walked.weekdays >> day.weekday() & 1
        and ((day - walked.from_day).days + walked.from_day.weekday()) // 7 % walked.every_weeks
        == 0
    ]

    (ravi,) = compare(
        *(week[0], week[-1]),
        plan=Plan(journeys, stops, EVERY_DAY, {("ravi", day) for day in free}),
        visits=visits,
        attended={},
        homes={},
    )

    assert (
        *(ravi.planned, ravi.kept, ravi.made, ravi.verified, ravi.productive),
        *(ravi.planned_productive, ravi.covered, ravi.on_beats),
    ) == count_by_hand("ravi", plan, visits, free)
