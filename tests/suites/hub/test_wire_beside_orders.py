"""Presence, outbox and refused messages: what passes beside orders."""

from typing import Any

import msgspec
import pytest

from broker.contract import (
    Ack,
    AckData,
    Config,
    Log,
    LogData,
    Refused,
    Status,
    StatusData,
    facts_hash,
)
from hub.desk.terminals.acts.send_outbox import RESEND_MS
from hub.desk.terminals.model import KEPT, RefusedMessage
from rules.tools.build.signing import is_signed
from tests.builders.market import FILES, NOON, Market, new_uuid

pytestmark = pytest.mark.one_engine


def status(
    state: str = "online", *, terminal: str = "shop-2", boot: int = 1, **said: Any
) -> Status:
    """Write a status message."""
    data = msgspec.convert({"state": state, **said}, StatusData)
    return Status(id=new_uuid(), term=terminal, boot=boot, at=NOON, data=data)


def ack(order: str, revision: int = 1, terminal: str = "shop-2") -> Ack:
    """Write an acknowledgement."""
    data = AckData(order=order, revision=revision)
    return Ack(id=new_uuid(), term=terminal, boot=1, at=NOON, ref=new_uuid(), data=data)


def presence(market: Market) -> list[tuple[object, ...]]:
    """Read what is kept of terminals."""
    return market.rows("SELECT terminal, state, boot, seen_at FROM terminal_presence")


def test_a_birth_is_kept_with_the_moment_it_was_heard(market: Market) -> None:
    market.hears(status(queued=3, printer="paper_out"))

    assert presence(market) == [("shop-2", "online", 1, NOON)]
    assert market.rows("SELECT queued, printer FROM terminal_presence") == [(3, "paper_out")]


def test_of_what_a_terminal_says_in_one_group_the_last_counts(market: Market) -> None:
    market.place(("TEA", 1))

    replies = market.hears(
        status(boot=1),
        status("offline", boot=1),
        status(boot=2, queued=4),
        status("offline", boot=1, queued=9),
    )

    assert market.rows("SELECT boot, queued, state FROM terminal_presence") == [(2, 4, "online")]
    assert [one.kind for one in replies] == ["cmd", "answer"]


def test_terminals_that_come_back_together_are_each_told_what_they_missed(market: Market) -> None:
    placed = {name: market.place(("TEA", 1), terminal=name).order for name in ("shop-1", "shop-2")}

    replies = market.hears(status(terminal="shop-2"), status(terminal="shop-1"), status("offline"))

    missed = [one for one in replies if one.kind == "answer"]
    assert [one.terminal for one in missed] == ["shop-1"]
    assert placed["shop-1"].encode() in missed[0].payload


def test_why_a_pack_is_not_taken_is_kept_until_the_terminal_says_otherwise(market: Market) -> None:
    kept = []
    for reason in ("pack_not_yet", None):
        market.hears(status(pack_reason=reason))
        kept += market.rows("SELECT pack_reason FROM terminal_presence")

    assert kept == [("pack_not_yet",), (None,)]


def test_what_terminals_should_have_is_signed_with_the_hub_s_own_key(market: Market) -> None:
    (reply,) = market.hears(status())

    pack = msgspec.json.decode(reply.payload, type=Config).data.pack
    assert pack.signature is not None
    assert is_signed(pack.hash, pack.signature, market.packs.signer.public)


def test_the_will_of_an_older_start_is_ignored(market: Market) -> None:
    market.hears(status(boot=2))

    market.hears(status("offline", boot=1))

    assert presence(market) == [("shop-2", "online", 2, NOON)]


def test_the_will_of_the_same_start_takes_the_terminal_offline(market: Market) -> None:
    market.hears(status(boot=2))

    market.hears(status("offline", boot=2))

    assert presence(market)[0][1] == "offline"


def test_what_the_broker_kept_does_not_say_that_a_terminal_is_there_now(market: Market) -> None:
    market.hears(status(), retained=True)

    assert presence(market) == [("shop-2", "online", 1, 0)]


def test_a_terminal_nobody_knows_leaves_no_row(market: Market) -> None:
    replies = market.hears(status(terminal="stranger"))

    assert replies == []
    assert presence(market) == []


def test_a_terminal_with_other_snapshots_is_told_what_it_should_have(market: Market) -> None:
    (reply,) = market.hears(status())

    config = msgspec.json.decode(reply.payload, type=Config).data
    (size,) = market.rows(
        "SELECT length(body) FROM snapshot WHERE hash = :h", h=config.catalogue.hash
    )[0]
    assert (reply.kind, config.distributor, config.warehouse) == ("cmd", "Corner Supplies", "MAIN")
    assert config.catalogue.size == size


def test_a_terminal_that_has_everything_is_left_alone(market: Market) -> None:
    (reply,) = market.hears(status())
    config = msgspec.json.decode(reply.payload, type=Config).data
    has: dict[str, Any] = {
        "catalogue": config.catalogue.hash,
        "pack": config.pack.hash,
        "facts": facts_hash(config.customer),
    }

    replies = market.hears(status(**has))

    assert replies == []


def test_terminals_that_are_there_are_told_of_a_load_once(market: Market) -> None:
    market.hears(status())
    market.wire.hear.tell_changes()
    market.clock.ms += 1
    market.load(customers=FILES["customers.csv"].replace("Second Shop", "Second Store"))

    told = market.wire.hear.tell_changes()
    again = market.wire.hear.tell_changes()

    assert [one.terminal for one in told] == ["shop-2"]
    assert msgspec.json.decode(told[0].payload, type=Config).data.customer.name == "Second Store"
    assert again == []


def test_an_answer_is_due_again_until_it_is_acknowledged(market: Market) -> None:
    answer = market.place(("TEA", 1))
    at_once = market.wire.outbox.due()
    market.clock.ms += RESEND_MS + 1

    late = market.wire.outbox.due()
    market.wire.outbox.acknowledge([ack(answer.order)])

    assert [list(at_once), len(late)] == [[], 1]
    assert market.wire.outbox.due() == []
    assert market.rows("SELECT message FROM unacked") == []


def test_what_was_sent_comes_again_with_the_terminals_next_birth(market: Market) -> None:
    market.place(("TEA", 1))
    market.clock.ms += RESEND_MS + 1
    due = market.wire.outbox.due()
    market.wire.outbox.sent(due)
    market.hears(status(boot=1))

    replies = market.hears(status(boot=2))

    assert market.wire.outbox.due() == []
    assert [one.payload for one in replies if one.kind == "answer"] == [due[0].payload]


def test_nobody_acknowledges_for_another_terminal(market: Market) -> None:
    answer = market.place(("TEA", 1))

    market.wire.outbox.acknowledge([ack(answer.order, terminal="shop-1"), ack(new_uuid())])

    assert market.rows("SELECT terminal, is_sent FROM unacked") == [("shop-2", False)]


def test_refused_messages_are_counted_for_ever_and_kept_up_to_a_thousand(market: Market) -> None:
    refused = RefusedMessage("shop-2", "t", payload=b"{" * 9000, code="malformed", text="not JSON")

    for _ in range(3):
        market.wire.refuse([refused] * 400)

    assert market.rows("SELECT count(*), max(length(payload)) FROM refused_message") == [
        (KEPT, 2048)
    ]
    assert market.rows("SELECT code, count FROM refused_count") == [("malformed", 1_200)]


def test_the_sender_is_told_why_and_a_topic_of_nobody_is_only_kept(market: Market) -> None:
    from_terminal = RefusedMessage(
        "shop-2", "t", payload=b"", code="invalid", text="x\x00" * 600, message="no id"
    )
    from_nobody = RefusedMessage("", "ow/v1/x", payload=b"", code="unknown_topic", text="?")

    (answer,) = market.wire.refuse([from_terminal])
    silence = market.wire.refuse([from_nobody])

    assert msgspec.json.decode(answer.payload, type=Refused).data.code == "invalid"
    assert silence == []
    assert market.rows("SELECT count(*) FROM refused_message") == [(2,)]


def test_remarks_of_terminals_are_kept(market: Market) -> None:
    data = LogData(level="alarm", code="print_unknown", text="a slip\x00may be missing")

    market.wire.hear.logs([Log(id=new_uuid(), term="shop-2", boot=1, at=NOON, data=data)])

    assert market.rows("SELECT terminal, level, code, at FROM terminal_log") == [
        ("shop-2", "alarm", "print_unknown", NOON)
    ]
