"""Mosquitto as a child process, configured by us, dying with us."""

import contextlib
import ctypes
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from broker.contract.address import BrokerAddress, Certificate
from broker.contract.codec import MAX_PACKET_BYTES
from broker.embedded.credentials import Credentials
from broker.embedded.running import BrokerStartError

_log = logging.getLogger(__name__)

_START_S: Final = 10.0
_STOP_S: Final = 5.0
_PR_SET_PDEATHSIG: Final = 1
MIB: Final = 2**20
# Debian puts it where only root's PATH looks.
_PLACES: Final = os.pathsep.join(
    (os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin")
)


def find_mosquitto() -> str | None:
    """Give the path of the installed program, or None."""
    return shutil.which("mosquitto", path=_PLACES)


def mosquitto_config(
    folder: Path, address: BrokerAddress, *, as_root: bool, proof: Certificate | None = None
) -> str:
    """Write the configuration of a broker for one machine; with `proof` it speaks TLS alone."""
    tls = [f"certfile {proof.certificate}", f"keyfile {proof.key}"] if proof else []
    lines = [
        f"listener {address.port} {address.host}",
        *tls,
        "allow_anonymous false",
        f"password_file {folder / 'passwd'}",
        f"acl_file {folder / 'acl'}",
        f"pid_file {folder / 'mosquitto.pid'}",
        f"log_dest file {folder / 'mosquitto.log'}",
        "log_type error",
        "log_type warning",
        "log_type notice",
        "connection_messages false",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 30",
        "persistent_client_expiration 14d",
        *LIMITS,
    ]
    if as_root:
        # Started by root it would become the user `mosquitto`, who may not read our folder.
        lines.append("user root")
    return "\n".join(lines) + "\n"


LIMITS: Final = (
    # First: it belongs to the listener above it. A session is its user's own: under any other id a
    # terminal could end the hub's connection, or another terminal's.
    "use_username_as_clientid true",
    "set_tcp_nodelay true",
    "max_inflight_messages 1000",
    # What waits for one client, the hub too. Never 0: some 2.0 versions then drop QoS 0 messages.
    "max_queued_messages 50000",
    f"max_inflight_bytes {4 * MIB}",
    f"max_queued_bytes {24 * MIB}",
    # The last guard: above it the broker turns clients away rather than die.
    f"memory_limit {512 * MIB}",
    f"max_packet_size {MAX_PACKET_BYTES}",
    "max_keepalive 60",
)


class Mosquitto:
    """A running Mosquitto; see RunningBroker."""

    kind: Final = "mosquitto"

    def __init__(
        self,
        program: str,
        folder: Path,
        address: BrokerAddress,
        *,
        proof: Certificate | None = None,
    ) -> None:
        self.address = address
        self._program = program
        self._proof = proof
        self._folder = folder.resolve()
        self._child: subprocess.Popen[bytes] | None = None
        self._started = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="mosquitto", daemon=True)

    @property
    def pid(self) -> int:
        """Name the child process."""
        if self._child is None:
            raise BrokerStartError("mosquitto was not started")
        return self._child.pid

    def start(self) -> None:
        """Start the child and wait until it accepts connections."""
        Credentials(self._folder).write_again()
        config = mosquitto_config(
            self._folder, self.address, as_root=os.geteuid() == 0, proof=self._proof
        )
        (self._folder / "mosquitto.conf").write_text(config, encoding="utf-8")
        (self._folder / "mosquitto.conf").chmod(0o600)
        self._keeper.start()
        self._started.wait()
        self._wait_until_ready()

    def describe(self) -> str:
        """Name it with its version, for people."""
        shown = subprocess.run([self._program, "-h"], capture_output=True, text=True, check=False)
        version = re.search(r"version (\S+)", shown.stdout)
        return f"mosquitto {version[1] if version else 'of unknown version'}"

    def reload(self) -> None:
        """Have it read password and ACL file again; it throws removed users out."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGHUP)

    def alive(self) -> bool:
        """Tell whether the child still runs."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """Stop the child, by force if it does not go."""
        child = self._child
        if child is None:
            return
        child.terminate()
        self._keeper.join(_STOP_S)
        if self._keeper.is_alive():
            child.kill()
            self._keeper.join()

    def _keep(self) -> None:
        """Start the child from a thread that lives as long as the child does.

        The kernel sends a child its parent-death signal when the *thread* that made it ends.
        """
        command = [self._program, "-c", str(self._folder / "mosquitto.conf")]
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=_birth(),  # noqa: PLW1509  # three system calls, prepared before
                start_new_session=True,
            )
        finally:
            self._started.set()
        code = self._child.wait()
        _log.info("mosquitto ended with code %s", code)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_S
        pause = threading.Event()
        while time.monotonic() < deadline:
            if not self.alive():
                raise BrokerStartError(f"mosquitto did not start: {self._last_words()}")
            with contextlib.suppress(OSError):
                socket.create_connection((self.address.host, self.address.port), 1).close()
                return
            pause.wait(0.01)
        self.stop()
        raise BrokerStartError(f"mosquitto did not answer for {_START_S} s: {self._last_words()}")

    def _last_words(self) -> str:
        log = self._folder / "mosquitto.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return lines[-1] if lines else f"see {log}"


def _birth() -> Callable[[], None]:
    """Prepare what the child does before it becomes Mosquitto.

    It takes our signals off the blocked list, which it inherits and would be deaf with; it keeps
    its files to their owner; and it ties its life to ours, which Linux alone can.
    """
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.umask(0o077)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return prepare
