"""Packets of the hub's client: what comes on a muted topic is counted and goes no further."""

from broker.link.packets import PassedOver, puback, pubacks, publish, take_packets

MOST = 1_000
LOUD, QUIET = "ow/v1/3/t/loud/up/order", "ow/v1/3/t/quiet/up/order"


def test_messages_on_a_muted_topic_are_left_out_and_their_numbers_told() -> None:
    buffer = bytearray(
        publish(LOUD, b"1", mid=7)
        + publish(QUIET, b"2", mid=8)
        + publish(LOUD, b"3" * 300, mid=9)
        + publish(LOUD, b"4")
    )
    muted = {LOUD.encode(): PassedOver()}

    given = list(take_packets(buffer, MOST, muted))

    assert [body[-1:] for _, body in given] == [b"2"]
    passed = muted[LOUD.encode()]
    assert passed.numbers == [b"\x00\x07", b"\x00\x09", b""]
    assert pubacks(passed.numbers) == puback(7) + puback(9)
    assert 302 < passed.size < 302 + 3 * 30
    assert buffer == b""


def test_what_the_broker_kept_is_given_on_a_muted_topic_too() -> None:
    buffer = bytearray(publish(LOUD, b"kept", mid=7, retain=True))

    given = list(take_packets(buffer, MOST, {LOUD.encode(): PassedOver()}))

    assert len(given) == 1


def test_a_topic_that_is_muted_in_the_middle_is_left_out_from_there_on() -> None:
    muted: dict[bytes, PassedOver] = {}
    buffer = bytearray(b"".join(publish(LOUD, b"%d" % n, mid=n) for n in range(1, 6)))
    given = []

    for _, body in take_packets(buffer, MOST, muted):
        given.append(body[-1:])
        muted.setdefault(LOUD.encode(), PassedOver())

    assert given == [b"1"]
    assert len(muted[LOUD.encode()].numbers) == 4


def test_half_a_packet_on_a_muted_topic_waits_for_its_other_half() -> None:
    whole = publish(LOUD, b"1", mid=7)
    muted = {LOUD.encode(): PassedOver()}
    buffer = bytearray(whole[:-1])

    first = list(take_packets(buffer, MOST, muted))
    buffer += whole[-1:]
    then = list(take_packets(buffer, MOST, muted))

    assert (first, then) == ([], [])
    assert muted[LOUD.encode()].numbers == [b"\x00\x07"]
