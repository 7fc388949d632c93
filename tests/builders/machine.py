"""A machine that runs a counter from its slots, and updates of this very software."""

import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final

from simulators.faults import free_port
from terminal.app.update.install import write_update
from terminal.app.update.manifest import this_machine
from tests.builders.terminal_commands import run_terminal
from tests.builders.updates import KEY, TRUSTED
from tests.fixtures.printers import eventually
from tests.fixtures.shops import COLA

ROOT: Final = Path(__file__).parents[2]
MACHINE, PYTHON = this_machine()


class Machine:
    """A counter with slots, started again whenever its program ends.

    `settings` are those of its own: who it is, and the section of its broker at the end.
    """

    def __init__(self, folder: Path, settings: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.config = folder / "counter.toml"
        self.port = free_port()
        self.lines: list[str] = []
        self._over = threading.Event()
        self._child: subprocess.Popen[str] | None = None
        self.config.write_text(
            f'data = "{folder / "records"}"\nslots = "{folder / "slots"}"\n'
            f'software_keys = "{TRUSTED}"\nsteady_s = 1.0\ntrial_s = 15.0\n'
            f"{settings}\n[page]\nport = {self.port}\n"
        )
        self._loop = threading.Thread(target=self._supervise, daemon=True)
        self._loop.start()

    def _supervise(self) -> None:
        command = [sys.executable, "-m", "terminal.launch", "run", "--config", str(self.config)]
        while not self._over.is_set():
            self._child = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
            assert self._child.stdout is not None
            with self._child.stdout:
                self.lines += self._child.stdout
            self._child.wait()

    def page(self, path: str = "/", code: str | None = None) -> str:
        """Ask the counter's page; empty while nobody answers."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            sent = None if code is None else code.encode()
            with urllib.request.urlopen(address, data=sent, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            return ""

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something."""
        eventually(holds, f"{what}; it said {self.lines[-6:]}", within_s=60)

    def until_serving(self, mark: str = "") -> None:
        """Wait until the page is served, by software that has this mark."""
        self.until(lambda: "<header" in self.page() and mark in self.page(), f"serves {mark!r}")

    def order(self) -> None:
        """Put an order into the queue: there is no hub."""
        for code in (COLA, "OW-SUBMIT"):
            self.page("/scan", code)

    def queued(self) -> int:
        """Count the orders that wait."""
        return int(json.loads(self.page("/state") or '{"queued": -1}')["queued"])

    def command(self, *arguments: str) -> dict[str, object]:
        """Run `terminal update`."""
        done = run_terminal("update", "--config", str(self.config), *arguments)
        assert done.stdout, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    def stop(self) -> None:
        """Switch it off."""
        self._over.set()
        if self._child is not None:
            self._child.terminate()
        self._loop.join(30)


def made_of_this(folder: Path, number: int, *, main: str = "", key: bytes = KEY) -> Path:
    """Make an update of this very software, whose page has a mark; `main` breaks it."""
    tree = folder / f"tree-{number}"
    leave = shutil.ignore_patterns("__pycache__", "*.so", "build", "tests")
    for name in ("rules", "broker", "terminal"):
        shutil.copytree(ROOT / name, tree / name, ignore=leave)
    page = tree / "terminal" / "page" / "page.html"
    page.write_text(page.read_text().replace("<header>", f'<header id="number-{number}">'))
    if main:
        (tree / "terminal" / "__main__.py").write_text(main)
    manifest, _ = write_update(
        tree, folder, key, number=number, version=f"{number}.0", machine=MACHINE, python=PYTHON
    )
    return manifest
