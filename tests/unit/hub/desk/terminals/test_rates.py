"""How much of one terminal is looked at, and what is kept of the rest."""

from broker.contract import UpKind
from hub.desk.terminals.intake.asides import KEPT_EACH, Asides
from hub.desk.terminals.intake.rates import FLOOD, RATES, REPORT_S, Rates
from hub.desk.terminals.intake.repeats import QUIET_S, Repeats
from hub.desk.terminals.model import RefusedMessage
from tests.builders.clocks import Stopwatch


def admitted(rates: Rates, count: int, *, kind: UpKind | None = "order", size: int = 500) -> int:
    return sum(rates.admit("shop-1", kind, size=size) for _ in range(count))


def test_a_burst_is_looked_at_and_what_is_above_it_is_counted() -> None:
    rates = Rates(Stopwatch())

    seen = admitted(rates, 20_000)

    assert seen == RATES["order"].burst
    assert rates.take_surplus() == {"shop-1": 20_000 - seen}


def test_a_week_of_offline_orders_at_the_pace_of_their_answers_is_all_looked_at() -> None:
    stopwatch = Stopwatch()
    rates = Rates(stopwatch)

    seen = 0
    for _ in range(100):
        seen += admitted(rates, 16)
        stopwatch.now_s += 0.1

    assert (seen, rates.take_surplus()) == (1_600, {})


def test_one_terminal_that_floods_takes_nothing_of_another_ones_rate() -> None:
    rates = Rates(Stopwatch())
    admitted(rates, 20_000)

    assert rates.admit("shop-2", "order", size=500)


def test_large_messages_count_as_several() -> None:
    assert admitted(Rates(Stopwatch()), 1_000, size=128 * 1024) == RATES["order"].burst // 33


def test_topics_of_no_terminal_share_a_small_rate() -> None:
    assert admitted(Rates(Stopwatch()), 1_000, kind=None) < RATES["log"].burst


def test_people_are_told_of_a_flood_at_once_and_then_every_ten_seconds() -> None:
    stopwatch = Stopwatch()
    rates = Rates(stopwatch)
    told = []

    for _ in range(3):
        admitted(rates, 20_000)
        told.append(rates.take_surplus())
        stopwatch.now_s += REPORT_S / 2

    assert [bool(one) for one in told] == [True, False, True]


def test_a_flood_is_told_at_once_and_what_is_little_above_the_rate_is_none() -> None:
    stopwatch = Stopwatch()
    told: list[str] = []
    rates = Rates(stopwatch, on_flood=told.append)

    for _ in range(60):  # a minute of fifty remarks a second, where two are looked at
        admitted(rates, 50, kind="log")
        stopwatch.now_s += 1.0
    told_before = [*told]
    admitted(rates, RATES["order"].burst + FLOOD.burst)
    told_at_the_bound = [*told]
    rates.refuse("shop-2", FLOOD.burst, size=0)
    rates.refuse("shop-1", 1, size=0)

    assert (told_before, told_at_the_bound, told) == ([], [], ["shop-1"])


def test_a_flood_of_large_messages_is_told_by_their_bytes() -> None:
    told: list[str] = []
    rates = Rates(Stopwatch(), on_flood=told.append)

    # A counter that comes back sends 16 orders at once, of 128 KiB at most.
    admitted(rates, 16, size=128 * 1024)
    told_of_a_window = [*told]
    rates.refuse("shop-1", 60, size=60 * 32 * 1024)
    told_within = [*told]
    rates.refuse("shop-1", 60, size=60 * 32 * 1024)

    assert (told_of_a_window, told_within, told) == ([], [], ["shop-1"])
    assert rates.take_surplus()["shop-1"] == 10 + 120


def test_the_same_order_is_looked_at_once_a_second() -> None:
    stopwatch = Stopwatch()
    repeats = Repeats(stopwatch)

    seen = []
    for wait_s in (0.0, 0.0, QUIET_S / 2, QUIET_S):
        stopwatch.now_s += wait_s
        seen.append(repeats.admit(b"digest"))

    assert seen == [True, False, False, True]
    assert repeats.admit(b"another digest")


def test_of_refusals_alike_a_few_are_kept_and_all_are_counted() -> None:
    asides = Asides()
    for number in range(100):
        code = "malformed" if number % 2 else "too_large"
        asides.put(RefusedMessage("shop-1", "t", payload=b"", code=code, text=""))
    asides.put(RefusedMessage("shop-2", "t", payload=b"", code="malformed", text=""))

    refusals = asides.take().refusals

    assert len(refusals) == 2 * KEPT_EACH + 1
    assert sum(one.times for one in refusals) == 101
    assert not len(asides)
