"""Jobs: wanted in a transaction, done exactly once in the database, by whichever worker lives."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.base.jobs import Job, JobRunner, Patience, dead_jobs, enqueue, retry
from hub.base.transaction import Transaction
from tests.builders.ground import LEASE_MS, Ground, open_ground

ROOT = Path(__file__).parents[3]
DEADLINE_S = 30
HOUR_MS = 3_600_000


@pytest.fixture
def marking(ground: Ground) -> Ground:
    """Give the ground with a handler that is never given up."""
    ground.jobs.handle("mark", ground.mark, patience=Patience(attempts=1_000))
    return ground


def fail(_t: Transaction, job: Job) -> None:
    raise RuntimeError(f"no luck with {job.key}")


def dead_keys(ground: Ground) -> list[str]:
    with ground.database.read() as connection:
        return [one.key for one in dead_jobs(connection)]


def test_a_job_is_done_with_its_payload_when_it_is_due(ground: Ground) -> None:
    done: list[Job] = []
    ground.jobs.handle("mark", lambda _t, job: done.append(job))
    with ground.work() as t:
        enqueue(t, "mark", "a", payload={"shop": "राम"}, due_at_ms=ground.clock.ms + HOUR_MS)

    early = ground.jobs.run_due("w")
    ground.clock.ms += HOUR_MS
    late = ground.jobs.run_due("w")

    assert (early, late) == (0, 1)
    assert [(job.key, job.payload, job.attempts) for job in done] == [("a", {"shop": "राम"}, 1)]
    assert ground.jobs.run_due("w") == 0


def test_jobs_are_done_in_the_order_in_which_they_are_due(ground: Ground) -> None:
    done: list[str] = []
    ground.jobs.handle("mark", lambda _t, job: done.append(job.key))
    with ground.work() as t:
        for key, due_at_ms in (("b", 20), ("a", 10), ("c", 20)):
            enqueue(t, "mark", key, payload={}, due_at_ms=due_at_ms)

    ground.jobs.run_due("w")

    assert done == ["a", "b", "c"]


def test_the_same_key_twice_is_one_job_even_after_it_was_done(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark)

    wanted = [ground.want("mark", "a"), ground.want("mark", "a")]
    ground.jobs.run_due("w")
    wanted.append(ground.want("mark", "a"))
    ground.jobs.run_due("w")

    assert wanted == [True, False, False]
    assert len(ground.marks("a")) == 1


def test_a_transaction_that_is_rolled_back_wants_no_job(ground: Ground) -> None:
    with ground.transactions.open(actor="asha", at_ms=ground.clock.ms) as t:
        enqueue(t, "mark", "a", payload={}, due_at_ms=0)

    assert ground.rows("SELECT count(*) FROM job") == [(0,)]


def test_what_a_failing_handler_wrote_is_not_kept_and_it_is_tried_again_later(
    ground: Ground,
) -> None:
    def handle(t: Transaction, job: Job) -> None:
        ground.mark(t, job)
        if job.attempts == 1:
            raise RuntimeError("the first time")

    ground.jobs.handle("mark", handle, patience=Patience(first_ms=5_000))
    ground.want("mark", "a")

    ground.jobs.run_due("w")
    after_the_first = len(ground.marks("a")), ground.rows("SELECT error FROM job")
    ground.clock.ms += 4_999
    too_early = ground.jobs.run_due("w")
    ground.clock.ms += 1
    ground.jobs.run_due("w")

    assert after_the_first == (0, [("RuntimeError: the first time",)])
    assert too_early == 0
    assert len(ground.marks("a")) == 1
    assert ground.rows("SELECT error, dead FROM job") == [(None, False)]


def test_after_its_last_attempt_a_job_is_dead_and_says_why(ground: Ground) -> None:
    ground.jobs.handle("mark", fail, patience=Patience(attempts=3))
    ground.want("mark", "a")

    for _ in range(5):
        ground.jobs.run_due("w")
        ground.clock.ms += HOUR_MS

    with ground.database.read() as connection:
        (dead,) = dead_jobs(connection)
    assert (dead.kind, dead.key, dead.attempts) == ("mark", "a", 3)
    assert dead.error == "RuntimeError: no luck with a"
    assert ground.heard.count("jobs") == 2  # wanted, given up


def test_a_dead_job_is_tried_again_when_somebody_says_so(ground: Ground) -> None:
    can_be_done = threading.Event()

    def handle(t: Transaction, job: Job) -> None:
        if not can_be_done.is_set():
            raise RuntimeError("no luck")
        ground.mark(t, job)

    ground.jobs.handle("mark", handle, patience=Patience(attempts=1))
    ground.want("mark", "a")
    ground.jobs.run_due("w")
    with ground.database.read() as connection:
        (dead,) = dead_jobs(connection)
    can_be_done.set()

    with ground.work() as t:
        tried = retry(t, dead.id)
    with ground.work() as t:
        again = retry(t, dead.id)
    ground.jobs.run_due("w")

    assert (tried, again) == (True, False)
    assert len(ground.marks("a")) == 1
    assert dead_keys(ground) == []


def test_a_job_that_nobody_handles_is_not_dropped_in_silence(ground: Ground) -> None:
    ground.want("typo", "a")

    for _ in range(8):
        ground.jobs.run_due("w")
        ground.clock.ms += HOUR_MS

    assert dead_keys(ground) == ["a"]


def test_a_kind_is_handled_once(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark)

    with pytest.raises(ValueError, match="mark"):
        ground.jobs.handle_outside("mark", lambda _job: None)


def test_a_job_of_a_worker_that_was_killed_in_the_middle_is_done_once_by_another(
    ground: Ground,
) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.want("mark", "a")
    command = [sys.executable, "-m", "tests.builders.other_process", "stick", ground.url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stuck:
        assert stuck.stdout is not None
        assert stuck.stdout.readline() == "working\n"
        stuck.kill()

    leased = ground.jobs.run_due("w")
    ground.clock.ms += LEASE_MS
    run_until(ground, lambda: bool(ground.marks("a")))

    assert leased == 0
    assert [mark.new for mark in ground.marks("a")] == ["w"]


def run_until(ground: Ground, reached: Callable[[], bool]) -> None:
    """Run what is due until something is reached: the server may not know of a death at once."""
    runner = JobRunner(ground.jobs, ground.changes, worker="w")
    runner.start()
    waiting = threading.Event()
    for _ in range(DEADLINE_S * 20):
        if reached() or waiting.wait(0.05):
            break
    runner.stop()


def test_a_job_that_kills_its_workers_is_given_up(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark, patience=Patience(attempts=2))
    ground.want("mark", "a")

    for _ in range(2):
        assert ground.jobs.claim("killed") is not None
        ground.clock.ms += LEASE_MS
    ground.jobs.run_due("w")

    assert dead_keys(ground) == ["a"]
    assert ground.marks("a") == []


def test_a_worker_whose_lease_ran_out_does_not_do_again_what_another_did(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark)
    ground.want("mark", "a")
    slow = ground.jobs.claim("slow")
    assert slow is not None
    ground.clock.ms += LEASE_MS

    ground.jobs.run_due("quick")
    ground.jobs.work_on(slow)

    assert [mark.new for mark in ground.marks("a")] == ["quick"]
    assert ground.rows("SELECT done_at IS NULL, leased_by FROM job") == [(False, "quick")]


def test_the_failure_of_a_worker_whose_lease_ran_out_changes_nothing(ground: Ground) -> None:
    ground.jobs.handle("mark", fail, patience=Patience(attempts=2))
    ground.want("mark", "a")
    slow = ground.jobs.claim("slow")
    assert slow is not None
    ground.clock.ms += LEASE_MS
    quick = ground.jobs.claim("quick")

    ground.jobs.work_on(slow)

    assert quick is not None
    assert ground.rows("SELECT leased_by, error, dead FROM job") == [("quick", None, False)]


def test_what_is_done_outside_is_done_while_no_transaction_is_open(ground: Ground) -> None:
    sent: list[str] = []

    def send(job: Job) -> Callable[[Transaction], None]:
        ground.want("mark", "beside")  # SQLite has one writer: it would wait for itself
        sent.append(job.key)
        return lambda t: ground.mark(t, job)

    ground.jobs.handle_outside("mail", send)
    ground.jobs.handle("mark", lambda _t, _job: None)
    ground.want("mail", "mail 7")

    ground.jobs.run_due("w")

    assert sent == ["mail 7"]
    assert len(ground.marks("mail 7")) == 1


def test_what_was_sent_but_not_marked_is_sent_again_under_the_same_key(ground: Ground) -> None:
    sent: list[str] = []

    def fail_after(_t: Transaction) -> None:
        if len(sent) == 1:
            raise RuntimeError("the power went")

    def send(job: Job) -> Callable[[Transaction], None]:
        sent.append(job.key)
        return fail_after

    ground.jobs.handle_outside("mail", send)
    ground.want("mail", "mail 7")

    for _ in range(3):
        ground.jobs.run_due("w")
        ground.clock.ms += HOUR_MS

    assert sent == ["mail 7", "mail 7"]


def test_jobs_are_forgotten_a_quarter_of_a_year_after_they_were_done(ground: Ground) -> None:
    ground.jobs.handle("mark", ground.mark)
    for key in ("a", "b"):
        ground.want("mark", key)
        ground.jobs.run_due("w")
        ground.clock.ms += 24 * HOUR_MS
    ground.want("mark", "open")
    ground.clock.ms += 89 * 24 * HOUR_MS

    forgotten = ground.jobs.forget_done()

    assert forgotten == 1
    assert ground.rows("SELECT key FROM job ORDER BY key") == [("b",), ("open",)]


def test_a_runner_does_a_job_as_soon_as_it_is_told_of_it(ground: Ground) -> None:
    done = threading.Event()
    ground.jobs.handle("mark", lambda _t, _job: done.set())
    runner = JobRunner(ground.jobs, ground.changes)
    runner.start()

    ground.want("mark", "a")

    assert done.wait(DEADLINE_S)
    runner.stop()


def test_a_runner_goes_on_after_a_job_that_fails(ground: Ground) -> None:
    done = threading.Event()
    ground.jobs.handle("bad", fail)
    ground.jobs.handle("mark", lambda _t, _job: done.set())
    ground.want("bad", "a")
    ground.want("mark", "b")
    runner = JobRunner(ground.jobs, ground.changes)

    runner.start()

    assert done.wait(DEADLINE_S)
    runner.stop()


@pytest.mark.parametrize("lease_ms", [LEASE_MS, 0], ids=["held", "lost at once"])
def test_three_workers_at_once_do_each_of_many_jobs_once(marking: Ground, lease_ms: int) -> None:
    keys = [f"job {number}" for number in range(60)]
    for key in keys:
        marking.want("mark", key)
    start = threading.Barrier(3)
    with ExitStack() as stack:
        others = [
            stack.enter_context(open_ground(marking.url, lease_ms=lease_ms)) for _ in range(3)
        ]

        def work(own: Ground, name: str) -> None:
            own.jobs.handle("mark", own.mark, patience=Patience(attempts=1_000))
            start.wait(DEADLINE_S)
            own.jobs.run_due(name)

        threads = [
            threading.Thread(target=work, args=(own, f"w{number}"))
            for number, own in enumerate(others)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE_S)

    assert [len(marking.marks(key)) for key in keys] == [1] * len(keys)


ROUNDS = itertools.count()
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["claim", "work", "die"]), st.integers(0, 2)),
        st.tuples(st.just("wait"), st.sampled_from([1, LEASE_MS // 2, LEASE_MS])),
    ),
    min_size=4,
    max_size=24,
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=STEPS, count=st.integers(1, 3))
def test_however_three_workers_come_between_each_other_each_job_is_done_once(
    marking: Ground, steps: list[tuple[str, int]], count: int
) -> None:
    round_ = next(ROUNDS)
    keys = [f"round {round_} job {number}" for number in range(count)]
    for key in keys:
        marking.want("mark", key)
    hands: list[Job | None] = [None, None, None]

    for step, number in steps:
        job = hands[number] if step == "work" else None
        if job is not None:
            marking.jobs.work_on(job)
        elif step == "claim":
            hands[number] = marking.jobs.claim(f"w{number}") or hands[number]
        elif step == "die":
            hands[number] = None
        elif step == "wait":
            marking.clock.ms += number
    marking.clock.ms += LEASE_MS
    marking.jobs.run_due("rest")
    for job in hands:
        if job is not None:
            marking.jobs.work_on(job)

    assert [len(marking.marks(key)) for key in keys] == [1] * count
