"""A counter that runs the firmware: MicroPython with its flash in a file, and a hand at it."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, Self

from simulators.data import Pick
from simulators.devices import UNPACED, Pace, SimulatedPrinter, SimulatedScanner, Slip
from simulators.errors import ChildError, MisreadError
from simulators.faults import Child
from simulators.fleet import SUBMIT, Asked, codes_of
from simulators.scenarios.site import HOST, Layout
from terminal.core.screen import Link, Screen, state_of
from terminal.store.records import OrderRecord

DEADLINE_S: Final = 60.0
HEAP: Final = "256k"
"""Of 64-bit words, of which the boards' heap has as many in half the bytes."""
SMALL_FLASH: Final = 212
"""Blocks of 4 kB for files, as a Pico W has."""
LARGE_FLASH: Final = 2048
"""Blocks of 4 kB, as an ESP32 with 16 MB has: for a catalogue of thousands."""

Tone = Literal["ok", "error", "done"]

_ROOT: Final = Path(__file__).parents[2]
_AUDIT_DEADLINE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Tools:
    """The firmware's sources and the two programs that it needs to run here."""

    sources: Path
    micropython: Path
    compiler: Path

    def build(self, folder: Path) -> Path:
        """Compile the firmware for this machine into a folder and give it; raises ChildError."""
        path = f"{self.compiler.parent}{os.pathsep}{os.environ['PATH']}"
        ran = subprocess.run(
            [sys.executable, self.sources / "build.py", "host", folder],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise ChildError(f"the firmware does not compile: {ran.stderr.strip()}")
        return folder


def find_tools() -> Tools | None:
    """Find what the firmware needs to run here; None where a part is missing."""
    places = (Path(sys.executable).parent, _ROOT / ".venv-firmware" / "bin", os.environ["PATH"])
    path = os.pathsep.join(map(str, places))
    found = [shutil.which(name, path=path) for name in ("micropython", "mpy-cross")]
    sources = _ROOT / "firmware"
    if not all(found) or not (sources / "build.py").is_file():
        return None
    return Tools(sources, *(Path(program) for program in found if program))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a board has said so far, by its lamp, its buzzer and in words."""

    said: str = ""
    tone: Tone = "ok"
    link: Link = "offline"
    printer: str = "unknown"
    waiting: int = 0
    stored: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    snapshots: frozenset[str] = frozenset()

    def after(self, line: str) -> "Heard":
        """Give what has been heard once this line has been said, too."""
        tone, _, words = line.partition(" ")
        match tone:
            case "link":
                return replace(self, link="online" if words == "online" else "offline")
            case "printer" | "outbox":
                return self._with(tone, words)
            case "answer":
                number, _, status = words.rpartition(" ")
                return replace(self, answers=(*self.answers, (number, status)))
            case "catalogue":
                return replace(self, snapshots=self.snapshots | {words.split()[0]})
            case "ok" | "done" | "error":
                stored = words.removeprefix("stored ") if words.startswith("stored ") else ""
                more = (stored,) if stored else ()
                return replace(self, said=words, tone=tone, stored=self.stored + more)
        return self

    def _with(self, part: Literal["printer", "outbox"], state: str) -> "Heard":
        """Give what has been heard once the board has told how a part of it is."""
        if part == "printer":
            return replace(self, printer=state)
        return replace(self, waiting=int(state))


class BoardCounter:
    """The firmware as it runs on a board, on this machine: own process, flash, scanner, printer.

    Entering starts it, leaving stops it; `child` may be killed and started in between, which is
    what a power cut is to it.
    """

    def __init__(
        self,
        name: str,
        paths: Layout,
        *,
        tools: Tools,
        broker_port: int,
        pace: Pace = UNPACED,
        blocks: int = SMALL_FLASH,
    ) -> None:
        self.id = name
        self.asked: list[Asked] = []
        self.scanner = SimulatedScanner()
        self.printer = SimulatedPrinter.on_pty(pace=pace)
        self._folder = paths.terminal(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._config = paths.config(name)
        self._broker_port = broker_port
        self._micropython = tools.micropython
        self._twin = tools.build(self._folder / "twin")
        self._heard = Heard()
        self._stored_s: dict[str, float] = {}
        self._news = threading.Condition()
        self._earlier = int(self._audit()["last"]) if self._flash.exists() else 0
        self.child = Child(
            name,
            self._command(blocks),
            log=paths.logs / f"{name}.log",
            environ=self._environ(),
            heard=self._hear,
        )

    def _command(self, blocks: int) -> list[str]:
        assert self.printer.path is not None  # noqa: S101  # made on a pty
        return [
            *(str(self._micropython), "-X", f"heapsize={HEAP}", str(self._twin / "main.py")),
            *("--flash", str(self._flash), "--blocks", str(blocks)),
            *("--scanner", self.scanner.path, "--printer", str(self.printer.path)),
        ]

    def _environ(self) -> dict[str, str]:
        return {"MICROPYPATH": f"{self._twin}:.frozen"}

    @property
    def _flash(self) -> Path:
        return self._folder / "flash.bin"

    def __enter__(self) -> Self:
        """Start it and wait until it can be scanned at."""
        self.launch()
        self.child.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def launch(self) -> None:
        """Switch board and printer on and scan the claim, which says where the broker is now."""
        self.printer.start()
        self.child.launch()
        told = tomllib.loads(self._config.read_text("utf-8"))
        claim = {"id": self.id, "password": told["password"], "host": HOST}
        self.scanner.scan(json.dumps({**claim, "port": self._broker_port}))

    def stop(self) -> None:
        """Switch it off and unplug its devices."""
        self.child.stop()
        self.printer.stop()
        self.scanner.close()

    def cut_power(self) -> None:
        """Cut its power, and bring it back; what was scanned is on its flash."""
        self.child.kill()
        with self._news:
            self._heard = replace(self._heard, link="offline")
        self.child.launch()
        self.child.wait_ready()

    def ready(self) -> None:
        """Wait until it is connected and has customer, catalogue and prices."""
        has_all = bool(self.child.ready["catalogue"])
        self._until(
            lambda heard: (
                heard.link == "online" and (has_all or heard.snapshots == {"catalogue", "pack"})
            ),
            "being connected",
        )

    def order(self, picks: Sequence[Pick]) -> None:
        """Scan products and quantities and submit; raises MisreadError."""
        for code in codes_of(picks):
            self.scanner.scan(code)
        before = len(self._heard.stored)
        self.scanner.scan(SUBMIT)
        self._until(lambda heard: len(heard.stored) > before, "an order being stored")
        lines = len({pick.sku for pick in picks})
        self.asked.append(Asked(self._earlier + len(self.asked) + 1, lines))

    def quiet(self) -> None:
        """Wait until every order of this run has its answer, and the answer is on paper."""
        self._until(
            lambda heard: set(heard.stored) <= {number for number, _ in heard.answers},
            "the answers of all orders",
        )
        deadline = time.monotonic() + DEADLINE_S
        while missing := set(self._heard.stored) - self._printed():
            if time.monotonic() > deadline:
                raise MisreadError(f"{self.id}: no answer was printed of {sorted(missing)}")
            self.printer.wait_for_slips(len(self.slips()) + 1, timeout_s=DEADLINE_S)

    def screen(self) -> dict[str, Any] | None:
        """Tell what a board without a screen says, as the bench shows a terminal's screen."""
        if not self.child.alive:
            return None
        heard = self._heard
        answers = dict(heard.answers)
        last = heard.stored[-1] if heard.stored else ""
        return state_of(
            Screen(
                terminal=self.id,
                customer="firmware on a board: a lamp, a buzzer, no screen",
                said=heard.said,
                tone=heard.tone,
                link=heard.link,
                queued=heard.waiting,
                oldest_s=self._oldest_s(heard.stored, set(answers)),
                printer=heard.printer,
                last_order=last,
                last_status=answers.get(last, "waits") if last else "",
            )
        )

    @property
    def forgotten(self) -> int:
        """Name the newest sequence that its flash may have let go of, answered."""
        return int(self._audit()["forgotten"])

    def records(self) -> tuple[OrderRecord, ...]:
        """Read the orders from its flash, while it is off."""
        return tuple(map(_record, self._audit()["orders"]))

    def faults(self) -> tuple[str, ...]:
        """Let its own audit look for broken promises, while it is off."""
        return tuple(f"{self.id}: {fault}" for fault in self._audit()["faults"])

    def slips(self) -> tuple[Slip, ...]:
        """Give what came out of the printer in this run."""
        return self.printer.slips()

    def _audit(self) -> dict[str, Any]:
        """Read its flash by the firmware's own audit."""
        ran = subprocess.run(
            [self._micropython, "-m", "firmware.audit", "--flash", self._flash],
            env=self._environ(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_AUDIT_DEADLINE_S,
        )
        if ran.returncode:
            raise ChildError(f"{self.id}: its flash cannot be read: {ran.stdout}{ran.stderr}")
        found = json.loads(ran.stdout)
        assert isinstance(found, dict)  # noqa: S101  # as the audit's words say
        return found

    def _printed(self) -> set[str]:
        """Name the orders whose answer is on paper."""
        texts = [slip.text for slip in self.slips()]
        decided = [text for text in texts if "QUEUED - NOT CONFIRMED" not in text]
        return {number for number in self._heard.stored if any(number in text for text in decided)}

    def _oldest_s(self, stored: Sequence[str], answered: set[str]) -> int:
        """Tell how long the first of this run's orders without an answer has waited; 0 for none."""
        waits = [self._stored_s[number] for number in stored if number not in answered]
        return int(time.monotonic() - waits[0]) if waits else 0

    def _hear(self, line: str) -> None:
        with self._news:
            before, self._heard = self._heard.stored, self._heard.after(line)
            for number in self._heard.stored[len(before) :]:
                self._stored_s[number] = time.monotonic()
            self._news.notify_all()

    def _until(self, seen: Callable[[Heard], bool], what: str) -> None:
        """Listen until it has said what `seen` waits for; raises MisreadError with `what`."""
        with self._news:
            if not self._news.wait_for(lambda: seen(self._heard), DEADLINE_S):
                raise MisreadError(f"{self.id}: {what} did not happen: it said {self._heard}")


def _record(told: dict[str, Any]) -> OrderRecord:
    """Make the record of an order as the audit tells it."""
    waits = told["status"] == "queued"
    return OrderRecord(
        seq=told["seq"],
        order=told["order"],
        number=told["number"],
        state="queued" if waits else "answered",
        status="" if waits else told["status"],
        revision=-1 if waits else told["revision"],
        slips=(),
    )
