"""Builds the Debian package: pure Python of ours, and the wheels of the lock file beside it.

The wheels are those of the machine that it is for, each checked against its hash in
`requirements/terminal.txt`; nothing is compiled, so that a PC builds the package of a Pi. They lie
in a folder of their own and not in an environment: such a folder can be moved, copied and looked
at, and needs nothing but the Python that Debian has.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).parents[3]
HERE: Final = Path(__file__).parent
NAME: Final = "orderwire-terminal"
_OWN: Final = ("rules", "broker", "terminal")
ARCHITECTURES: Final[Mapping[str, str]] = MappingProxyType({"amd64": "x86_64", "arm64": "aarch64"})
"""Debian's name of a machine: what wheels call it."""
_WHEELS: Final = ("manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34")
"""Which wheels run on Debian 12 and 13, whose C library is 2.36 and 2.41."""
_PROGRAM: Final = """#!/bin/sh
# Where the package was unpacked is two folders above this file.
root=$(dirname "$(dirname "$(readlink -f "$0")")")
export PYTHONPATH="$root/lib/orderwire-terminal"
exec /usr/bin/python3 -s -c 'import sys; sys.argv[0] = "orderwire-terminal"
from terminal.launch import main
main()' "$@"
"""
_CONTROL: Final = """Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: Orderwire
Section: misc
Priority: optional
Depends: python3 (>= {python}), python3 (<< {python_after}), passwd, libfribidi0
Recommends: fonts-noto-core, network-manager
Installed-Size: {size}
Description: counter terminal of the Orderwire order network
 A scanner, a printer and a line to the hub. Start the service, and scan the
 enrolment slip of the counter.
"""
_POSTINST: Final = """#!/bin/sh
set -e
# The service cannot write here: without this every start compiles all modules anew.
python3 -m compileall -q "$DPKG_ROOT/usr/lib/orderwire-terminal" >/dev/null || true
if [ "$1" = configure ]; then
    # Into an image that lies in a folder, its own files are changed and not this machine's.
    if ! grep -q ^orderwire: "$DPKG_ROOT/etc/passwd"; then
        useradd ${DPKG_ROOT:+--prefix "$DPKG_ROOT"} --system --user-group --no-create-home \\
            --home-dir /var/lib/orderwire-terminal --shell /usr/sbin/nologin orderwire
    fi
    for group in dialout input; do
        usermod ${DPKG_ROOT:+--prefix "$DPKG_ROOT"} --append --groups "$group" orderwire || true
    done
    # Also where systemd does not run yet: the first start of an image has the counter up.
    if command -v systemctl >/dev/null; then
        systemctl ${DPKG_ROOT:+--root "$DPKG_ROOT"} --quiet enable orderwire-terminal.service ||
            echo "enable it by hand: systemctl enable orderwire-terminal.service" >&2
    fi
    if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload || true
        systemctl restart orderwire-terminal.service || true
    fi
fi
"""
_PRERM: Final = """#!/bin/sh
set -e
# What postinst compiled: dpkg does not know it, and would leave its folders.
find "$DPKG_ROOT/usr/lib/orderwire-terminal" -name __pycache__ -exec rm -rf {} + || true
# Records and enrolment stay in /var/lib/orderwire-terminal: orders may wait in them.
if [ "$1" = remove ]; then
    if [ -z "$DPKG_ROOT" ] && [ -d /run/systemd/system ]; then
        systemctl stop orderwire-terminal.service || true
    fi
    command -v systemctl >/dev/null || exit 0
    systemctl ${DPKG_ROOT:+--root "$DPKG_ROOT"} --quiet disable orderwire-terminal.service || true
fi
"""


class PackageError(Exception):
    """The package cannot be built; the text says why."""


def build_package(out: Path, *, architecture: str, python: str, version: str) -> Path:
    """Build the package for a machine and the Python of its Debian; gives the file.

    `python` is `3.11` of Debian 12, `3.13` of Debian 13. Raises PackageError.
    """
    if shutil.which("dpkg-deb") is None:
        raise PackageError("dpkg-deb is not here: build the package on Debian or Ubuntu")
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{NAME}_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="orderwire-deb-") as name:
        tree = Path(name) / "tree"
        libraries = tree / "usr" / "lib" / NAME
        _take_wheels(libraries, machine=ARCHITECTURES[architecture], python=python)
        _take_own(libraries, version)
        _write(tree / "usr" / "bin" / NAME, _PROGRAM, mode=0o755)
        service = (HERE / f"{NAME}.service").read_text(encoding="utf-8")
        _write(tree / "lib" / "systemd" / "system" / f"{NAME}.service", service)
        rules = (HERE / f"{NAME}.rules").read_text(encoding="utf-8")
        _write(tree / "usr" / "share" / "polkit-1" / "rules.d" / f"50-{NAME}.rules", rules)
        settings = (HERE / "terminal.toml").read_text(encoding="utf-8")
        _write(tree / "etc" / "orderwire" / "terminal.toml", settings)
        readme = (ROOT / "terminal" / "README.md").read_text(encoding="utf-8")
        _write(tree / "usr" / "share" / "doc" / NAME / "README.md", readme)
        _describe(tree, architecture=architecture, python=python, version=version)
        _run("dpkg-deb", "-Zgzip", "--root-owner-group", "--build", str(tree), str(target))
    return target


def build_tree(out: Path, *, architecture: str, python: str, version: str) -> None:
    """Lay out a terminal's modules for a machine, as a slot holds them; raises PackageError."""
    _take_wheels(out, machine=ARCHITECTURES[architecture], python=python)
    _take_own(out, version)


def _take_wheels(target: Path, *, machine: str, python: str) -> None:
    """Unpack the wheels of the lock file, each checked against its hash."""
    lock = ROOT / "requirements" / "terminal.txt"
    platforms = [word for one in _WHEELS for word in ("--platform", f"{one}_{machine}")]
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "--only-binary=:all:", "--no-deps", "--no-compile"),
        *(*platforms, "--python-version", python, "--implementation", "cp"),
        *("--target", str(target), "-r", str(lock)),
    )
    shutil.rmtree(target / "bin", ignore_errors=True)


def _take_own(target: Path, version: str) -> None:
    """Copy our packages: their Python and what it reads, nothing that this machine compiled."""
    leave = shutil.ignore_patterns("__pycache__", "*.so", "*.pyc", ".*", "build")
    for name in _OWN:
        shutil.copytree(ROOT / name, target / name, ignore=leave)
    told = target / f"orderwire-{version}.dist-info"
    text = f"Metadata-Version: 2.1\nName: orderwire\nVersion: {version}\n"
    _write(told / "METADATA", text)


def _describe(tree: Path, *, architecture: str, python: str, version: str) -> None:
    major, _, minor = python.partition(".")
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
    control = _CONTROL.format(
        name=NAME,
        version=version,
        architecture=architecture,
        python=python,
        python_after=f"{major}.{int(minor) + 1}",
        size=size // 1024,
    )
    _write(tree / "DEBIAN" / "control", control)
    _write(tree / "DEBIAN" / "conffiles", "/etc/orderwire/terminal.toml\n")
    _write(tree / "DEBIAN" / "postinst", _POSTINST, mode=0o755)
    _write(tree / "DEBIAN" / "prerm", _PRERM, mode=0o755)
    for folder, folders, _ in os.walk(tree):
        for name in folders:
            (Path(folder) / name).chmod(0o755)
    tree.chmod(0o755)


def _write(path: Path, text: str, *, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise PackageError(f"{command[0]} failed: {said[-1] if said else done.returncode}")
