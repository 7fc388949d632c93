"""The token bucket that slows down guessing."""

from hub.base.limits.buckets import TokenBuckets


def test_a_burst_passes_and_the_next_try_waits() -> None:
    buckets = TokenBuckets(burst=3, refill_ms=1_000)

    waits = [buckets.take("sunil", 0) for _ in range(5)]

    assert waits == [0, 0, 0, 1_000, 1_000]


def test_waiting_gives_one_try_back_at_a_time() -> None:
    buckets = TokenBuckets(burst=2, refill_ms=1_000)
    for _ in range(3):
        buckets.take("sunil", 0)

    waits = [buckets.take("sunil", 1_000), buckets.take("sunil", 1_000)]

    assert waits == [0, 1_000]


def test_keys_do_not_share_a_bucket() -> None:
    buckets = TokenBuckets(burst=1, refill_ms=1_000)
    buckets.take("sunil", 0)

    assert buckets.take("asha", 0) == 0


def test_a_clock_that_jumps_back_locks_nobody_out_for_long() -> None:
    buckets = TokenBuckets(burst=1, refill_ms=1_000)
    buckets.take("sunil", 10_000)

    assert buckets.take("sunil", 0) <= 11_000


def test_a_clock_that_is_set_back_by_a_year_keeps_nobody_waiting_for_one() -> None:
    buckets = TokenBuckets(burst=2, refill_ms=1_000)
    a_year_ms = 365 * 86_400_000
    buckets.take("sunil", a_year_ms)

    waits = [buckets.take("sunil", now_ms) for now_ms in (0, 2_000)]

    assert waits == [1_000, 0]


def test_what_counts_as_several_takes_as_many_tokens() -> None:
    buckets = TokenBuckets(burst=4, refill_ms=1_000)

    waits = [buckets.take("shop-1", 0, count=count) for count in (3, 2, 1)]

    assert waits == [0, 1_000, 0]
