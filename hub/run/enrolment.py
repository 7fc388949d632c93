"""A terminal's secret: into its configuration file, and into the broker's password file."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from broker.contract.address import BrokerAddress
from broker.embedded import Credentials
from hub.desk.terminals.model import Meeting

_MODE: Final = 0o600


class EnrolmentFiles:
    """Writes `terminals/<id>.toml` and lets the terminal in at the hub's own broker.

    `pack_key` gives the public key by which terminals know the hub's rule packs, `software_keys`
    are those of updates of their own software. A broker of the hub's `own` is where its pages are.
    """

    def __init__(
        self,
        folder: Path,
        broker: BrokerAddress,
        *,
        own: bool,
        pack_key: Callable[[], str],
        software_keys: str = "",
    ) -> None:
        self._own = own
        self._terminals = folder / "terminals"
        self._broker = broker
        self._pack_key = pack_key
        self._software_keys = software_keys
        self._credentials = Credentials(folder / "broker")

    def issue(self, terminal: str, secret: str) -> None:
        """Write the terminal's configuration and let it in at the broker."""
        self._terminals.mkdir(parents=True, exist_ok=True)
        keys = f'software_keys = "{self._software_keys}"\n' if self._software_keys else ""
        text = (
            f'id = "{terminal}"\npassword = "{secret}"\npack_keys = "{self._pack_key()}"\n{keys}\n'
            f'[broker]\nhost = "{self._broker.host}"\nport = {self._broker.port}\n'
        )
        handle, draft = tempfile.mkstemp(dir=self._terminals, prefix=f".{terminal}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _MODE)
            file.write(text)
        Path(draft).replace(self._terminals / f"{terminal}.toml")
        self._credentials.set(terminal, secret)

    def admit(self, terminal: str, line: str) -> None:
        """Let a terminal in that made its password itself; a file with an older one goes."""
        self._credentials.set_hashed(terminal, line)
        (self._terminals / f"{terminal}.toml").unlink(missing_ok=True)

    def meeting(self) -> Meeting:
        """Say where terminals find the broker, and by which keys they know rule packs and updates.

        Raises OSError where the certificate of the broker cannot be read.
        """
        ca_file = self._broker.ca_file
        return Meeting(
            host="" if self._own else self._broker.host,
            port=self._broker.port,
            ca=ca_file.read_text(encoding="ascii") if ca_file else "",
            pack_keys=self._pack_key(),
            software_keys=self._software_keys,
        )

    def withdraw(self, terminal: str) -> None:
        """Take both away."""
        (self._terminals / f"{terminal}.toml").unlink(missing_ok=True)
        self._credentials.remove(terminal)
