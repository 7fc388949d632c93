"""A terminal's secret: into its configuration file, and into the broker's password file."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from broker.contract.address import BrokerAddress
from broker.embedded import Credentials

_MODE: Final = 0o600


class EnrolmentFiles:
    """Writes `terminals/<id>.toml` and lets the terminal in at the hub's own broker.

    `pack_key` gives the public key by which terminals know the hub's rule packs.
    """

    def __init__(self, folder: Path, broker: BrokerAddress, *, pack_key: Callable[[], str]) -> None:
        self._terminals = folder / "terminals"
        self._broker = broker
        self._pack_key = pack_key
        self._credentials = Credentials(folder / "broker")

    def issue(self, terminal: str, secret: str) -> None:
        """Write the terminal's configuration and let it in at the broker."""
        self._terminals.mkdir(parents=True, exist_ok=True)
        text = (
            f'id = "{terminal}"\npassword = "{secret}"\npack_keys = "{self._pack_key()}"\n\n'
            f'[broker]\nhost = "{self._broker.host}"\nport = {self._broker.port}\n'
        )
        handle, draft = tempfile.mkstemp(dir=self._terminals, prefix=f".{terminal}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _MODE)
            file.write(text)
        Path(draft).replace(self._terminals / f"{terminal}.toml")
        self._credentials.set(terminal, secret)

    def withdraw(self, terminal: str) -> None:
        """Take both away."""
        (self._terminals / f"{terminal}.toml").unlink(missing_ok=True)
        self._credentials.remove(terminal)
