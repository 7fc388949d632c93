"""The hand at a simulated counter: what it scans, and how it waits for the terminal."""

import asyncio

import pytest

from simulators.data import Pick
from simulators.fleet import codes_of
from simulators.fleet.hands import HandScanner, WatchedScreen
from terminal.core.screen import Screen


@pytest.mark.parametrize(
    ("picks", "codes"),
    [
        ([Pick("MUG", 6)], ["MUG", "OW-QTY-6"]),
        ([Pick("MUG", 1), Pick("CUP", 2)], ["MUG", "CUP", "OW-QTY-2"]),
        (
            [Pick("MUG", 6), Pick("CUP", 1), Pick("MUG", 4)],
            ["MUG", "OW-QTY-6", "CUP", "MUG", "OW-QTY-10"],
        ),
        ([Pick("MUG", 6), Pick("MUG", 1)], ["MUG", "OW-QTY-6", "MUG"]),
    ],
)
def test_a_product_that_comes_again_asks_for_the_sum(picks: list[Pick], codes: list[str]) -> None:
    assert list(codes_of(picks)) == codes


def test_scanning_ends_when_the_terminal_has_dealt_with_every_code() -> None:
    scanner = HandScanner()
    dealt_with: list[str] = []

    async def terminal() -> None:
        while True:
            code = await scanner.read()
            await asyncio.sleep(0)
            dealt_with.append(code)

    async def scenario() -> None:
        reading = asyncio.create_task(terminal())
        await scanner.scan("MUG", "OW-QTY-6", "OW-SUBMIT")
        reading.cancel()

    asyncio.run(asyncio.wait_for(scenario(), 5))

    assert dealt_with == ["MUG", "OW-QTY-6", "OW-SUBMIT"]


def test_the_screen_is_watched_until_it_shows_what_is_waited_for() -> None:
    watched = WatchedScreen("counter-1")

    async def scenario() -> Screen:
        waiting = asyncio.create_task(
            watched.until(lambda seen: seen.queued == 0 and seen.said != "")
        )
        for queued in (2, 1, 0):
            await asyncio.sleep(0)
            watched.show(Screen("counter-1", said=f"{queued} wait", queued=queued))
        return await waiting

    assert asyncio.run(asyncio.wait_for(scenario(), 5)).said == "0 wait"


def test_an_error_is_remembered_with_what_the_screen_said() -> None:
    watched = WatchedScreen("counter-1")

    watched.beep("ok")
    watched.show(Screen("counter-1", said="6 x mug"))
    watched.beep("error")
    watched.show(Screen("counter-1", said="Not in the catalogue: CUP"))
    watched.show(Screen("counter-1", said="Not in the catalogue: CUP", link="online"))

    assert [one.said for one in watched.errors] == ["Not in the catalogue: CUP"]
