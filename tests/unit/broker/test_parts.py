"""A configuration that is too large for one message comes in parts, and nothing of it is lost."""

import itertools

import msgspec
import pytest

from broker.contract import (
    MAX_CONFIG_BYTES,
    MAX_PACKET_BYTES,
    Config,
    ConfigData,
    ConfigJoiner,
    CreditFacts,
    CustomerFacts,
    Lease,
    SchemeCounter,
    SignedSnapshot,
    Snapshot,
    encode,
    in_parts,
    uuid7,
)

MOST = 9_007_199_254_740_991
WIDE = "\U0001f6d2" * 200
"""The longest name that a rule may have: four bytes a letter."""


REST = ConfigData(
    distributor="Corner Supplies",
    support="",
    timezone="Asia/Kolkata",
    customer=CustomerFacts(
        id="C7", name="Shop", type=None, geo=[], status="active", credit=CreditFacts(state="none")
    ),
    warehouse="MAIN",
    http="http://hub",
    catalogue=Snapshot(hash="a" * 64, size=1),
    pack=SignedSnapshot(hash="b" * 64, size=1),
    counted_at=1,
)


def config_with(leases: int, counters: int = 0, name: str = "SCH") -> ConfigData:
    """Write a configuration with so many leases and counters."""
    return msgspec.structs.replace(
        REST,
        leases=[Lease(rule=f"{name}-{n:04}", uses=1, until=MOST) for n in range(leases)],
        counters=[
            SchemeCounter(rule=f"{name}-{n:04}", scope="C7", used=1) for n in range(counters)
        ],
    )


def joined(parts: list[ConfigData]) -> ConfigData | None:
    """Put parts together as a terminal does."""
    joiner = ConfigJoiner()
    *_, last = [joiner.take(part) for part in parts]
    return last


def test_what_just_fits_is_one_message_and_one_byte_more_is_two() -> None:
    config = config_with(20, 20)
    size = len(encode(config))

    assert in_parts(config, size) == [config]
    assert len(in_parts(config, size - 1)) == 2


@pytest.mark.parametrize("most", [1_200, 1_999, 4_000, 10_000])
def test_no_part_is_larger_than_the_most_and_together_they_say_all(most: int) -> None:
    config = config_with(150, 70)

    parts = in_parts(config, most)

    assert max(len(encode(part)) for part in parts) <= most
    assert joined(parts) == config


def test_the_longest_names_fit_into_a_packet() -> None:
    lease = Lease(rule=WIDE, scope=WIDE, uses=MOST, amount=MOST, pieces=MOST, until=MOST)
    config = msgspec.structs.replace(config_with(0), leases=[lease] * 500)

    parts = in_parts(config)

    whole = [
        Config(id=uuid7(MOST % 2**40, bytes(10)), term="t" * 32, boot=MOST, at=MOST, data=part)
        for part in parts
    ]
    assert len(parts) > 2
    assert max(len(encode(part.data)) for part in whole) <= MAX_CONFIG_BYTES
    assert max(len(encode(one)) for one in whole) < MAX_PACKET_BYTES
    assert joined(parts) == config


def test_parts_are_joined_in_whatever_order_and_however_often_they_come() -> None:
    config = config_with(60)
    parts = in_parts(config, 2_000)
    assert len(parts) == 3

    for turn in itertools.permutations([*parts, parts[0]]):
        joiner = ConfigJoiner()
        whole = [one for part in turn if (one := joiner.take(part)) is not None]
        assert whole
        assert whole[0].parts == 1
        assert sorted(whole[0].leases, key=lambda one: one.rule) == config.leases


def test_until_the_last_part_has_come_there_is_nothing() -> None:
    joiner = ConfigJoiner()

    assert [joiner.take(part) for part in in_parts(config_with(60), 2_000)[:-1]] == [None, None]


def test_parts_of_an_older_configuration_are_not_mixed_in() -> None:
    older = in_parts(config_with(60), 2_000)
    newer = in_parts(msgspec.structs.replace(config_with(60), counted_at=7), 2_000)
    joiner = ConfigJoiner()

    taken = [joiner.take(part) for part in (older[0], newer[1], newer[2], older[1], older[2])]

    assert taken == [None] * 5


def test_a_whole_one_ends_the_waiting_for_parts() -> None:
    parts = in_parts(config_with(60), 2_000)
    small = config_with(1)
    joiner = ConfigJoiner()

    assert [joiner.take(one) for one in (*parts[:2], small, parts[2])] == [None, None, small, None]
