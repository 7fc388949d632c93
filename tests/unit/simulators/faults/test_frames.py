"""Packets of MQTT are found in whatever pieces they come."""

from hypothesis import given
from hypothesis import strategies as st

from simulators.faults.frames import is_numbered_publish, take_packets

PACKETS = st.lists(
    st.builds(
        lambda head, body: bytes([head, *_length(len(body))]) + body,
        st.sampled_from([0x10, 0x30, 0x32, 0x40, 0xC0]),
        st.binary(max_size=300),
    ),
    max_size=8,
)


def _length(size: int) -> list[int]:
    return [size] if size < 128 else [size & 0x7F | 0x80, size >> 7]


@given(PACKETS, st.integers(1, 40))
def test_packets_come_out_whole_and_in_order_however_they_were_cut(
    packets: list[bytes], size: int
) -> None:
    stream, buffer = b"".join(packets), bytearray()
    found: list[bytes] = []

    for start in range(0, len(stream), size):
        buffer += stream[start : start + size]
        found += take_packets(buffer)

    assert found == packets
    assert not buffer


def test_only_a_message_that_is_acknowledged_may_come_twice() -> None:
    assert is_numbered_publish(b"\x32\x00")
    assert not is_numbered_publish(b"\x30\x00")
    assert not is_numbered_publish(b"\x40\x02")
