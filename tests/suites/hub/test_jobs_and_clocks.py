"""Jobs while the hub's clock is set back: what was due stays due, and pauses stay as long."""

import pytest

from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from tests.builders.ground import LEASE_MS, Ground, open_ground

HOUR_MS = 3_600_000
YEAR_MS = 365 * 24 * HOUR_MS


class Failing:
    """A handler that fails the first time."""

    def __init__(self, ground: Ground) -> None:
        self.tries = 0
        ground.jobs.handle("mark", self.handle)

    def handle(self, _t: Transaction, job: Job) -> None:
        """Fail once."""
        self.tries += 1
        if self.tries == 1:
            raise RuntimeError(f"no luck with {job.key}")


@pytest.mark.parametrize("back_ms", [10 * 60_000, 6 * HOUR_MS, 2 * YEAR_MS])
def test_a_job_that_was_due_before_the_clock_was_set_back_is_done_at_once(
    ground: Ground, back_ms: int
) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.jobs.run_due("w")
    ground.want("mark", "a")

    ground.clock.set_back(back_ms)

    assert ground.jobs.run_due("w") == 1
    assert len(ground.marks("a")) == 1


def test_a_job_for_a_moment_to_come_is_not_moved_by_it(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.jobs.run_due("w")
    due_at_ms = ground.clock.ms + HOUR_MS
    with ground.work() as t:
        enqueue(t, "mark", "a", payload={}, due_at_ms=due_at_ms, by_calendar=True)

    ground.clock.set_back(6 * HOUR_MS)

    assert ground.jobs.run_due("w") == 0
    assert ground.rows("SELECT due_at FROM job") == [(due_at_ms,)]


def test_the_pause_after_a_failure_does_not_grow_by_what_the_clock_was_set_back(
    ground: Ground,
) -> None:
    failing = Failing(ground)
    ground.want("mark", "a")
    ground.jobs.run_due("w")

    ground.clock.set_back(6 * HOUR_MS)
    early = ground.jobs.run_due("w")
    ground.clock.ms += 5_000
    late = ground.jobs.run_due("w")

    assert (early, late, failing.tries) == (0, 1, 2)


def test_a_clock_that_was_set_back_while_the_hub_was_off_delays_a_retry_by_an_hour_at_most(
    ground: Ground,
) -> None:
    Failing(ground)
    ground.want("mark", "a")
    ground.jobs.run_due("w")
    with open_ground(ground.url) as again:
        again.clock.ms = ground.clock.ms - YEAR_MS
        again.jobs.handle("mark", again.mark)

        early = again.jobs.run_due("w")
        again.clock.ms += HOUR_MS
        late = again.jobs.run_due("w")

        assert (early, late) == (0, 1)


@pytest.mark.parametrize("back_ms", [10 * 60_000, 6 * HOUR_MS, 2 * YEAR_MS])
def test_a_job_that_was_wanted_at_once_is_done_though_the_clock_was_set_back_while_the_hub_was_off(
    ground: Ground, back_ms: int
) -> None:
    ground.want("mark", "a")
    with open_ground(ground.url) as again:
        again.clock.ms = ground.clock.ms - back_ms
        again.jobs.handle("mark", again.mark)

        assert again.jobs.run_due("w") == 1
        assert len(again.marks("a")) == 1


def test_a_job_of_a_process_whose_clock_is_fast_is_done_within_a_minute(ground: Ground) -> None:
    with open_ground(ground.url) as fast:
        ground.jobs.handle("mark", ground.mark)
        ground.jobs.run_due("w")
        fast.clock.ms += HOUR_MS
        fast.want("mark", "a")

        ground.clock.ms += 60_000

        assert ground.jobs.run_due("w") == 1


def test_several_processes_make_a_set_back_good_once(ground: Ground) -> None:
    failing = Failing(ground)
    with open_ground(ground.url) as other:
        other.jobs.handle("mark", failing.handle)
        ground.jobs.run_due("w")
        other.jobs.run_due("v")
        for one in (ground, other):
            one.clock.set_back(6 * HOUR_MS)
        with ground.work() as t:
            enqueue(t, "mark", "report", payload={}, due_at_ms=t.at_ms + HOUR_MS, by_calendar=True)
        ground.want("mark", "a")
        ground.jobs.run_due("w")  # which fails, and is tried again after five seconds

        early = other.jobs.run_due("v")
        for one in (ground, other):
            one.clock.ms += 5_000
        late = other.jobs.run_due("v")

        assert (early, late, failing.tries) == (0, 1, 2)


def test_a_moment_that_a_fast_clock_has_had_done_is_done_once_more_when_it_comes(
    ground: Ground,
) -> None:
    ground.jobs.handle("mark", ground.mark)
    due_at_ms = ground.clock.ms + HOUR_MS

    def expect() -> bool:
        with ground.work() as t:
            return enqueue(t, "mark", "a", payload={}, due_at_ms=due_at_ms, by_calendar=True)

    is_new = expect()
    is_new_twice = expect()
    ground.clock.ms += 30 * HOUR_MS
    ground.jobs.run_due("w")
    ground.clock.set_back(30 * HOUR_MS)
    is_new_again = expect()
    early = ground.jobs.run_due("w")
    ground.clock.ms += HOUR_MS
    late = ground.jobs.run_due("w")

    assert (is_new, is_new_twice, is_new_again) == (True, False, True)
    assert (early, late, len(ground.marks("a"))) == (0, 1, 2)
    assert not expect()


@pytest.mark.parametrize("ahead_ms", [YEAR_MS, LEASE_MS], ids=["a year fast", "a minute fast"])
def test_a_job_that_somebody_may_hold_is_waited_for_as_long_as_a_lease_lasts(
    ground: Ground, ahead_ms: int
) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.want("mark", "a")
    ground.clock.ms += ahead_ms
    claimed = ground.jobs.claim("killed in the middle, or at it yet")
    ground.clock.set_back(ahead_ms)

    with open_ground(ground.url) as again:
        again.jobs.handle("mark", again.mark)
        early = again.jobs.run_due("w")
        again.clock.ms += 2 * LEASE_MS
        late = again.jobs.run_due("w")

        assert claimed is not None
        assert (early, late) == (0, 1)


def test_a_job_at_hand_is_not_done_by_another_as_the_clock_is_set_on(ground: Ground) -> None:
    with open_ground(ground.url) as other:
        for one in (ground, other):
            one.jobs.handle("mark", one.mark)
            one.jobs.run_due("w")
        ground.want("mark", "a")
        at_hand = ground.jobs.claim("w")
        other.clock.set_back(-6 * HOUR_MS)

        early = other.jobs.run_due("v")
        other.clock.ms += LEASE_MS
        late = other.jobs.run_due("v")

        assert at_hand is not None
        assert (early, late) == (0, 1)
