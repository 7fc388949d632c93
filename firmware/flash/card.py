"""Who this flash is to the hub: its card, and whether another machine was here under its id first.

Two boards on copies of one flash have one id and one password. The hub knows them by their starts
and halts the later one, which sells again under a new password: then it is a card of its own.
"""

import binascii
import hashlib
import json

from firmware.flash.records import read_whole, write_whole

_FILE = "/card"


class Card:
    """The card in a folder, as the hub names it; where it is `halted` it takes no orders."""

    def __init__(self, folder: str, new_id: "Callable[[], str]") -> None:
        self._path = folder + _FILE
        self._new_id = new_id
        kept = json.loads(read_whole(self._path) or b"{}")
        self.id: str = kept.get("card", "")
        self._enrolled: str = kept.get("enrolled", "")
        self.halted = kept.get("halted", False)

    def enrol(self, password: str) -> None:
        """Take note of the password that the hub lets in; another one makes another card."""
        digest = binascii.hexlify(hashlib.sha256(password.encode()).digest()).decode()
        if digest == self._enrolled:
            return
        self._keep(self._new_id(), digest, halted=False)

    def halt(self) -> None:
        """Take no more orders until there is another password; on flash when it ends."""
        if not self.halted:
            self._keep(self.id, self._enrolled, halted=True)

    def _keep(self, card: str, enrolled: str, *, halted: bool) -> None:
        """Keep it on flash, and only then in memory: a word of the hub is acknowledged by that."""
        kept = {"card": card, "enrolled": enrolled, "halted": halted}
        write_whole(self._path, json.dumps(kept).encode())
        self.id, self._enrolled, self.halted = card, enrolled, halted
