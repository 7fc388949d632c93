"""Child programs: waited for, killed, started again, and never left behind."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.errors import ChildError
from simulators.faults import Child

SERVE = "import signal; print('ready {\"port\": 7}', flush=True); signal.pause()"


def child(folder: Path, program: str) -> Child:
    return Child("toy", [sys.executable, "-c", program], log=folder / "toy.log")


def ends(pid: int) -> bool:
    """Wait until a process that is not our child has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(watched):
        return bool(select.select([watched], [], [], 10)[0])


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_ready_line_is_waited_for_and_kept(tmp_path: Path) -> None:
    with child(tmp_path, f"print('warming up'); {SERVE}") as toy:
        assert toy.ready == {"port": 7}
        assert toy.alive


def test_a_killed_child_can_be_started_again(tmp_path: Path) -> None:
    with child(tmp_path, SERVE) as toy:
        first = toy.pid

        toy.kill()
        toy.start()

        assert gone(first)
        assert toy.pid != first
        assert toy.alive


def test_a_child_is_at_work_while_it_uses_the_processor_and_not_while_it_waits(
    tmp_path: Path,
) -> None:
    busy = SERVE.replace("signal.pause()", "exec('while True: pass')")
    with child(tmp_path, SERVE) as resting, child(tmp_path, busy) as working:
        assert working.wait_for_work(within_s=60)
        assert not resting.wait_for_work(within_s=0.1)


def test_a_child_that_fails_at_once_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ChildError, match="no such broker"):
        child(tmp_path, "raise SystemExit('no such broker')").start()


def test_a_child_that_never_gets_ready_is_given_up_and_gone(tmp_path: Path) -> None:
    toy = child(tmp_path, "import signal; signal.pause()")

    with pytest.raises(ChildError, match="in time"):
        toy.start(within_s=0.2)

    assert not toy.alive


def test_a_child_dies_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    parent = (
        "import os, signal, sys; from pathlib import Path; from simulators.faults import Child;"
        f"toy = Child('toy', [sys.executable, '-c', {SERVE!r}], log=Path({str(tmp_path)!r}) / 'l');"
        "toy.start(); print(toy.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )

    ended = subprocess.run([sys.executable, "-c", parent], capture_output=True, check=False)

    assert ended.returncode == -9
    assert ends(int(ended.stdout))
