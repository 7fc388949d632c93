"""Two machines of one id: the later one is named and halted, the first goes on."""

import pytest

from broker.contract import Halt, Status, decode_down
from hub.base.access import EVERYTHING
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.reads.terminals import every_terminal
from hub.run.bootstrap import build_wire
from tests.builders.market import Market, new_uuid
from tests.suites.hub.test_wire_beside_orders import presence, status

pytestmark = pytest.mark.one_engine

CARD = new_uuid()
FIRST, LATER = new_uuid(), new_uuid()


def birth(start: str, *, boot: int = 6, halted: bool = False, state: str = "online") -> Status:
    """Write what a machine says that runs from the one card."""
    return status(state, boot=boot, card=CARD, start=start, halted=halted)


def halts(replies: list[Outgoing]) -> list[list[str]]:
    """Read which starts are told to stop."""
    read = [decode_down(one.payload) for one in replies if one.kind == "cmd"]
    return [one.data.starts for one in read if isinstance(one, Halt)]


def alarms(market: Market) -> list[tuple[object, ...]]:
    return market.rows("SELECT level, code FROM terminal_log WHERE code = 'card_copied'")


def copied(market: Market) -> list[str]:
    with market.database.read() as connection:
        return [one.id for one in every_terminal(connection, scope=EVERYTHING) if one.copied]


def fight(market: Market) -> list[Outgoing]:
    """Let two machines throw each other off the broker until the hub says something."""
    replies: list[Outgoing] = []
    for start in (FIRST, LATER, FIRST, LATER, FIRST):
        replies = market.hears(birth(start))
    return replies


def test_the_later_of_two_machines_is_halted_and_named(market: Market) -> None:
    replies = fight(market)

    assert halts(replies) == [[LATER]]
    assert alarms(market) == [("alarm", "card_copied")]
    assert copied(market) == ["shop-2"]


def test_machines_that_do_not_name_their_start_are_told_apart_by_card_and_boot(
    market: Market,
) -> None:
    for boot in (5, 6, 5, 6, 5):
        replies = market.hears(status(boot=boot, card=CARD))

    assert copied(market) == ["shop-2"]
    assert halts(replies) == []  # such software would not know its own start by any name


def test_one_late_message_of_an_earlier_start_is_no_second_machine(market: Market) -> None:
    for start in (FIRST, LATER, FIRST, LATER, LATER, new_uuid(), new_uuid()):
        market.hears(birth(start))

    assert alarms(market) == []


def test_starts_one_after_another_are_one_machine(market: Market) -> None:
    for boot in range(1, 30):
        start = new_uuid()
        market.hears(birth(start, boot=boot))
        market.hears(birth(start, boot=boot))

    assert market.rows("SELECT code FROM terminal_log") == []


def test_a_halted_machine_does_not_speak_for_its_terminal(market: Market) -> None:
    fight(market)

    told = market.hears(birth(LATER, boot=9))
    quiet = market.hears(birth(LATER, boot=9, halted=True))
    market.hears(birth(LATER, boot=9, state="offline"))

    assert halts(told) == [[LATER]]
    assert quiet == []
    assert [row[1:3] for row in presence(market)] == [("online", 6)]


def test_the_first_machine_is_told_of_the_other_when_it_comes_back(market: Market) -> None:
    fight(market)
    market.hears(birth(FIRST, state="offline"))

    replies = market.hears(birth(FIRST))

    assert halts(replies) == [[LATER]]


def test_a_hub_that_starts_again_knows_which_machine_was_first(market: Market) -> None:
    market.hears(birth(FIRST))
    market.wire = build_wire(market.hub, http="http://hub")
    for start in (LATER, FIRST, LATER, FIRST):
        replies = market.hears(birth(start))

    assert halts(replies) == [[LATER]]


def test_a_hub_that_forgot_learns_from_the_halted_machine(market: Market) -> None:
    market.hears(birth(FIRST))

    market.hears(birth(LATER, halted=True))

    assert copied(market) == ["shop-2"]


def test_adding_the_terminal_again_settles_it(market: Market) -> None:
    fight(market)

    market.enrol.add("shop-2", customer="C2", warehouse="MAIN")
    replies = [*market.hears(birth(new_uuid())), *market.hears(birth(new_uuid()))]

    assert (copied(market), halts(replies)) == ([], [])


def test_an_older_copy_of_a_card_is_named(market: Market) -> None:
    market.hears(birth(FIRST, boot=9))

    market.hears(birth(LATER, boot=4))

    assert market.rows("SELECT level, code FROM terminal_log") == [("warning", "card_older")]


def test_no_number_of_starts_fills_the_books(market: Market) -> None:
    market.hears(birth(FIRST))
    for _ in range(40):
        market.hears(birth(new_uuid(), halted=True))

    assert market.rows("SELECT count(*) FROM terminal_copy") == [(16,)]
