"""How fast a pack decides, on its own cases or on given orders, and where the time goes."""

import cProfile
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Final, TypeVar

from rules.engine.inputs import Counters, Facts, Order
from rules.engine.packs import load_pack
from rules.engine.tables import CompiledPack
from rules.stages.evaluation import evaluate
from rules.tools.cases.running import asked_in
from rules.tools.schema.documents import PackName, Question
from rules.values.decimals import shown

Clock = Callable[[], int]
"""Gives nanoseconds that only rise."""

Asked = tuple[Order, Facts, Counters, CompiledPack]
Found = TypeVar("Found")

_FORMAT: Final = 1
_SLOWEST: Final = 5
_HOTTEST: Final = 8
# So many evaluations give every order its quiet moment, on any machine within seconds.
_EVALUATIONS: Final = 2_000
_PROFILED: Final = 200
_LEAST_ROUNDS: Final = 3
_MOST_ROUNDS: Final = 50
_NS_PER_US: Final = 1_000
_WRITTEN: Final = ("lines", "trace", "near_misses", "price_hash", "result_hash")
_PACKAGE: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class OrderSpeed:
    """What one order takes: until it is decided, and with every line, word and hash written."""

    order: str
    lines: int
    decide_us: int
    explain_us: int


@dataclass(frozen=True, slots=True)
class ModuleShare:
    """One of the modules that all orders spend most time in, and its share of it."""

    module: str
    percent: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a pack takes, in microseconds and bytes.

    `read_us` is None where there were no rule files to read. `decide_us` and `explain_us` are of
    an average order; each order counts with the best of several rounds.
    """

    format: int
    pack: PackName
    packed_bytes: int
    memory_bytes: int
    read_us: int | None
    load_us: int
    orders: int
    lines: int
    decide_us: int
    explain_us: int
    slowest: tuple[OrderSpeed, ...]
    modules: tuple[ModuleShare, ...]


def timed(call: Callable[[], Found], clock: Clock) -> tuple[int, Found]:
    """Give the microseconds that a call takes, and what it gives."""
    began = clock()
    found = call()
    return (clock() - began) // _NS_PER_US, found


def measure(
    packed: bytes, orders: Sequence[Question] | None, *, read_us: int | None, clock: Clock
) -> Measurement:
    """Measure a packed pack on orders; on the pack's own cases where there are none."""
    load_us, pack = timed(partial(load_pack, packed), clock)
    if orders is None:
        asked = [asked_in(case, pack) for case in pack.cases]
    else:
        asked = [(one.order, one.facts, one.counters, pack) for one in orders]
    rounds = min(max(_EVALUATIONS // max(len(asked), 1), _LEAST_ROUNDS), _MOST_ROUNDS)
    speeds = [_speed(one, clock, rounds) for one in asked]
    return Measurement(
        format=_FORMAT,
        pack=PackName.of(pack),
        packed_bytes=len(packed),
        memory_bytes=_memory(packed),
        read_us=read_us,
        load_us=load_us,
        orders=len(speeds),
        lines=sum(speed.lines for speed in speeds),
        decide_us=_average([speed.decide_us for speed in speeds]),
        explain_us=_average([speed.explain_us for speed in speeds]),
        slowest=tuple(sorted(speeds, key=lambda speed: -speed.explain_us)[:_SLOWEST]),
        modules=_shares(asked),
    )


def _average(times: Sequence[int]) -> int:
    return sum(times) // len(times) if times else 0


def _speed(asked: Asked, clock: Clock, rounds: int) -> OrderSpeed:
    order = asked[0]
    return OrderSpeed(
        order.id,
        len(order.lines),
        min(timed(partial(evaluate, *asked), clock)[0] for _ in range(rounds)),
        min(timed(partial(_explain, asked), clock)[0] for _ in range(rounds)),
    )


def _explain(asked: Asked) -> None:
    """Decide an order and read all of its result, which is written out when it is read."""
    result = evaluate(*asked)
    for name in _WRITTEN:
        getattr(result, name)


def _memory(packed: bytes) -> int:
    """Give the bytes that a loaded pack takes, in Python's own count."""
    tracemalloc.start()
    try:
        kept = load_pack(packed)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del kept
    return taken


def _shares(asked: Sequence[Asked]) -> tuple[ModuleShare, ...]:
    """Share the time out among modules, by a profile of its own that slows all of them alike."""
    profile = cProfile.Profile()
    passes = max(_PROFILED // max(len(asked), 1), 1)
    with profile:
        for one in [*asked] * passes:
            _explain(one)
    spent = Counter[str]()
    for module, time_us in _spent(profile):
        spent[module] += time_us
    whole = max(spent.total(), 1)
    hottest = spent.most_common(_HOTTEST)
    return tuple(ModuleShare(module, 100 * part // whole) for module, part in hottest)


def _spent(profile: cProfile.Profile) -> Iterator[tuple[str, int]]:
    """Give the microseconds of every function; what is built in counts for its caller."""
    for entry in profile.getstats():
        if isinstance(entry.code, CodeType):
            inner = [one.inlinetime for one in entry.calls or () if isinstance(one.code, str)]
            yield _module(entry.code), int((entry.inlinetime + sum(inner)) * 1_000_000)


def _module(code: CodeType) -> str:
    path = Path(code.co_filename)
    if not path.is_relative_to(_PACKAGE):
        return "outside the rules"
    return path.relative_to(_PACKAGE).with_suffix("").as_posix()


def told(measured: Measurement) -> Iterator[str]:
    """Tell people of a measurement, a line at a time."""
    pack = measured.pack
    yield f"{pack.name} {pack.version}: {measured.orders} orders, {measured.lines} lines"
    if measured.read_us is not None:
        yield _row("to read the files, with what reads them", shown(measured.read_us, 3), "ms")
    yield _row("to load the pack", shown(measured.load_us, 3), "ms")
    yield _row("of memory", shown(measured.memory_bytes * 1_000 // 2**20, 3), "MiB")
    if not measured.orders:
        yield "There is no order to decide: the pack has no cases; give some with --orders."
        return
    yield _row("to decide an order", str(measured.decide_us), "us")
    yield _row("to decide and explain it", str(measured.explain_us), "us")
    yield "\nThe slowest orders, decided and explained"
    for one in measured.slowest:
        yield _row(f"{one.order} (lines: {one.lines})", str(one.explain_us), "us")
    yield "\nWhere the time goes"
    for share in measured.modules:
        yield _row(share.module, str(share.percent), "%")


def _row(title: str, value: str, unit: str) -> str:
    return f"{value:>12} {unit:<5}{title}"
