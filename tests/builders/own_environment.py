"""Programs that need a Python environment of their own, made once for each state of their lock."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def own_environment(name: str, python: Path) -> Path:
    """Make `.venv-NAME` from `requirements/NAME.txt`, unless it is there; gives the folder."""

    def make(folder: Path, lock: Path) -> None:
        subprocess.run([python, "-m", "venv", folder], check=True)
        install(folder / "bin" / "python", lock)

    return _made(ROOT / f".venv-{name}", ROOT / "requirements" / f"{name}.txt", make)


def own_folder(name: str, python: Path) -> Path:
    """Unpack `requirements/NAME.txt` into `.venv-NAME`, which is no environment."""

    def make(folder: Path, lock: Path) -> None:
        install(python, lock, "--no-deps", "--target", str(folder))

    return _made(ROOT / f".venv-{name}", ROOT / "requirements" / f"{name}.txt", make)


def install(python: Path, lock: Path, *options: str) -> None:
    """Install what a lock file names."""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run([*pip, *options, "-r", str(lock)], check=True)


def _made(folder: Path, lock: Path, make: Callable[[Path, Path], None]) -> Path:
    stamp = folder / "lock.sha256"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another process of these tests may install it, too
        if not stamp.exists() or stamp.read_text() != digest:
            shutil.rmtree(folder, ignore_errors=True)
            make(folder, lock)
            stamp.write_text(digest)
    return folder
