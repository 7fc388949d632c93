"""Codec laws: any bytes are a message or a refusal, and messages come back as they went."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract import (
    MAX_PACKET_BYTES,
    MAX_QUANTITY,
    MAX_UP_BYTES,
    Ack,
    AckData,
    Order,
    OrderData,
    OrderLine,
    Refusal,
    Refused,
    RefusedData,
    UpAddress,
    decode_down,
    decode_up,
    encode,
    uuid7,
)

pytestmark = pytest.mark.slow
ADDRESS = UpAddress("shop-a", "order")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
UUIDS = st.builds(uuid7, st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
PRINTABLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
CODES = st.text(PRINTABLE, min_size=1, max_size=64)
NAMES = st.text(PRINTABLE, max_size=200)
LINES = st.builds(
    OrderLine,
    line=st.integers(1, 500),
    sku=CODES,
    qty=st.integers(1, MAX_QUANTITY),
    unit=st.none() | st.text(PRINTABLE, min_size=1, max_size=32),
    batch=st.none() | CODES,
)
ORDERS = st.builds(
    Order,
    id=UUIDS,
    term=st.just("shop-a"),
    boot=st.integers(0, 2**31),
    seq=st.integers(0, 2**53 - 1),
    at=st.integers(0, 2**53 - 1),
    data=st.builds(
        OrderData,
        order=UUIDS,
        number=st.text(PRINTABLE, min_size=1, max_size=48),
        customer=CODES,
        operator=NAMES,
        payment=st.sampled_from(["credit", "cash", "advance"]),
        lines=st.lists(LINES, min_size=1, max_size=20),
        quote=st.none(),
        captured_at=st.integers(0, 2**53 - 1),
        mono_ms=st.integers(0, 2**53 - 1),
        clock_trusted=st.booleans(),
    ),
)


REFUSALS = {"too_large", "malformed", "unknown_version", "unknown_type", "invalid", "wrong_sender"}
"""The codes a refusal may have, as its class promises."""


def refusal_of(payload: bytes, address: UpAddress = ADDRESS) -> Refusal | None:
    try:
        decode_up(payload, address)
    except Refusal as refusal:
        return refusal
    return None


@given(st.binary())
def test_any_bytes_from_a_terminal_are_a_message_or_a_refusal(payload: bytes) -> None:
    refusal = refusal_of(payload)

    assert refusal is None or refusal.code in REFUSALS


@given(st.binary())
def test_any_bytes_from_the_hub_are_a_message_or_a_refusal(payload: bytes) -> None:
    with pytest.raises(Refusal):
        decode_down(payload)


@given(JSON)
def test_any_json_is_a_message_or_a_refusal(content: object) -> None:
    refusal = refusal_of(json.dumps(content).encode())

    assert refusal is None or refusal.code in REFUSALS


@given(
    ORDERS,
    st.sampled_from(["v", "id", "type", "term", "boot", "seq", "at", "ref", "data"]),
    JSON,
)
def test_an_order_with_anything_in_any_field_is_a_message_or_a_refusal(
    order: Order, field: str, content: object
) -> None:
    broken = {**json.loads(encode(order)), field: content}

    refusal = refusal_of(json.dumps(broken).encode())

    assert refusal is None or refusal.code in REFUSALS


@given(ORDERS, st.sampled_from(["id", "order"]), st.text())
def test_a_refusal_can_always_be_sent_back_as_a_message(
    order: Order, field: str, content: str
) -> None:
    broken = json.loads(encode(order))
    (broken if field == "id" else broken["data"])[field] = content
    refusal = refusal_of(json.dumps(broken).encode())
    if refusal is None:
        return

    answer = Refused(
        id=order.id,
        term="shop-a",
        boot=1,
        at=0,
        ref=refusal.message,
        data=RefusedData(code=refusal.code, text=refusal.text[:500], order=refusal.order),
    )

    assert decode_down(encode(answer)) == answer


@given(ORDERS)
def test_an_order_comes_back_as_it_went(order: Order) -> None:
    assert decode_up(encode(order), ADDRESS) == order


@given(ORDERS, st.data())
def test_an_order_with_one_byte_changed_never_raises_anything_else(
    order: Order, data: st.DataObject
) -> None:
    payload = bytearray(encode(order))
    payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    refusal = refusal_of(bytes(payload))

    assert refusal is None or refusal.code in REFUSALS


@given(ORDERS, st.dictionaries(st.text(), JSON))
def test_fields_of_a_later_version_are_passed_over(order: Order, extra: dict[str, object]) -> None:
    known = json.loads(encode(order))

    later = {**extra, **known, "data": {**extra, **known["data"]}}

    assert decode_up(msgspec.json.encode(later), ADDRESS) == order


def test_a_message_on_another_terminals_topic_is_refused_with_its_ids() -> None:
    order, message = uuid7(1, bytes(10)), uuid7(2, bytes(10))
    ack = Ack(
        id=message, term="shop-b", boot=1, at=0, ref=order, data=AckData(order=order, revision=1)
    )

    refusal = refusal_of(encode(ack), UpAddress("shop-a", "ack"))

    assert refusal is not None
    assert (refusal.code, refusal.order, refusal.message) == ("wrong_sender", order, message)


def test_a_message_larger_than_the_limit_is_refused_unread() -> None:
    refusal = refusal_of(b"{" * (MAX_UP_BYTES + 1))

    assert refusal is not None
    assert refusal.code == "too_large"


def test_a_down_message_larger_than_a_packet_is_refused_unread() -> None:
    with pytest.raises(Refusal, match="too_large"):
        decode_down(b"{" * (MAX_PACKET_BYTES + 1))


def test_a_refusal_of_an_endless_type_stays_short() -> None:
    refusal = refusal_of(json.dumps({"type": "x" * 100_000}).encode())

    assert refusal is not None
    assert len(refusal.text) < 100
