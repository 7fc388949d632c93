"""A small project with the real launcher: set up in seconds, from packages that lie beside it.

The launcher is started as people start it, with a PATH that holds what any Debian has, and no apt.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DEADLINE_S: Final = 120.0
PAUSE_S: Final = 0.05
MODULES: Final = 200
PROGRAMS: Final = (
    *("awk", "cat", "cksum", "cut", "date", "df", "dirname", "find", "grep", "id", "ls", "mkdir"),
    *("mv", "python3", "readlink", "rm", "sh", "sleep", "sort", "tail", "tr", "wc", "xargs"),
)
"""All that the launcher may call before there is a .venv."""

PYPROJECT: Final = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND: Final = '''
"""Build the editable wheel of the project: one line that names its folder."""
import pathlib, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "orderwire-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("orderwire.pth", str(pathlib.Path.cwd()) + "\\n")
        for part, text in PARTS.items():
            wheel.writestr("orderwire-1.dist-info/" + part, text)
    return name
PARTS = '''


def about(package: str) -> dict[str, str]:
    """Write what a wheel says about itself, by the files' names."""
    return {
        "METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }


class LauncherProject:
    """A folder with the launcher, one package called `rules`, and locks that name one wheel."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.temporary = folder / "temporary"
        self.programs = folder / "programs"
        for made in (self.root / "rules", self.root / "requirements", self.temporary):
            made.mkdir(parents=True)
        self.programs.mkdir()
        for name in PROGRAMS:
            self._link(name)
        shutil.copy(ROOT / "orderwire", self.root)
        (self.root / "pyproject.toml").write_text(PYPROJECT)
        (self.root / "backend.py").write_text(BACKEND + repr(about("orderwire")))
        (self.root / "rules" / "__init__.py").write_text("")
        (self.root / "rules" / "__main__.py").write_text("import shop\nprint('rules', shop.OPEN)\n")
        self.lock("sim", "shop")
        self.lock("dev", "shop", "tests_of_shop")

    @property
    def venv(self) -> Path:
        """Where the launcher puts what it sets up."""
        return self.root / ".venv"

    def lock(self, name: str, *packages: str) -> None:
        """Have the lock `name` hold these packages, each made here."""
        lines = [f"--find-links {self.root / 'wheels'}"]
        lines += [f"{package}==1 --hash=sha256:{self._wheel(package)}" for package in packages]
        (self.root / "requirements" / f"{name}.txt").write_text("\n".join(lines) + "\n")

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        """Start the launcher in a process group of its own, as a terminal does."""
        return subprocess.Popen(
            [self.root / "orderwire", *(arguments or ("rules",))],
            cwd=self.root.parent,
            env=self.environ(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Start the launcher and wait for its end."""
        started = self.start(*arguments, **environ)
        with started:
            said, complained = started.communicate(timeout=DEADLINE_S)
        return subprocess.CompletedProcess([], started.returncode, said, complained)

    def environ(self, more: Mapping[str, str]) -> dict[str, str]:
        """Give an environment in which pip asks no index, unless `more` names one."""
        return {
            "PATH": str(self.programs),
            "HOME": str(self.temporary.parent),
            "TMPDIR": str(self.temporary),
            "PIP_NO_INDEX": "1",
            **more,
        }

    def files_since(self, moment_ns: int) -> int:
        """Count what came into .venv since a moment of the wall clock."""
        return sum(
            _is_newer(Path(folder, name), moment_ns)
            for folder, _, names in os.walk(self.venv)
            for name in names
        )

    def _link(self, name: str) -> None:
        found = shutil.which(name)
        assert found, f"{name} is not installed"
        # A shim of pyenv and the like must not be linked: it looks at its own name and place.
        real = os.path.realpath(_python() if name == "python3" else found)
        (self.programs / name).write_text(f'#!/bin/sh\nexec {real} "$@"\n')
        (self.programs / name).chmod(0o755)

    def _wheel(self, package: str) -> str:
        """Make a wheel of many small modules; give its hash."""
        path = self.root / "wheels" / f"{package}-1-py3-none-any.whl"
        path.parent.mkdir(exist_ok=True)
        files = {
            f"{package}/__init__.py": "OPEN = 'open'\n",
            **{f"{package}/part{number}.py": "" for number in range(MODULES)},
            **{f"{package}-1.dist-info/{name}": text for name, text in about(package).items()},
        }
        files[f"{package}-1.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files)
        with zipfile.ZipFile(path, "w") as wheel:
            for name, text in files.items():
                wheel.writestr(zipfile.ZipInfo(name), text)
        return hashlib.sha256(path.read_bytes()).hexdigest()


def cut(started: subprocess.Popen[str], way: str) -> None:
    """End a launcher as people, systems and power cuts do, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        match way:
            case "Ctrl-C":
                os.killpg(started.pid, signal.SIGINT)
            case "SIGTERM":
                started.terminate()
            case "SIGKILL":
                started.kill()
            case "power":
                for one in of_session(started.pid):
                    os.kill(one, signal.SIGKILL)
    started.wait(DEADLINE_S)
    for pipe in (started.stdout, started.stderr):
        if pipe is not None:
            pipe.close()


def of_session(session: int) -> list[int]:
    """List the processes of a session."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(folder.name)) == session:
                found.append(int(folder.name))
    return found


def wait_until(happens: Callable[[], bool], tell: Callable[[], object] = lambda: "") -> None:
    """Wait for what can be seen from outside; fails with what there is to tell.

    It fails once that has been the same for a while: where many share a machine a set-up takes
    minutes, and one that goes on is not stuck.
    """
    pause = Event()
    told, deadline = tell(), time.monotonic() + DEADLINE_S
    while not happens():
        if (now := tell()) != told:
            told, deadline = now, time.monotonic() + DEADLINE_S
        assert time.monotonic() < deadline, f"it did not happen in time; {told}"
        pause.wait(PAUSE_S)


def _is_newer(path: Path, moment_ns: int) -> bool:
    try:
        return path.lstat().st_ctime_ns >= moment_ns
    except FileNotFoundError:  # it was there a moment ago
        return False


def _python() -> str:
    """Give the Python that this one's .venv was made by."""
    return str(Path(sys.base_prefix, "bin", "python3"))
