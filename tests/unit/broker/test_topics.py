"""Topics are made and read by one module, and only terminals' own topics are read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract import UpAddress, any_down, check_id, down, parse_up, shard_of, up, uuid7
from broker.contract.access import covers

IDS = st.from_regex(r"\A[a-z0-9-]{1,32}\Z")


@given(IDS)
def test_a_terminals_topic_is_read_back_as_it_was_made(terminal: str) -> None:
    assert parse_up(up(terminal, "order")) == UpAddress(terminal, "order")


@given(IDS)
def test_a_terminals_filter_covers_everything_sent_to_it(terminal: str) -> None:
    assert covers(any_down(terminal), down(terminal, "notice"))


@given(st.text())
def test_no_text_makes_the_reader_stumble(topic: str) -> None:
    address = parse_up(topic)

    assert address is None or up(address.terminal, address.kind) == topic


@pytest.mark.parametrize(
    "topic",
    [
        "ow/v1/4/t/shop-a/down/answer",
        "ow/v1/4/t/shop-a/up/order/more",
        "ow/v1/4/t/shop-a/up/secret",
        "ow/v1/4/t/SHOP/up/order",
        "ow/v1/4/t/shop-a\n/up/order",
        "ow/v1/04/t/shop-a/up/order",
        "ow/v1/9/t/shop-a/up/order",
        "ow/v2/4/t/shop-a/up/order",
        "ow/v1/hub/status",
        "",
    ],
)
def test_a_topic_no_terminal_may_use_is_read_as_none(topic: str) -> None:
    assert parse_up(topic) is None


def test_the_shard_of_a_terminal_never_changes() -> None:
    assert [shard_of(name) for name in ("shop-a", "shop-b", "anand-stores")] == [4, 14, 12]


@pytest.mark.parametrize("name", ["", "Shop", "shop_a", "shop/a", "a" * 33, "shop-a\n", "+", "#"])
def test_a_name_that_is_no_id_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not an id"):
        check_id(name)


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10))
def test_ids_made_later_sort_later(now_ms: int, random: bytes) -> None:
    assert uuid7(now_ms, random) < uuid7(now_ms + 1, random)
