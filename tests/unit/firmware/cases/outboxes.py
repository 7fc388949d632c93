"""Which orders are sent when."""

from firmware.core.outbox import Outbox, packet_id


def due(outbox, now_ms):
    return [one.seq for one in outbox.due(now_ms)]


def test_only_sixteen_are_in_play_and_in_sequence():
    outbox = Outbox(range(11, 31))

    assert due(outbox, 0) == list(range(11, 27))
    outbox.remove(12)
    assert due(outbox, 0) == [11] + list(range(13, 28))


def test_of_the_others_each_has_its_turn_but_one_that_was_answered():
    outbox = Outbox(list(range(1, 40)) + [50, 51])
    outbox.add(52)
    outbox.add(60)
    for seq in (20, 39, 17, 60):
        outbox.remove(seq)

    sent = []
    while len(outbox):
        assert len(outbox) == 39 - len(sent)
        sent += due(outbox, 0)[:1]
        outbox.remove(sent[-1])

    others = [seq for seq in range(1, 39) if seq not in (17, 20)]
    assert sent == others + [50, 51, 52]


def test_sending_puts_off_longer_each_time():
    outbox = Outbox([1])
    pauses = []
    now = 0
    for _ in range(6):
        (one,) = outbox.due(now)
        one.was_sent(now, 0)
        pauses.append(outbox.pause_ms(now))
        now = one.due_ms

    assert pauses == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]


def test_jitter_takes_up_to_half():
    outbox = Outbox([1])
    outbox.due(0)[0].was_sent(0, 255)

    assert 2_500 < outbox.pause_ms(0) < 2_520


def test_after_a_reconnect_all_is_due():
    outbox = Outbox([1, 2])
    for one in outbox.due(0):
        one.was_sent(0, 0)
    assert due(outbox, 1) == []

    outbox.all_due()

    assert due(outbox, 1) == [1, 2]


def test_an_order_keeps_its_packet_id():
    assert packet_id(1) == 1
    assert packet_id(32_767) == 32_767
    assert packet_id(32_768) == 1


def test_with_nothing_to_send_it_can_rest():
    assert Outbox([]).pause_ms(0) == 60_000
