"""A printer's buffer, faults and pace, on a clock made of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.devices import Fault, Pace, PrinterProfile
from simulators.devices.mechanism import Mechanism, Sender
from simulators.devices.paper import Outcome

JOB = b"\x1b@one\ntwo\n\x1dV\x00\x1dr\x01"


class Bench:
    """One mechanism, one sender, and a clock that goes only when told."""

    def __init__(self, pace: Pace | None = None, profile: PrinterProfile | None = None) -> None:
        self.outcomes: list[Outcome] = []
        self.printer = Mechanism(
            profile or PrinterProfile(), pace or Pace(), on_outcome=self.outcomes.append
        )
        self.sender = Sender()
        self.now_s = 100.0

    def send(self, stream: bytes) -> None:
        """Send, and let the printer do what is due."""
        self.printer.receive(self.sender, stream)
        self.printer.run(self.now_s)

    def replies(self) -> bytes:
        """Take what came back."""
        taken = bytes(self.sender.replies)
        self.sender.replies.clear()
        return taken

    def finish(self) -> float:
        """Let the printer print all it can; give the seconds that took."""
        begun = self.now_s
        while (wait := self.printer.run(self.now_s)) is not None:
            self.now_s += wait
        return self.now_s - begun

    def texts(self) -> list[str]:
        """Give the slips that came out."""
        return [slip.text for slip in self.printer.paper.slips()]


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
def test_a_job_at_fault_is_held_and_printed_once_after_the_repair(fault: Fault) -> None:
    bench = Bench()
    bench.printer.set_faults(frozenset({fault}))

    bench.send(JOB)
    held = (bench.texts(), bench.replies())
    bench.printer.set_faults(frozenset())
    bench.finish()

    assert held == ([], b"")
    assert (bench.texts(), bench.replies()) == (["one\ntwo\n"], b"\0")


def test_two_faults_hold_until_both_are_repaired() -> None:
    bench = Bench()
    bench.printer.set_faults(frozenset({Fault.PAPER_OUT, Fault.COVER_OPEN}))
    bench.send(JOB)

    bench.printer.set_faults(frozenset({Fault.PAPER_OUT}))
    bench.finish()
    with_one = bench.texts()
    bench.printer.set_faults(frozenset())
    bench.finish()

    assert (with_one, bench.texts()) == ([], ["one\ntwo\n"])


def test_a_fault_in_the_middle_stops_between_two_lines_and_goes_on_with_the_next() -> None:
    bench = Bench(Pace(mm_per_s=30))
    bench.send(JOB)
    on_paper = bench.printer.paper.hanging.text

    bench.printer.set_faults(frozenset({Fault.PAPER_OUT}))
    bench.now_s += 60
    bench.finish()
    at_fault = bench.printer.paper.hanging.text
    bench.printer.set_faults(frozenset())
    bench.finish()

    assert on_paper == at_fault == "one\n"
    assert bench.texts() == ["one\ntwo\n"]


def test_a_job_sent_again_into_a_fault_is_printed_twice() -> None:
    bench = Bench()
    bench.printer.set_faults(frozenset({Fault.PAPER_OUT}))
    bench.send(JOB)
    bench.send(JOB)

    bench.printer.set_faults(frozenset())
    bench.finish()

    assert bench.texts() == ["one\ntwo\n"] * 2


@pytest.mark.parametrize(
    ("faults", "answers"),
    [
        ((), "12 12 12 12"),
        ((Fault.PAPER_NEAR_END,), "12 12 12 1e"),
        ((Fault.PAPER_OUT,), "1a 32 12 7e"),
        ((Fault.COVER_OPEN,), "1a 16 12 12"),
        ((Fault.OFFLINE,), "1a 12 12 12"),
        ((Fault.COVER_OPEN, Fault.PAPER_OUT), "1a 36 12 7e"),
    ],
)
def test_realtime_status_tells_the_fault_at_once_past_a_held_job(
    faults: tuple[Fault, ...], answers: str
) -> None:
    bench = Bench()
    bench.printer.set_faults(frozenset(faults) | {Fault.OFFLINE} if faults else frozenset())
    bench.send(b"held\n")
    bench.printer.set_faults(frozenset(faults))

    bench.send(b"".join(bytes([0x10, 4, n]) for n in (1, 2, 3, 4)))

    assert bench.replies().hex(" ") == answers


def test_changes_are_pushed_to_who_asked_for_them() -> None:
    bench = Bench()
    bench.send(b"\x1da\xff")

    bench.printer.set_faults(frozenset({Fault.PAPER_OUT}))
    bench.printer.set_faults(frozenset())
    pushed = bench.replies()
    bench.send(b"\x1da\x00")
    bench.printer.set_faults(frozenset({Fault.COVER_OPEN}))

    assert pushed.hex() == "10000000" + "18000f00" + "10000000"
    assert bench.replies() == b""


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(1, b"\x20"), (2, b"\x02"), (65, b"_1.0\0"), (66, b"_Epsom\0"), (67, b"_TM-1\0"), (99, b"")],
)
def test_it_says_who_it_is(asked: int, answer: bytes) -> None:
    bench = Bench(profile=PrinterProfile(maker="Epsom", model="TM-1"))

    bench.send(b"\x1dI" + bytes([asked]))

    assert bench.replies() == answer


def test_a_full_buffer_takes_nothing_more_until_it_has_printed() -> None:
    bench = Bench(profile=PrinterProfile(buffer_bytes=64))
    bench.printer.set_faults(frozenset({Fault.PAPER_OUT}))

    bench.send(b"x" * 40 + b"\n")
    half = bench.printer.has_room
    bench.send(b"x" * 40 + b"\n")
    full = bench.printer.has_room
    bench.printer.set_faults(frozenset())
    bench.finish()

    assert (half, full, bench.printer.has_room) == (True, False, True)


@given(st.integers(1, 40), st.sampled_from([20, 60, 150, 300]))
def test_printing_takes_as_long_as_the_paper_moves(count: int, speed: int) -> None:
    bench = Bench(Pace(mm_per_s=speed))

    bench.printer.receive(bench.sender, b"line\n" * count + b"\x1dV\x00\x1dr\x01")
    took = bench.finish()

    assert took == pytest.approx(count * 30 / (speed * 8))
    assert bench.replies() == b"\0"


def test_the_barrier_is_answered_only_when_the_last_line_has_moved() -> None:
    bench = Bench(Pace(mm_per_s=10))
    bench.send(b"line\n\x1dr\x01")

    early = bench.replies()
    bench.now_s += 30 / 80 - 0.001
    bench.printer.run(bench.now_s)
    almost = bench.replies()
    bench.now_s += 0.002
    bench.printer.run(bench.now_s)

    assert (early, almost, bench.replies()) == (b"", b"", b"\0")


@pytest.mark.parametrize(
    ("baud", "count", "seconds"), [(9600, 480, 0.5), (9600, 41_000, 42.708), (115_200, 11_520, 1)]
)
def test_the_line_carries_a_tenth_of_its_baud_rate_in_bytes(
    baud: int, count: int, seconds: float
) -> None:
    assert Pace(baud=baud).wire_s(count) == pytest.approx(seconds, rel=1e-4)


def test_without_a_pace_nothing_takes_time() -> None:
    assert (Pace().wire_s(1_000_000), Pace().print_s(1_000_000)) == (0, 0)
