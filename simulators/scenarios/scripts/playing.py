"""A scenario played in a small town: step by step, with the town's own blows and checker."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulators.data import Distributor, Pick
from simulators.errors import MisreadError
from simulators.faults.plan import FaultPlan, Strike
from simulators.faults.registry import KINDS, LONGEST_S
from simulators.scenarios.scripts.script import (
    EndStep,
    FaultStep,
    OrderStep,
    ScanStep,
    Script,
    StaffStep,
    State,
    Step,
    WaitStep,
)
from simulators.scenarios.site import Say
from simulators.scenarios.town.options import FleetOptions
from simulators.scenarios.town.town import Lived, Town

_PATIENCE_S: Final = 60.0
_LOOK_S: Final = 0.2
_SHOWS: Final[Mapping[State, Callable[[Mapping[str, Any]], bool]]] = {
    "online": lambda seen: seen["link"] == "online",
    "offline": lambda seen: seen["link"] != "online",
    "queued": lambda seen: seen["queued"] > 0,
    "answered": lambda seen: seen["queued"] == 0,
    "printed": lambda seen: seen["queued"] == 0 and seen["slips_waiting"] == 0,
}


@dataclass(frozen=True, slots=True)
class Played:
    """What a scenario came to; `unexpected` are sums that are not as they should be."""

    script: Script
    lived: Lived
    unexpected: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether every promise and expectation was kept."""
        return self.lived.sound and not self.unexpected

    def complaints(self) -> tuple[str, ...]:
        """Give all that went wrong, a sentence each."""
        return (*self.lived.complaints(), *self.unexpected)

    def as_json(self) -> dict[str, Any]:
        """Give the last line of the command."""
        said = self.lived.as_json()
        named = {"scenario": self.script.name, "unexpected": list(self.unexpected)}
        return {**named, **{name: value for name, value in said.items() if name != "orders_per_s"}}


async def play(script: Script, folder: Path, *, distributor: Distributor, say: Say) -> Played:
    """Play a scenario in `folder`; raises ScenarioError."""
    wanted = {step.at for step in script.steps if isinstance(step, OrderStep | ScanStep)}
    for name in sorted(wanted - set(distributor.terminals)):
        raise MisreadError(f"there is no counter {name}: {', '.join(distributor.terminals)}")
    options = FleetOptions(
        terminals=len(distributor.terminals),
        for_s=_PATIENCE_S,
        seed=script.seed,
        plan=FaultPlan(weights=dict.fromkeys(script.faults, 1)),
        processes=1,
        staff=any(isinstance(step, StaffStep) for step in script.steps),
    )
    town = Town(folder, options, distributor=distributor, say=say)
    async with AsyncExitStack() as stack:
        await town.open(stack)
        player = _Player(town, say)
        try:
            for step in script.steps:
                await player.take(step)
        finally:
            await player.end_all()
        lived = await town.settle()
    return Played(script, lived, tuple(_unexpected(script, lived, player.misread)))


def _unexpected(script: Script, lived: Lived, misread: int) -> list[str]:
    sums = lived.settlement.reckoning
    refused = sum("refused" in one for one in sums.lost)
    found = {**lived.as_json(), "refused": refused, "misread": misread}
    return [
        f"{name} is {found[name]}, not {value}"
        for name, value in script.expect.items()
        if found[name] != value
    ]


def describe(step: Step) -> str:
    """Say in words what a step does."""
    match step:
        case OrderStep(at, lines, quantity):
            return f"{at} orders {lines} products, {quantity} of each"
        case ScanStep(at, codes):
            return f"{at} scans {', '.join(codes)}"
        case FaultStep(kind):
            return f"{kind}: {KINDS[kind].purpose}"
        case EndStep(kind):
            return f"{kind} is over"
        case WaitStep(at, until, seconds):
            return f"wait until {at} is {until}" if until else f"wait {seconds:g} s"
        case StaffStep(times):
            return f"the staff does {times} things"


class _Player:
    """The hands that play."""

    def __init__(self, town: Town, say: Say) -> None:
        self._town = town
        self._say = say
        self._going: dict[str, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._next = 0
        self.misread = 0

    async def take(self, step: Step) -> None:
        """Play one step; raises ScenarioError."""
        self._say(describe(step))
        match step:
            case OrderStep():
                await self._order(step)
            case ScanStep(at, codes):
                said = await self._town.ask_counter(at, "scan", codes, within_s=_PATIENCE_S)
                self.misread += bool(said)
            case FaultStep():
                await self._begin(step)
            case EndStep(kind):
                await self._end(kind)
            case WaitStep(at, until, seconds):
                await self._wait(at, until, seconds)
            case StaffStep(times):
                for _ in range(times):
                    await asyncio.to_thread(self._town.staff.work)

    async def end_all(self) -> None:
        """End what a play that failed has left going."""
        for kind in list(self._going):
            await self._end(kind)

    async def _order(self, step: OrderStep) -> None:
        """Order the next products of the shelf, other ones each time."""
        goods = self._town.goods
        picks = tuple(
            Pick(goods[(self._next + number) % len(goods)], step.quantity)
            for number in range(step.lines)
        )
        self._next += step.lines
        said = await self._town.ask_counter(step.at, "order", picks, within_s=_PATIENCE_S)
        if said and not step.misread:
            raise MisreadError(said)
        self.misread += bool(said)

    async def _begin(self, step: FaultStep) -> None:
        """Begin a fault; its end is asked for, or comes after the longest time of a fault."""
        over = asyncio.Event()
        strike = Strike(0, step.kind, LONGEST_S, step.where)
        begun = asyncio.Event()
        task = asyncio.create_task(self._town.blows.hold(strike, begun=begun, over=over))
        if not KINDS[step.kind].lasts_s:
            over.set()
            await task
            return
        self._going[step.kind] = (over, task)
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait((waiting, task), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _end(self, kind: str) -> None:
        over, task = self._going.pop(kind)
        over.set()
        await task

    async def _wait(self, at: str, until: State | None, seconds: float) -> None:
        if until is None:
            await asyncio.sleep(seconds)
            return
        seen: Mapping[str, Any] = {}
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while True:
                    seen = await self._town.ask_counter(at, "look", None, within_s=_PATIENCE_S)
                    if _SHOWS[until](seen):
                        return
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            raise MisreadError(f"{at} is not {until} after {_PATIENCE_S:.0f} s: {seen}") from None
