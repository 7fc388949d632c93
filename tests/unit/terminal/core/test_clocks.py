"""Time without a clock of one's own."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

from terminal.core.clocks import HubTime, business_date, learn, moment

HUB_MS = 1_790_000_000_000


def test_without_the_hubs_word_the_devices_time_is_not_trusted() -> None:
    now = moment(None, wall_ms=1000, mono_ms=5, machine_boot="a")

    assert (now.at_ms, now.trusted) == (1000, False)


def test_the_hubs_time_goes_on_by_the_monotonic_clock() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    now = moment(known, wall_ms=1000, mono_ms=65_000, machine_boot="a")

    assert (now.at_ms, now.trusted) == (HUB_MS + 60_000, True)


def test_an_old_message_repeated_does_not_put_the_clock_back() -> None:
    known = learn(None, HUB_MS, mono_ms=5_000, machine_boot="a")

    assert learn(known, HUB_MS - 3_600_000, mono_ms=6_000, machine_boot="a") == known


def test_after_the_machine_restarted_what_was_learnt_counts_no_more() -> None:
    known = HubTime("a", HUB_MS)

    assert not moment(known, wall_ms=1000, mono_ms=5, machine_boot="b").trusted
    assert learn(known, 7_000, mono_ms=1_000, machine_boot="b") == HubTime("b", 6_000)


def test_the_business_date_is_the_distributors() -> None:
    late = 1_790_015_400_000  # 18:30 UTC, midnight in Kolkata

    assert business_date(late - 1, UTC) == date(2026, 9, 21)
    assert business_date(late, ZoneInfo("Asia/Kolkata")) == date(2026, 9, 22)
