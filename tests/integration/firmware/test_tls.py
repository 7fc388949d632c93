"""The firmware's line by TLS: to the authority it was given, and to no other."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.counter_process import free_port
from tests.fixtures.firmware import PATIENCE_S
from tests.fixtures.printers import connected, eventually

pytestmark = pytest.mark.needs("micropython", "mosquitto", "openssl")

CONFIG = "listener {} 127.0.0.1\ncertfile {}\nkeyfile {}\nallow_anonymous true\nuser root\n"


def authority(folder: Path, name: str) -> Path:
    """Make an authority; gives its certificate in DER."""
    made = folder / f"{name}.pem"
    _openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9",
             "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", made.name)  # fmt: skip
    _openssl(folder, "x509", "-in", made.name, "-outform", "DER", "-out", f"{name}.der")
    return folder / f"{name}.der"


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tls_port(tmp_path: Path) -> Iterator[int]:
    """Run a broker for `localhost`, whose certificate is of the authority `ours`."""
    authority(tmp_path, "ours")
    _openssl(tmp_path, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
             "-keyout", "broker.key", "-out", "broker.csr")  # fmt: skip
    _openssl(tmp_path, "x509", "-req", "-in", "broker.csr", "-CA", "ours.pem", "-CAkey", "ours.key",
             "-CAcreateserial", "-days", "9", "-out", "broker.pem")  # fmt: skip
    port = free_port()
    (tmp_path / "broker.conf").write_text(
        CONFIG.format(port, tmp_path / "broker.pem", tmp_path / "broker.key")
    )
    program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "marked as needing it"
    line = [program, "-c", str(tmp_path / "broker.conf")]
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: _listens(port), "the broker to listen")
        yield port
    finally:
        child.terminate()
        child.wait(PATIENCE_S)


def _listens(port: int) -> bool:
    try:
        with connected(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def first_word_of_the_link(micropython: Path, twin: Path, folder: Path, *, port: int) -> str:
    """Run a terminal until it says how its line is."""
    claim = {"id": "shop-1", "password": "x", "host": "localhost", "port": port, "ca": "ca.der"}
    child = subprocess.Popen(
        [str(micropython), str(twin / "main.py"), "--folder", str(folder)],
        env={"MICROPYPATH": f"{twin}:.frozen"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        child.stdin.write(json.dumps(claim) + "\n")
        child.stdin.flush()
        said = next(line for line in child.stdout if line.startswith("link"))
        child.kill()
    child.wait(PATIENCE_S)
    return said


def test_the_right_authority_lets_it_in(
    tls_port: int, micropython: Path, firmware_twin: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board"
    board.mkdir()
    (board / "ca.der").write_bytes((tmp_path / "ours.der").read_bytes())

    assert first_word_of_the_link(micropython, firmware_twin, board, port=tls_port) == (
        "link online\n"
    )


def test_a_broker_of_another_authority_is_left_and_the_counter_goes_on(
    tls_port: int, micropython: Path, firmware_twin: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board"
    board.mkdir()
    (board / "ca.der").write_bytes(authority(tmp_path, "another").read_bytes())

    said = first_word_of_the_link(micropython, firmware_twin, board, port=tls_port)

    assert said.startswith("link offline: not written")
