"""Whoever types the hub's commands: each in a process of its own, or many in one.

Starting the hub's command line costs over a second of processor time, which is most of a command.
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from simulators.errors import SiteError
from simulators.faults import python_module

DEADLINE_S: Final = 300.0
"""How long a command may take."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to: its exit status, and what it wrote to both its outputs."""

    status: int
    printed: str
    complained: str

    @property
    def last_words(self) -> str:
        """Give what a command that failed said last."""
        said = self.complained.strip() or self.printed.strip() or f"exit code {self.status}"
        return said[-2000:]


class Clerk:
    """Types commands of the hub in a process of their own, or within `sitting` all in one."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = {**os.environ, **environ}
        self._turn = threading.Lock()
        self._desk: subprocess.Popen[str] | None = None

    def type(self, *words: str, typed: str = "") -> Ran:
        """Run a command, which reads `typed`; raises SiteError where it does not end in time."""
        if self._desk is None:
            return self._alone(words, typed)
        with self._turn:
            return self._at_desk(self._desk, words, typed)

    @contextmanager
    def sitting(self) -> Iterator[None]:
        """Have all commands meanwhile be run by one process, which ends afterwards."""
        if self._desk is not None:
            yield
            return
        with subprocess.Popen(
            python_module("hub", "several"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=self._environ,
        ) as desk:
            self._desk = desk
            try:
                yield
            finally:
                self._desk = None
                assert desk.stdin is not None  # noqa: S101  # it was opened with a pipe
                with suppress(BrokenPipeError):  # it ended, and that was said
                    desk.stdin.close()

    def _alone(self, words: tuple[str, ...], typed: str) -> Ran:
        try:
            done = subprocess.run(
                python_module("hub", *words),
                input=typed,
                capture_output=True,
                text=True,
                check=False,
                timeout=DEADLINE_S,
                env=self._environ,
            )
        except subprocess.TimeoutExpired as error:
            raise _late(words) from error
        return Ran(done.returncode, done.stdout, done.stderr)

    def _at_desk(self, desk: "subprocess.Popen[str]", words: tuple[str, ...], typed: str) -> Ran:
        assert desk.stdin is not None  # noqa: S101  # it was opened with both pipes
        assert desk.stdout is not None  # noqa: S101
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            desk.kill()

        watch = threading.Timer(DEADLINE_S, end)
        watch.start()
        try:
            desk.stdin.write(json.dumps({"words": words, "typed": typed}) + "\n")
            desk.stdin.flush()
            answer = desk.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            watch.cancel()
        if is_late.is_set():
            raise _late(words)
        if not answer:
            raise SiteError(f"hub {words[0]}: the process of the hub's commands ended")
        return Ran(**json.loads(answer))


def _late(words: tuple[str, ...]) -> SiteError:
    return SiteError(f"hub {words[0]} did not end in {DEADLINE_S:.0f} s on this machine")
