"""What runs on this board, and how far it is with the update that the hub offers."""

import binascii
import hashlib
import json
import sys

from firmware import slots
from firmware.constants import UPDATE_FIELDS
from firmware.flash.records import read_whole

ABOUT = "/about"
"""A file of a place, written last: the number of the update in it, and the manifest's digest."""


def about(place: str) -> "dict[str, Any]":
    """Read which of the hub's updates is whole in a place; empty where none is."""
    told = read_whole(place + ABOUT)
    return json.loads(told) if told else {}


class Software:
    """What a board says of its software. `has_news` asks the link to tell the hub of it.

    `offer` is what the hub offers, as it said it, and `digest` names that. `state` is one of the
    contract's, `code` and `text` say why it does not go on.
    """

    def __init__(self, board: "BaseBoard") -> None:
        chosen = slots.state_of(board.folder)
        self._board = board
        self._there = about(board.folder + chosen["now"]) if chosen["now"] else {}
        self._is_on_trial = "trial" in chosen
        self.offer: dict[str, Any] | None = None
        self.digest: str | None = self._there.get("manifest")
        self.state, self.code, self.text = self._begun(), "", ""
        self.has_news = False

    @property
    def number(self) -> int:
        """Give the number of the update that runs; 0 for what came otherwise."""
        return self._there.get("number", 0)

    @property
    def kind(self) -> "tuple[str, str]":
        """Name this kind of board, and which byte code it runs, as manifests do."""
        return self._board.target, "mpy%d" % (getattr(sys.implementation, "_mpy", 0) & 0xFF)

    def want(self, offer: "dict[str, Any] | None") -> None:
        """Take what the hub offers now, None for nothing. Raises ValueError, KeyError."""
        digest = None
        if offer is not None:
            found = hashlib.sha256(binascii.a2b_base64(offer["manifest"])).digest()
            digest = binascii.hexlify(found).decode()
        if digest == self.digest:
            return
        self.digest, self.offer = digest, offer
        self.became(self._begun())

    def became(self, state: str, code: str = "", text: str = "") -> None:
        """Note how far it is; the hub hears of it once."""
        if (state, code, text) == (self.state, self.code, self.text):
            return
        self.state, self.code, self.text = state, code, text
        self.has_news = True
        self._board.wake()

    def proven(self) -> None:
        """Note that a broker has heard the copy that runs."""
        self._is_on_trial = False
        if self.state == "trying":
            self.became("taken")

    def said(self) -> "tuple | None":
        """Say it as the contract has it; None for a board that takes no updates."""
        if not self._board.takes_updates:
            return None
        told = (self.number,) + self.kind + (self.digest, self.state)
        told += (self.code or None, self.text[:300])
        return tuple(zip(UPDATE_FIELDS, told))  # noqa: B905  # MicroPython's zip has no strict

    def _begun(self) -> str:
        if self.digest is None:
            return "none"
        if self.digest == self._there.get("manifest"):
            return "trying" if self._is_on_trial else "taken"
        return "fetching"
