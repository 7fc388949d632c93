"""A terminal installed from its own extra, as on a Pi: it starts, and brings no hub along."""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from rules.tools.build.signing import key_line, new_private_key, public_key, sign
from simulators.devices import SimulatedPrinter, SimulatedScanner
from tests.architecture.test_locks import HUB_ONLY
from tests.unit.rules.making import packed_of

ROOT = Path(__file__).parents[3]
MODULES = ("fastapi", "sqlmodel", "sqlalchemy", "pydantic", "rule_engine", "amqtt", "simulators")

pytestmark = pytest.mark.xdist_group("installed alone")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the terminal's lock file and the project into an environment of their own."""
    folder = tmp_path_factory.mktemp("alone")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    lock = ROOT / "requirements" / "terminal.txt"
    subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
    # From a copy: setuptools leaves a build folder where it works.
    shutil.copytree(ROOT, folder / "source", ignore=shutil.ignore_patterns(".*", "tests", "docs"))
    own: list[str | Path] = ["--no-deps", "--no-build-isolation", "--target", folder / "product"]
    subprocess.run([*pip, *own, folder / "source"], check=True)
    return folder


@pytest.fixture
def counter(alone: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the installed terminal on a simulated scanner and printer, with no broker in reach."""
    config = tmp_path / "counter.toml"
    with SimulatedScanner() as scanner, SimulatedPrinter.on_tcp() as printer:
        assert printer.address is not None
        config.write_text(
            'id = "alone-1"\npassword = "secret"\n'
            '[broker]\nhost = "127.0.0.1"\nport = 9\n'
            f'[scanner]\nkind = "serial"\npath = "{scanner.path}"\n'
            f'[printer]\nkind = "tcp"\nhost = "127.0.0.1"\nport = {printer.address[1]}\n'
        )
        kept: list[str | Path] = ["--config", config, "--data", tmp_path / "records"]
        with subprocess.Popen(
            [alone / "bin" / "python", "-m", "terminal", "run", *kept],
            env={**os.environ, "PYTHONPATH": str(alone / "product")},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            try:
                assert running.stdout is not None
                assert running.stdout.readline().startswith("ready ")
                scanner.scan("4006381333931")
                yield running
            finally:
                running.kill()


def test_it_starts_and_says_what_was_scanned(counter: subprocess.Popen[str]) -> None:
    assert counter.stderr is not None

    said = next(line for line in counter.stderr if "4006381333931" in line)

    assert "No catalogue yet" in json.loads(said)["message"]


def test_it_brings_none_of_the_hub_s_packages(alone: Path) -> None:
    listed = subprocess.run(
        [alone / "bin" / "python", "-m", "pip", "list", "--format=json"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {package["name"].lower() for package in json.loads(listed)} & HUB_ONLY == set()


def test_it_can_check_a_signed_pack(alone: Path, tmp_path: Path) -> None:
    packed, private = packed_of(), new_private_key()
    (tmp_path / "pack.json").write_bytes(packed)
    (tmp_path / "pack.json.sig").write_text(sign(sha256(packed).hexdigest(), private))
    key = key_line(public_key(private).decode())

    shown = subprocess.run(
        [alone / "bin" / "python", "-m", "rules", "verify", "pack.json", "--json", "--key", key],
        env={**os.environ, "PYTHONPATH": str(alone / "product")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert json.loads(shown.stdout or "{}").get("refused", shown.stderr) is None


def test_it_imports_nothing_of_the_hub(alone: Path) -> None:
    code = f"import sys, terminal.app.cli; print([m for m in {MODULES} if m in sys.modules])"

    shown = subprocess.run(
        [alone / "bin" / "python", "-c", code],
        env={**os.environ, "PYTHONPATH": str(alone / "product")},
        cwd=alone,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == "[]", sys.version
