"""What the outbox sends, and when: nothing lost, nothing out of order, never too much."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.core.outbox import (
    FIRST_RESEND_MS,
    LAST_RESEND_MS,
    WINDOW,
    Waiting,
    after_send,
    all_due,
    due,
    next_due_ms,
)

jitters = st.floats(0, 1, allow_nan=False)


def test_new_orders_go_out_at_once_in_sequence() -> None:
    waiting = [Waiting(3), Waiting(1), Waiting(2)]

    assert [item.seq for item in due(waiting, 0)] == [1, 2, 3]


def test_at_most_sixteen_orders_are_on_their_way() -> None:
    waiting = [Waiting(seq) for seq in range(1, 40)]

    assert [item.seq for item in due(waiting, 0)] == list(range(1, WINDOW + 1))


def test_an_answered_order_lets_the_next_one_in() -> None:
    waiting = [Waiting(seq) for seq in range(1, 40) if seq != 5]

    assert [item.seq for item in due(waiting, 0)] == [*range(1, 5), *range(6, WINDOW + 2)]


def test_resends_double_from_five_seconds_to_a_minute() -> None:
    item, pauses = Waiting(1), []
    for _ in range(7):
        item = after_send(item, 0, jitter=0)
        pauses.append(item.due_ms)

    assert pauses == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]


def test_a_reconnect_makes_everything_due() -> None:
    waiting = [after_send(Waiting(seq), 1000, jitter=0) for seq in (1, 2)]

    assert due(waiting, 1000) == []
    assert [item.seq for item in due(all_due(waiting), 1000)] == [1, 2]


def test_nothing_wakes_an_empty_outbox() -> None:
    assert next_due_ms([]) is None


@given(st.integers(0, 50), st.integers(0, 10**9), jitters)
def test_a_resend_is_never_sooner_than_half_its_pause_nor_later_than_a_minute(
    sent: int, now: int, jitter: float
) -> None:
    later = after_send(Waiting(1, sent), now, jitter)

    assert FIRST_RESEND_MS / 2 <= later.due_ms - now <= LAST_RESEND_MS


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Draw what can happen: time passes, orders come, answers come, the link is cut."""
    happenings = st.one_of(
        st.tuples(st.just("pass"), st.integers(1, 70_000)),
        st.tuples(st.just("submit"), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 40)),
        st.tuples(st.just("reconnect"), st.just(0)),
    )
    return draw(st.lists(happenings, max_size=60))


@given(histories(), jitters)
def test_every_order_goes_out_in_sequence_and_stays_until_its_answer(
    history: list[tuple[str, int]], jitter: float
) -> None:
    now, last, answered = 0, 0, set[int]()
    waiting: list[Waiting] = []
    first_sent: list[int] = []
    for what, value in history:
        match what:
            case "pass":
                now += value
            case "submit":
                last += 1
                waiting.append(Waiting(last))
            case "reconnect":
                waiting = all_due(waiting)
            case "answer" if waiting:
                gone = waiting[value % len(waiting)].seq
                answered.add(gone)
                waiting = [item for item in waiting if item.seq != gone]
        on_its_way = {item.seq for item in sorted(waiting, key=lambda item: item.seq)[:WINDOW]}
        for item in due(waiting, now):
            assert item.seq in on_its_way
            if item.sent == 0 and item.seq not in first_sent:
                first_sent.append(item.seq)
            later = after_send(item, now, jitter)
            waiting = [later if old.seq == item.seq else old for old in waiting]

    assert {item.seq for item in waiting} | answered == set(range(1, last + 1))
    assert first_sent == sorted(first_sent)
    assert next_due_ms(waiting) is None or waiting
