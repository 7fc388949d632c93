"""A program of ours as a child process: wait until it serves, kill it, start it again."""

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Protocol, Self

from simulators.errors import ChildError

PR_SET_PDEATHSIG: Final = 1
START_DEADLINE_S: Final = 60.0
STOP_DEADLINE_S: Final = 10.0
_READY: Final = b"ready "
_LOOK_S: Final = 0.001
_LOOKS: Final = 4
_BUSY_NS: Final = 2_500_000
"""So much of the processor within four looks is an order, and no heartbeat."""
_LAST_WORDS: Final = 800

_libc: Final = ctypes.CDLL(None, use_errno=True)


def python_module(module: str, *arguments: str) -> list[str]:
    """Give the command line that runs a module with this interpreter."""
    return [sys.executable, "-m", module, *arguments]


class Running(Protocol):
    """A program that was started, as `subprocess.Popen` knows it."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """What it says."""

    def poll(self) -> int | None:
        """Give its exit code, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; raises subprocess.TimeoutExpired after so many seconds."""

    def terminate(self) -> None:
        """Ask it to end."""


class Child:
    """One daemon that says `ready {json}` on stdout, in a process group of its own.

    It cannot outlive its parent: the kernel kills it then. Its log goes to `log`, its ready line
    is `ready`. `environ` is added to our own environment. `heard` gets each line that it says
    after that, on a thread of its own. It may be killed and started again.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        log: Path,
        environ: Mapping[str, str] | None = None,
        heard: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.ready: Mapping[str, Any] = {}
        self.command: Final = command
        self.environ: Final = {**os.environ, **(environ or {})}
        self._log = log
        self._heard = heard
        self._running: Running | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    @property
    def pid(self) -> int:
        """Name the running process."""
        if self._running is None:
            raise ChildError(f"{self.name} is not running")
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._running is not None and self._running.poll() is None

    def start(self, *, within_s: float = START_DEADLINE_S) -> None:
        """Start it and wait for its ready line; raises ChildError with its last words."""
        self.launch()
        self.wait_ready(within_s=within_s)

    def launch(self) -> None:
        """Start it without waiting.

        Call this on a thread that lives on: the kernel ties the child to the thread that made it.
        """
        with self._log.open("ab") as log:
            self._running = self.begin(log)

    def begin(self, log: IO[bytes]) -> Running:
        """Make its process, which leads a session and complains to `log`.

        It ends with who made it. A kind of child that is made otherwise has to keep all of that.
        """
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env=self.environ,
            preexec_fn=die_with_parent(os.getpid()),  # noqa: PLW1509  # makes two system calls
            start_new_session=True,
        )

    def wait_ready(self, *, within_s: float = START_DEADLINE_S) -> None:
        """Wait for the ready line of a launched child; raises ChildError with its last words."""
        running = self._running
        if running is None or running.stdout is None:
            raise ChildError(f"{self.name} was not launched")
        try:
            self.ready = self._read_ready(running.stdout, time.monotonic() + within_s)
        except ChildError:
            self.kill()
            running.stdout.close()
            raise
        drain = (running.stdout, self._log, self._heard)
        threading.Thread(target=_drain, args=drain, daemon=True).start()

    def kill(self) -> None:
        """Kill it at once, as the power does, with everything it started."""
        self._signal(signal.SIGKILL)

    def wait_for_work(self, *, within_s: float) -> bool:
        """Wait until it is in the middle of some work; False where it had none in that time."""
        end = time.monotonic() + within_s
        used = [self._used_ns()] * _LOOKS
        while time.monotonic() < end:
            time.sleep(_LOOK_S)
            used = [*used[1:], self._used_ns()]
            if used[-1] - used[0] >= _BUSY_NS:
                return True
        return False

    def _used_ns(self) -> int:
        """Give how much of the processor all its threads have used, in nanoseconds."""
        used = 0
        for place in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):  # a thread that ended meanwhile
                used += int(place.read_text("ascii").split()[0])
        return used

    def freeze(self) -> None:
        """Freeze the program and all that it started amid what they do, until `thaw`."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        """Have the frozen program go on."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)

    def stop(self) -> int | None:
        """Ask it to end, and insist after a while; gives its exit code."""
        if self._running is None:
            return None
        self._running.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._running.wait(STOP_DEADLINE_S)
        code = self._running.poll()
        self._signal(signal.SIGKILL)
        return code

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group and wait until the child is gone."""
        if self._running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, number)
        self._running.wait(STOP_DEADLINE_S)
        self._running = None

    def _read_ready(self, stdout: IO[bytes], deadline: float) -> Mapping[str, Any]:
        """Read stdout until the ready line has come."""
        said = b""
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            while not (said.startswith(_READY) and said.endswith(b"\n")):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise ChildError(f"{self.name} did not get ready in time{self._last_words()}")
                letter = os.read(stdout.fileno(), 1)
                if not letter:
                    raise ChildError(f"{self.name} did not start{self._last_words()}")
                said = letter if said.endswith(b"\n") else said + letter
        try:
            ready = json.loads(said[len(_READY) :])
        except ValueError as error:
            raise ChildError(f"{self.name} said {said!r}, not `ready` and JSON") from error
        if not isinstance(ready, dict):
            raise ChildError(f"{self.name} said {said!r}, not `ready` and a JSON object")
        return ready

    def _last_words(self) -> str:
        words = self._log.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace").strip()
        return f"; its log {self._log} ends: {words}" if words else f"; its log is {self._log}"


def _drain(stdout: IO[bytes], log: Path, heard: Callable[[str], None] | None) -> None:
    """Keep whatever else the child says, so that a full pipe never stops it."""
    with stdout, log.open("ab", buffering=0) as kept:
        for line in stdout:
            kept.write(line)
            if heard is not None:
                heard(line.decode("utf-8", "replace").rstrip("\n"))


def die_with_parent(parent: int) -> Callable[[], None]:
    """Make the call that ties the child's life to its parent's."""

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the tie was made
            os._exit(1)

    return tie
