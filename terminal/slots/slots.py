"""Which software a machine starts: one of two slots, or what its package brought.

Everything here needs the standard library alone: it has to work when a slot does not.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

PACKAGED: Final = "packaged"
"""The software that the Debian package brought: it is always there."""
NAMES: Final = ("a", "b")
TRIAL_STARTS: Final = 2
"""So often software that is not proven yet is started: a power cut costs one start."""
PROVEN_STARTS: Final = 5
"""So often in a row proven software may start without ever serving."""
_STATE: Final = "state.json"
_MARK: Final = "slot.json"
_KEPT: Final = 20

Step = Callable[[str], None]
"""Called before each lasting step, by its name."""


@dataclass(frozen=True, slots=True)
class Software:
    """What is in a slot: its number, which only rises, its version, and its manifest's SHA-256."""

    number: int = 0
    version: str = ""
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What is started next: `active`, and `before` it where it is not `proven` and fails.

    `starts` counts starts since it last served. `refused` says of manifests why they are not tried
    again; `told` is what the hub is to hear of it, as code and text.
    """

    active: str = PACKAGED
    before: str = PACKAGED
    proven: bool = True
    starts: int = 0
    number: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What is started now; `folder` is None for the packaged software."""

    name: str
    folder: Path | None
    is_trial: bool


def next_start(state: State) -> State:
    """Decide what is started now, and count the start.

    Software on trial gets two starts, then the one before it is back. Proven software that did not
    serve in five starts in a row is left for what the package brought.
    """
    if not state.proven and state.starts >= TRIAL_STARTS:
        state = rolled_back(state, f"it did not serve in {TRIAL_STARTS} starts")
    elif state.proven and state.active != PACKAGED and state.starts >= PROVEN_STARTS:
        told = f"slot {state.active} did not serve in {PROVEN_STARTS} starts: back to the package"
        state = replace(state, active=PACKAGED, starts=0, told=("software_given_up", told))
    return replace(state, starts=state.starts + 1)


def rolled_back(state: State, why: str) -> State:
    """Give the state after a trial that failed: the software before it is proven already."""
    told = f"software number {state.number} is rolled back: {why}"
    return replace(
        state, active=state.before, proven=True, starts=0, told=("software_rolled_back", told)
    )


class Slots:
    """The folder of both slots, and of the file that says which is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def state(self) -> State:
        """Read what is started next; where nothing readable says it, what the package brought."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            kept: dict[str, Any] = json.loads((self.folder / _STATE).read_bytes())
            told = kept.pop("told")
            state = State(**kept, told=(str(told[0]), str(told[1])) if told else None)
            if {state.active, state.before} <= {PACKAGED, *NAMES}:
                return state
        return State()

    def choose(self) -> Choice:
        """Decide what is started now; the start is counted on disk before it happens."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # neither must a folder that cannot be made
                stack.enter_context(self._alone())
            return self._choose()

    def _choose(self) -> Choice:
        before = self.state()
        state = next_start(before)
        if not state.proven and self.software(state.active) is None:
            state = replace(rolled_back(state, "its slot is damaged"), starts=1)
        if state.active != PACKAGED and self.software(state.active) is None:
            told = ("software_given_up", f"slot {state.active} is damaged: back to the package")
            state = replace(state, active=PACKAGED, proven=True, starts=1, told=told)
        if state.active != before.active and state.told is not None:
            state = self._refusing(state, before.active, why=state.told[1])
        with contextlib.suppress(OSError):  # a full disk must not keep the counter from selling
            self._keep(state)
        folder = None if state.active == PACKAGED else self.folder / state.active
        return Choice(state.active, folder, is_trial=not state.proven)

    def software(self, name: str) -> Software | None:
        """Tell what is in a slot; None where nothing whole is."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return Software(**json.loads((self.folder / name / _MARK).read_bytes()))
        return None

    def free(self) -> str:
        """Name the slot that may be written: neither started next nor gone back to."""
        state = self.state()
        return next(name for name in NAMES if name not in {state.active, state.before})

    def fill(self, unpack: Callable[[Path], None], what: Software, step: Step) -> str:
        """Put software into the free slot, whole or not at all; gives the slot."""
        # Imported here: a counter that sells unpacks nothing.
        import shutil  # noqa: PLC0415

        name = self.free()
        draft, slot = self.folder / f"{name}.draft", self.folder / name
        step("clear")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        step("unpack")
        unpack(draft)
        step("mark")
        (draft / _MARK).write_text(json.dumps(asdict(what)), encoding="utf-8")
        step("sync")
        _sync(draft)
        step("remove")
        shutil.rmtree(slot, ignore_errors=True)
        step("rename")
        draft.rename(slot)
        _sync_folder(self.folder)
        return name

    @property
    def awaited(self) -> Software | None:
        """Tell which update waits to be tried, or is on trial; None where none does."""
        state = self.state()
        return None if state.proven else self.software(state.active)

    @property
    def is_trying(self) -> bool:
        """Tell whether software on trial was started, and has neither served nor failed yet."""
        state = self.state()
        return not state.proven and state.starts > 0

    def has_served(self, started: str) -> bool:
        """Tell whether a slot that was started is proven, or makes way for another by now."""
        state = self.state()
        return state.proven or state.active != started

    def withdraw(self) -> None:
        """Have the update that waits not tried after all: its slot is free for another."""
        with self._alone():
            state = self.state()
            if not state.proven and not state.starts:
                self._keep(replace(state, active=state.before, proven=True))

    def switch(self, name: str, what: Software, step: Step) -> None:
        """Have a slot tried with the next start."""
        with self._alone():
            state = self.state()
            before = state.active if state.proven else state.before
            step("switch")
            trial = replace(state, active=name, before=before, proven=False, starts=0)
            self._keep(replace(trial, number=what.number))

    def confirm(self, running: str) -> bool:
        """Say that the slot that was started serves; True where it was on trial until now.

        Where another is to be started by now, nothing is said of that one. Raises OSError.
        """
        if not _is_to_confirm(self.state(), running):
            return False
        with self._alone():
            state = self.state()
            if not _is_to_confirm(state, running):
                return False
            self._keep(replace(state, before=state.active, proven=True, starts=0))
            return not state.proven

    def fail(self, running: str, why: str) -> None:
        """Give the trial of a slot up: the software before is started next, and that one not again.

        Another that waits by now has not failed.
        """
        with self._alone():
            state = self.state()
            if state.active == running and not state.proven:
                self._keep(self._refusing(rolled_back(state, why), state.active, why=why))

    def take_told(self) -> tuple[str, str] | None:
        """Give what the hub is to hear, once; raises OSError."""
        if self.state().told is None:
            return None
        with self._alone():
            state = self.state()
            if state.told is not None:
                self._keep(replace(state, told=None))
            return state.told

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no other program change the state meanwhile: what it wrote would be written over."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _refusing(self, state: State, slot: str, *, why: str) -> State:
        """Have what is in a slot not tried again."""
        tried = self.software(slot)
        if tried is None:
            return state
        refused = dict(list(state.refused.items())[-_KEPT:])
        return replace(state, refused={**refused, tried.manifest: why})

    def _keep(self, state: State) -> None:
        draft = self.folder / f"{_STATE}.draft"
        with draft.open("w", encoding="utf-8") as handle:
            json.dump(asdict(state), handle)
            handle.flush()
            os.fsync(handle.fileno())
        draft.rename(self.folder / _STATE)
        _sync_folder(self.folder)


def _is_to_confirm(state: State, running: str) -> bool:
    return state.active == running and (not state.proven or state.starts > 0)


def _sync(folder: Path) -> None:
    """Put every file of a folder on disk, and the names that lead to them."""
    for root, _, names in os.walk(folder):
        for name in names:
            with (Path(root) / name).open("rb") as handle:
                os.fsync(handle.fileno())
        _sync_folder(Path(root))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
