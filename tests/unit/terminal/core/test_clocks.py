"""Time without a clock of one's own."""

from collections.abc import Callable
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from terminal.core.clocks import (
    EARLIEST_MS,
    LATEST_MS,
    HubTime,
    business_date,
    correct,
    is_behind,
    learn,
    moment,
)

HUB_MS = 1_790_000_000_000


YEAR_MS = 366 * 86_400_000
DAY_MS = 86_400_000


def test_without_the_hubs_word_the_devices_time_is_not_trusted() -> None:
    now = moment(None, wall_ms=HUB_MS, mono_ms=5, machine_boot="a")

    assert (now.at_ms, now.trusted) == (HUB_MS, False)


def test_the_hubs_time_goes_on_by_the_monotonic_clock() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    now = moment(known, wall_ms=1000, mono_ms=65_000, machine_boot="a")

    assert (now.at_ms, now.trusted) == (HUB_MS + 60_000, True)


def test_an_old_message_repeated_does_not_put_the_clock_back() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    assert learn(known, HUB_MS - 3_600_000, mono_ms=6_000, machine_boot="a") == known


def test_the_hubs_last_word_goes_on_with_every_message_of_one_run() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    later = learn(known, HUB_MS + 30 * DAY_MS, mono_ms=5_200 + 30 * DAY_MS, machine_boot="a")

    now = moment(later, wall_ms=1000, mono_ms=7_000, machine_boot="a restart in 1970")
    assert now.at_ms == HUB_MS + 30 * DAY_MS + 7_000


@pytest.mark.parametrize("off_ms", [600_000, 36 * 3_600_000, 400 * DAY_MS, -40 * DAY_MS])
def test_a_hub_whose_clock_was_wrong_is_corrected_by_its_next_config(off_ms: int) -> None:
    wrong = correct(None, HUB_MS + off_ms, mono_ms=5_000, machine_boot="a")
    right = correct(wrong, HUB_MS + 1_000, mono_ms=6_000, machine_boot="a")

    now = moment(right, wall_ms=1000, mono_ms=7_000, machine_boot="a")

    assert (now.at_ms, now.trusted) == (HUB_MS + 2_000, True)


def test_a_config_that_came_late_is_made_good_by_the_next_message() -> None:
    late = correct(None, HUB_MS - 600_000, mono_ms=5_000, machine_boot="a")

    known = learn(late, HUB_MS, mono_ms=6_000, machine_boot="a")

    assert moment(known, 1000, mono_ms=6_000, machine_boot="a").at_ms == HUB_MS


@pytest.mark.parametrize("at_ms", [0, 1_000, EARLIEST_MS - 1, LATEST_MS, 2**53 - 1])
@pytest.mark.parametrize("take", [learn, correct])
def test_a_time_that_no_clock_in_use_shows_is_nobodys(take: Callable[..., Any], at_ms: int) -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    assert take(None, at_ms, mono_ms=5_000, machine_boot="a") is None
    assert take(known, at_ms, mono_ms=6_000, machine_boot="a") == known


@pytest.mark.parametrize("wall_ms", [0, 86_400_000, HUB_MS - 30 * DAY_MS, HUB_MS + 3 * YEAR_MS])
def test_after_a_restart_the_time_is_not_before_the_hubs_last_word_nor_years_after(
    wall_ms: int,
) -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    now = moment(known, wall_ms, mono_ms=60_000, machine_boot="b")

    assert (now.at_ms, now.trusted) == (HUB_MS + 60_000, False)


def test_after_a_restart_a_clock_of_the_devices_own_that_went_on_counts() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    now = moment(known, HUB_MS + 30 * DAY_MS, mono_ms=60_000, machine_boot="b")

    assert (now.at_ms, now.trusted) == (HUB_MS + 30 * DAY_MS, False)


@pytest.mark.parametrize("wall_ms", [0, -5, 1_000, LATEST_MS, 2**62])
def test_a_new_terminal_with_a_broken_clock_shows_a_date_that_can_be_written(wall_ms: int) -> None:
    assert moment(None, wall_ms, mono_ms=5, machine_boot="a").at_ms == EARLIEST_MS


def test_what_was_learnt_in_another_run_of_the_machine_is_learnt_anew() -> None:
    known = HubTime("a", HUB_MS, HUB_MS)

    found = learn(known, HUB_MS + 7_000, mono_ms=1_000, machine_boot="b")

    assert found == HubTime("b", HUB_MS + 6_000, HUB_MS + 7_000)


def test_an_answer_before_its_order_says_that_a_clock_was_wrong() -> None:
    known = HubTime("a", HUB_MS, HUB_MS)

    assert is_behind(known, HUB_MS, HUB_MS + 600_000)
    assert not is_behind(known, HUB_MS, HUB_MS + 1_000)
    assert not is_behind(known, HUB_MS + 600_000, HUB_MS)


def test_the_business_date_is_the_distributors() -> None:
    late = 1_790_015_400_000  # 18:30 UTC, midnight in Kolkata

    assert business_date(late - 1, UTC) == date(2026, 9, 21)
    assert business_date(late, ZoneInfo("Asia/Kolkata")) == date(2026, 9, 22)
