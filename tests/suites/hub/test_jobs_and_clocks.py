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
        enqueue(t, "mark", "a", payload={}, due_at_ms=due_at_ms)

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


@pytest.mark.parametrize(
    ("ahead_ms", "done"),
    [(YEAR_MS, 1), (LEASE_MS, 0)],
    ids=["no lease lasts so long: of a clock that was fast", "another worker may hold it yet"],
)
def test_a_lease_is_waited_for_only_where_it_can_be_held(
    ground: Ground, ahead_ms: int, done: int
) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.want("mark", "a")
    ground.clock.ms += ahead_ms
    claimed = ground.jobs.claim("killed in the middle")
    ground.clock.ms -= ahead_ms

    with open_ground(ground.url) as again:
        again.jobs.handle("mark", again.mark)

        assert claimed is not None
        assert again.jobs.run_due("w") == done
