"""What terminals tell of themselves: asked for, told until it is here, put together, bounded."""

import json
import random
import zlib
from typing import Any

import pytest

from broker.contract import (
    PIECE_BYTES,
    Diagnosis,
    DiagnosisData,
    in_pieces,
)
from hub.base import history
from hub.base.access import EVERYTHING, Actor, Scope
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.diagnoses import DIAGNOSES_KEPT, DiagnosisError, read_told
from hub.desk.terminals.reads.machines.diagnoses import (
    DiagnosisRow,
    list_diagnoses,
    read_diagnosis,
)
from tests.builders.market import NOON, Market, new_uuid
from tests.suites.hub.test_counter_settings import told
from tests.suites.hub.test_wire_beside_orders import status

ASHA = Actor("asha", ("admin",), EVERYTHING)
SHOP = "shop-2"


def ask(market: Market, terminal: str = SHOP, by: Actor = ASHA) -> str:
    return market.hub.ground.part(EnrolmentActs).diagnose(terminal, why="prints nothing", by=by)


def fault(market: Market, terminal: str, by: Actor = ASHA) -> str:
    with pytest.raises(DiagnosisError) as refused:
        ask(market, terminal, by)
    return refused.value.code


def packed(log: list[str] | None = None) -> bytes:
    """Write what a terminal tells; random lines do not compress, so that it takes pieces."""
    told = {"facts": {"line": "online"}, "findings": [], "settings": {}, "log": log or []}
    return zlib.compress(json.dumps(told).encode())


def long_log() -> list[str]:
    drawn = random.Random(7)
    return [drawn.randbytes(500).hex() for _ in range(60)]


def pieces(asked: str, content: bytes, *, boot: int = 1, terminal: str = SHOP) -> list[Diagnosis]:
    cut = in_pieces(content)
    return [
        Diagnosis(
            id=new_uuid(),
            term=terminal,
            boot=boot,
            at=NOON,
            data=DiagnosisData(asked=asked, part=part, parts=len(cut), content=one),
        )
        for part, one in enumerate(cut, start=1)
    ]


def rows(market: Market, terminal: str = SHOP) -> list[DiagnosisRow]:
    with market.database.read() as connection:
        return list(list_diagnoses(connection, terminal, scope=EVERYTHING))


def read(market: Market, name: str = "latest", scope: Scope = EVERYTHING) -> DiagnosisRow | None:
    with market.database.read() as connection:
        return read_diagnosis(connection, SHOP, name, scope=scope)


@pytest.fixture
def able(market: Market) -> Market:
    """Give a market whose second shop tells of itself when asked."""
    market.hears(status(diagnoses=True))
    return market


def test_a_terminal_is_asked_with_each_status_until_all_pieces_are_here(able: Market) -> None:
    asked = ask(able)
    first, *rest = pieces(asked, packed(long_log()))

    assert len(rest) >= 3
    assert [one.diagnosis for one in told(able, diagnoses=True)] == [asked]
    able.wire.hear_diagnosis(first)
    able.wire.hear_diagnosis(first)
    assert [one.diagnosis for one in told(able, diagnoses=True)] == [asked]
    for piece in reversed(rest):
        able.wire.hear_diagnosis(piece)
    found = read(able)

    assert found is not None
    assert (found.name, found.state, found.asked_by, found.came_at) == (asked, "here", "asha", NOON)
    assert found.told is not None
    assert [one.text for one in found.told.log] == long_log()
    assert {one.diagnosis for one in told(able, diagnoses=True)} == {None}
    assert able.rows("SELECT count(*) FROM terminal_diagnosis_piece") == [(0,)]
    assert [one.state for one in rows(able)] == ["here"]


def test_pieces_of_another_start_are_not_put_together_with_those_before(able: Market) -> None:
    asked = ask(able)
    before, after = pieces(asked, packed(long_log())), pieces(asked, packed(long_log()[1:]), boot=2)

    able.wire.hear_diagnosis(before[0])
    for piece in after[1:]:
        able.wire.hear_diagnosis(piece)
    assert [one.state for one in rows(able)] == ["asked"]
    able.wire.hear_diagnosis(after[0])

    found = read(able)
    assert found is not None
    assert found.told is not None
    assert len(found.told.log) == len(long_log()) - 1


def test_what_cannot_be_read_ends_the_asking_and_shows_nothing(able: Market) -> None:
    asked = ask(able)

    able.wire.hear_diagnosis(pieces(asked, b"no zlib at all")[0])

    assert [one.state for one in rows(able)] == ["unreadable"]
    assert read(able) is None
    assert {one.diagnosis for one in told(able, diagnoses=True)} == {None}


def test_a_bomb_is_not_unpacked(able: Market) -> None:
    asked = ask(able)
    bomb = zlib.compress(bytes(32 * 1024 * 1024))

    for piece in pieces(asked, bomb):
        able.wire.hear_diagnosis(piece)

    assert len(bomb) < 8 * PIECE_BYTES
    assert [one.state for one in rows(able)] == ["unreadable"]


def test_what_nobody_asked_for_or_another_terminal_sends_is_dropped(able: Market) -> None:
    asked = ask(able)

    able.wire.hear_diagnosis(pieces(new_uuid(), packed())[0])
    able.wire.hear_diagnosis(pieces(asked, packed(), terminal="shop-1")[0])

    assert [one.state for one in rows(able)] == ["asked"]
    assert able.rows("SELECT count(*) FROM terminal_diagnosis_piece") == [(0,)]


def test_asked_twice_it_is_asked_once_and_the_newest_five_are_kept(able: Market) -> None:
    names = []
    for _ in range(DIAGNOSES_KEPT + 2):
        names.append(ask(able))
        assert ask(able) == names[-1]
        able.wire.hear_diagnosis(pieces(names[-1], packed())[0])

    assert [one.name for one in rows(able)] == names[:1:-1]
    with able.database.read() as connection:
        changes = history.read(connection, "terminal", SHOP)
    said = [(one.field, one.new, one.who, one.why) for one in changes][-1]
    assert said == ("diagnosis", "asked", "asha", "prints nothing")


def test_who_cannot_be_asked_is_refused_with_a_reason(able: Market) -> None:
    nobody = Actor("ravi", ("admin",), Scope())

    assert fault(able, "shop-99") == "terminal_unknown"
    assert fault(able, "shop-1") == "diagnosis_unable"
    assert fault(able, SHOP, nobody) == "terminal_unknown"
    able.hears(status())  # older software took its place
    assert fault(able, SHOP) == "diagnosis_unable"


@pytest.mark.parametrize(
    "text", ["", "[]", "17", '{"facts": 3, "findings": [1, {"state": 9}], "log": {"a": 1}}']
)
def test_strange_texts_are_read_as_far_as_they_go(text: str) -> None:
    found: Any = read_told(text)

    assert found is None or (found.facts == [] and found.log == [] and len(found.findings) == 1)
