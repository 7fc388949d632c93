"""A scenario's file read and checked: every fault with its line, and no play that never ends."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rules.language.text.faults import Faults, suggestion
from rules.language.text.fields import Fields
from simulators.errors import InputFileError
from simulators.faults.plan import duration_of, read_fields, refuse
from simulators.faults.registry import KINDS, LONGEST_S
from simulators.scenarios.scripts.script import (
    STATES,
    SUMS,
    EndStep,
    FaultStep,
    OrderStep,
    ScanStep,
    Script,
    StaffStep,
    Step,
    WaitStep,
)

LIBRARY: Final = Path(__file__).parent / "library"
_MOST_STEPS: Final = 500
_MOST_TIMES: Final = 100
_MOST_LINES: Final = 40
_MOST_PIECES: Final = 100_000
_MOST_CODES: Final = 200


def read_script(file: Path) -> Script:
    """Read a scenario; raises InputFileError with every fault."""
    faults = Faults()
    fields = read_fields(file, faults)
    reading = _Reading(faults)
    steps = list(reading.steps(fields, file, (file.resolve(),)))
    script = Script(
        name=fields.need_text("name"),
        purpose=fields.need_text("purpose"),
        steps=steps,
        expect=reading.expect(fields),
        seed=fields.number("seed", 0) or 1,
    )
    fields.close()
    reading.refuse_endless(fields, steps)
    refuse(faults)
    return script


def find_script(name: str) -> Path:
    """Give the file of a name: a path, or a scenario of the library. Raises InputFileError."""
    file = Path(name)
    shipped = LIBRARY / f"{name}.yaml"
    if file.exists() or not shipped.exists():
        if not file.exists():
            known = [one.stem for one in sorted(LIBRARY.glob("*.yaml"))]
            hint = suggestion(name, known) or f"; the library has {', '.join(known)}"
            raise InputFileError(f"{name}: there is no such file{hint}")
        return file
    return shipped


class _Reading:
    """One file and those that it plays."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._count = 0
        self._readers: Mapping[str, Callable[[Fields], Step | None]] = {
            "order": _order,
            "scan": _scan,
            "fault": _fault,
            "wait": _wait,
        }

    def steps(self, fields: Fields, file: Path, played: tuple[Path, ...]) -> Iterator[Step]:
        """Give the steps in the order of their play."""
        if not fields.tables("steps"):
            fields.fault("'steps' is missing: a scenario does something")
        for entry in fields.tables("steps"):
            yield from self._of_entry(entry, file, played)

    def _of_entry(self, entry: Fields, file: Path, played: tuple[Path, ...]) -> Iterator[Step]:
        words = (*self._readers, "end", "staff", "repeat", "play")
        word = entry.exactly_one(*words)
        if word in self._readers:
            inner = entry.table(word)
            step = self._readers[word](inner) if inner else None
            if inner:
                inner.close()
            if step is not None:
                yield from self._counted(entry, step)
        elif word == "end":
            if (kind := _kind(entry, "end")) is not None:
                yield from self._counted(entry, EndStep(kind))
        elif word == "staff":
            times = entry.need_number("staff", 0, least=1, most=_MOST_TIMES)
            yield from self._counted(entry, StaffStep(times))
        elif word == "repeat":
            yield from self._repeat(entry, file, played)
        elif word == "play":
            yield from self._play(entry, file, played)
        entry.close()

    def _counted(self, entry: Fields, step: Step) -> Iterator[Step]:
        """Give a step, unless there were too many: a play ends."""
        self._count += 1
        if self._count <= _MOST_STEPS:
            yield step
        elif self._count == _MOST_STEPS + 1:
            entry.fault(f"a scenario has at most {_MOST_STEPS} steps, its repeats played out")

    def _repeat(self, entry: Fields, file: Path, played: tuple[Path, ...]) -> Iterator[Step]:
        inner = entry.table("repeat", like="{times: 3, steps: [...]}")
        if inner is None:
            return
        times = inner.need_number("times", 0, least=1, most=_MOST_TIMES)
        for _ in range(min(times, _MOST_TIMES)):
            if self._count > _MOST_STEPS:
                break
            yield from self.steps(inner, file, played)
        inner.close()

    def _play(self, entry: Fields, file: Path, played: tuple[Path, ...]) -> Iterator[Step]:
        """Play another file's steps; one that is being played already would never end."""
        other = (file.parent / entry.need_text("play")).resolve()
        if other in played:
            chain = " > ".join(one.name for one in (*played, other))
            entry.fault(f"this scenario never ends: {chain}", "play")
            return
        if not other.is_file():
            entry.fault(f"there is no file {other.name} beside {file.name}", "play")
            return
        fields = read_fields(other, self._faults)
        yield from self.steps(fields, other, (*played, other))

    def expect(self, fields: Fields) -> dict[str, int]:
        """Give the sums that are expected."""
        table = fields.table("expect", like="{confirmed: 2}")
        if table is None:
            return {}
        found = {name: table.number(name, 0) for name in SUMS if table.has(name)}
        for name in ("lost", "duplicated", "oversold", "over_limit"):
            if table.has(name) and table.number(name, 0):
                table.fault(
                    f"'{name}' is 0 in every scenario: more is a fault of the product", name
                )
        table.close()
        return {name: value for name, value in found.items() if value is not None}

    def refuse_endless(self, fields: Fields, steps: list[Step]) -> None:
        """Tell of faults that are begun and never end, or end without having begun."""
        going: set[str] = set()
        for step in steps:
            if isinstance(step, FaultStep):
                if step.kind in going:
                    fields.fault(f"{step.kind} is begun twice before it ends", "steps")
                if KINDS[step.kind].lasts_s:
                    going.add(step.kind)
            elif isinstance(step, EndStep):
                if step.kind not in going:
                    fields.fault(f"{step.kind} ends and was not begun, or is over at once", "steps")
                going.discard(step.kind)
        for kind in sorted(going):
            fields.fault(f"{kind} never ends: add the step `end: {kind}`", "steps")


def _order(fields: Fields) -> Step:
    return OrderStep(
        at=fields.need_text("at"),
        lines=fields.number("lines", 0, least=1, most=_MOST_LINES) or 1,
        quantity=fields.number("quantity", 0, least=1, most=_MOST_PIECES) or 1,
        misread=fields.flag("misread", default=False),
    )


def _scan(fields: Fields) -> Step:
    codes = tuple(fields.ordered_words("codes"))
    if len(codes) > _MOST_CODES:
        fields.fault(f"at most {_MOST_CODES} codes are scanned in one step", "codes")
    return ScanStep(fields.need_text("at"), codes)


def _fault(fields: Fields) -> Step | None:
    kind = _kind(fields, "kind")
    where = fields.number("where", 2, most=99) or 0
    return None if kind is None else FaultStep(kind, where / 100)


def _wait(fields: Fields) -> Step | None:
    seconds = duration_of(fields, "for")
    if seconds is not None:
        if seconds > LONGEST_S:
            fields.fault(f"nobody waits longer than {LONGEST_S:.0f}s", "for")
        return WaitStep(seconds=seconds)
    until = fields.choice("until", STATES)
    if until is None:
        fields.fault("a wait has 'at' and 'until', or 'for'")
        return None
    return WaitStep(fields.need_text("at"), until)  # type: ignore[arg-type]  # one of STATES


def _kind(fields: Fields, key: str) -> str | None:
    """Give a kind of fault; None where there is none of that name."""
    kind = fields.need_text(key)
    if kind in KINDS:
        return kind
    if kind:
        hint = suggestion(kind, KINDS)
        fields.fault(f"'{kind}' is no kind of fault{hint}; `sim faults` lists them", key)
    return None
