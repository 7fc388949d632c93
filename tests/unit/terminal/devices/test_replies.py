"""Bytes from a printer told apart, and which of them prove a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.printers.proofs import CountedBarrier, DoubtError, NamedBarrier
from terminal.devices.printers.replies import Reply, ReplyReader

ANSWER = Reply("ordered", b"\x00")
THERE = Reply("realtime", b"\x12")


@pytest.mark.parametrize(
    ("received", "kinds"),
    [
        (b"\x12", ["realtime"]),
        (b"\x72", ["realtime"]),
        (b"\x00", ["ordered"]),
        (b"\x03", ["ordered"]),
        (b"\x0c", ["ordered"]),
        (b"\x0f", ["ordered"]),
        (b"\x3b\x30\x00", ["started"]),
        (b"\x3c\x00\x00\x00", ["pushed"]),
        (b"\x18\x00\x0c\x00", ["pushed"]),
        (b"\x14\x00\x00\x0f\x00", ["pushed", "ordered"]),
        (b"\x2c\x00\x00\x00", ["noise", "ordered", "ordered", "ordered"]),
        (b'7"0042\x00', ["process"]),
        (b"_TM-T20\x00", ["other"]),
        (b"\x11\x13", ["other", "other"]),
        (b"\xff\x01\x80", ["noise", "noise", "noise"]),
        (b"\x10\x12", ["noise", "realtime"]),
    ],
)
def test_each_reply_is_known_by_its_fixed_bits(received: bytes, kinds: list[str]) -> None:
    reader = ReplyReader()

    assert [reply.kind for reply in [*reader.feed(received), *reader.rest()]] == kinds


@given(st.binary(max_size=300), st.integers(1, 7))
def test_replies_do_not_depend_on_how_the_line_was_split(received: bytes, size: int) -> None:
    whole, parts = ReplyReader(), ReplyReader()

    expected = whole.feed(received)
    found = [
        reply
        for at in range(0, len(received), size)
        for reply in parts.feed(received[at : at + size])
    ]

    assert found == expected
    assert b"".join(map(_raw, [*found, *parts.rest()])) == received


def _raw(reply: Reply) -> bytes:
    return b'7"' + reply.body + b"\0" if reply.kind == "process" else reply.body


@pytest.mark.parametrize("cut_off", [b"\x10", b"\x3b\x30", b"_TM", b'7"00'])
def test_a_reply_that_does_not_go_on_is_noise(cut_off: bytes) -> None:
    reader = ReplyReader()

    assert reader.feed(cut_off) == []
    assert reader.rest() == [Reply("noise", cut_off)]


def passed(replies: list[Reply]) -> CountedBarrier:
    """Give a barrier with one question, its answer, and then these replies to its check."""
    barrier = CountedBarrier()
    barrier.question()
    barrier.take(ANSWER)
    barrier.check()
    for reply in replies:
        barrier.take(reply)
    return barrier


def test_an_answer_alone_is_no_proof_and_one_that_is_confirmed_is() -> None:
    assert not passed([]).is_proven
    assert not passed([THERE, THERE]).is_proven
    assert passed([THERE, THERE, ANSWER]).is_proven


def test_an_answer_of_somebody_else_before_ours_is_made_good_by_the_second_question() -> None:
    barrier = CountedBarrier()
    barrier.question()
    barrier.take(ANSWER)  # somebody else's
    barrier.check()
    barrier.take(THERE)
    barrier.take(THERE)

    assert not barrier.is_proven
    barrier.take(ANSWER)  # ours, behind the job

    assert barrier.is_proven


@pytest.mark.parametrize(
    "replies",
    [
        [ANSWER],
        [THERE, ANSWER],
        [THERE, THERE, ANSWER, ANSWER],
        [Reply("noise", b"\xff")],
        [Reply("started", b"\x3b\x30\x00")],
        [THERE, THERE, Reply("noise", b"l")],
    ],
)
def test_what_no_healthy_printer_sends_is_a_doubt_for_good(replies: list[Reply]) -> None:
    with pytest.raises(DoubtError):
        passed(replies)


def test_status_that_a_printer_pushes_by_itself_proves_nothing_and_spoils_nothing() -> None:
    pushed = Reply("pushed", b"\x18\x00\x0c\x00")

    assert passed([pushed, THERE, pushed, THERE, pushed, ANSWER]).is_proven


def test_a_name_proves_its_own_question_only_and_noise_proves_nothing() -> None:
    barrier = NamedBarrier(4711)
    asked = [barrier.question()[-4:], barrier.question()[-4:]]

    for body in (b"0000", asked[1]):
        barrier.take(Reply("process", body))
    barrier.take(ANSWER)
    barrier.take(Reply("noise", b"\xff"))
    assert (barrier.passed, barrier.is_proven) == (0, False)
    for body in asked:
        barrier.take(Reply("process", body))

    assert (barrier.passed, barrier.is_proven) == (2, True)
    with pytest.raises(DoubtError):
        barrier.take(Reply("started", b"\x3b\x30\x00"))
