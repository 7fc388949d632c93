"""Who may do what on which topic, whichever broker asks."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract import UpKind, down, up
from broker.contract.access import Access, covers, may, mosquitto_acl

LEVELS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=3)
FILTERS = st.builds(
    lambda levels, open_end: [*levels, *(["#"] if open_end else [])],
    st.lists(st.sampled_from(["a", "b", "+"]), min_size=1, max_size=3),
    st.booleans(),
)
ALL_TOPICS = ["/".join(levels) for n in range(1, 6) for levels in product("ab", repeat=n)]


def matches(pattern: str, topic: str) -> bool:
    """Match as MQTT 4.7.1 says, written in another way than the code under test."""
    expression = re.escape(pattern).replace(r"/\#", "(/.*)?").replace(r"\#", ".*")
    return re.fullmatch(expression.replace(r"\+", "[^/]*"), topic) is not None


@given(FILTERS, FILTERS)
def test_a_filter_covers_another_exactly_if_it_matches_all_its_topics(
    wide: list[str], narrow: list[str]
) -> None:
    first, second = "/".join(wide), "/".join(narrow)

    expected = all(matches(first, topic) for topic in ALL_TOPICS if matches(second, topic))

    assert covers(first, second) == expected


@pytest.mark.parametrize(
    ("access", "topic", "allowed"),
    [
        ("write", up("shop-a", "order"), True),
        ("read", down("shop-a", "answer"), True),
        ("read", "ow/v1/4/t/shop-a/down/#", True),
        ("read", "ow/v1/hub/status", True),
        ("read", up("shop-a", "order"), False),
        ("write", down("shop-a", "answer"), False),
        ("write", "ow/v1/hub/status", False),
        ("write", up("shop-b", "order"), False),
        ("read", down("shop-b", "answer"), False),
        ("read", "ow/v1/+/t/+/down/#", False),
        ("read", "ow/#", False),
        ("read", "#", False),
        ("read", "$SYS/#", False),
    ],
)
def test_a_terminal_may_do(access: Access, topic: str, allowed: bool) -> None:  # noqa: FBT001
    assert may("shop-a", access, topic) is allowed


def test_the_hub_may_use_the_whole_tree_and_nothing_beside_it() -> None:
    assert may("hub", "read", "ow/v1/+/t/+/up/#")
    assert may("hub", "write", down("shop-a", "answer"))
    assert not may("hub", "read", "#")


@pytest.mark.parametrize("kind", ["order", "ack", "status", "log"])
def test_a_terminal_writes_one_topic_a_kind_in_its_own_shard(kind: UpKind) -> None:
    own, beneath = up("shop-a", kind), f"{up('shop-a', kind)}/a1"
    elsewhere = [own.replace("/4/", f"/{shard}/") for shard in range(16) if shard != 4]

    allowed = [topic for topic in (own, beneath, *elsewhere) if may("shop-a", "write", topic)]

    assert allowed == [own]


def test_the_file_for_mosquitto_says_the_same() -> None:
    text = mosquitto_acl(["shop-a", "hub"])

    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert rules == [
        "user hub",
        "topic readwrite ow/#",
        "user shop-a",
        "topic write ow/v1/4/t/shop-a/up/order",
        "topic write ow/v1/4/t/shop-a/up/ack",
        "topic write ow/v1/4/t/shop-a/up/status",
        "topic write ow/v1/4/t/shop-a/up/log",
        "topic write ow/v1/4/t/shop-a/up/kept",
        "topic write ow/v1/4/t/shop-a/up/ask",
        "topic read ow/v1/4/t/shop-a/down/#",
        "topic read ow/v1/hub/#",
    ]


def test_processes_of_the_hub_have_names_of_their_own_and_no_terminal_has_one() -> None:
    named = mosquitto_acl(["hub-1", "hub-12", "hub-a", "shop-1"])

    assert [name for name in ("hub", "hub-1", "hub-99") if not may(name, "write", "ow/v1/x")] == []
    assert not any(
        may(name, "write", "ow/v1/x") for name in ("hub-0", "hub-100", "hub-a", "hubs", "hub-1x")
    )
    assert named.count("topic readwrite ow/#") == 3
