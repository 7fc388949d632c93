"""Take an update of terminals' software: proven as a terminal would, kept once, offered to none."""

import re
from dataclasses import dataclass
from typing import BinaryIO, Final

from broker.contract import (
    MAX_BUNDLE_BYTES,
    SIGNED_AS,
    Manifest,
    SignedManifest,
    SoftwareError,
    read_manifest,
    read_signed,
)
from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.terminals.model.software import BYTE_CODE, UpdateFault, name_of
from hub.desk.terminals.store.software.files import SoftwareFiles
from hub.desk.terminals.store.software.updates import add_update, find_update, sees_all
from rules.tools.build.signing import SigningKeyError, is_signed

LARGEST_UPDATE: Final = MAX_BUNDLE_BYTES + 64 * 1024
"""The most that a form with an update has: the bundle, its manifest, and what parts them."""
_MACHINE: Final = re.compile(r"[a-z0-9_]{1,20}")
_PYTHON: Final = re.compile(rf"[0-9]{{1,2}}\.[0-9]{{1,3}}|{BYTE_CODE}[0-9]{{1,2}}")


@dataclass(slots=True)
class AddUpdate:
    """The act, with what it needs; `keys` are whose updates are taken, parted by blanks."""

    transactions: Transactions
    clock: Clock
    files: SoftwareFiles
    keys: str

    def __call__(self, content: bytes, bundle: BinaryIO, *, by: Actor) -> str:
        """Take the file of a signed manifest and its bundle; gives the update's name.

        The same again changes nothing, but for a bundle whose file was lost. Raises UpdateFault,
        and OSError where the bundle cannot be kept.
        """
        signed, manifest = self._prove(content)
        name = name_of(manifest.number, manifest.machine, manifest.python)
        with self.transactions.reading() as t:
            there = find_update(t.connection, name)
            if not sees_all(t, by.scope):
                raise UpdateFault("software_network")
        if there is not None and there.digest != signed.digest:
            raise UpdateFault("software_number_taken", name)
        is_kept = self.files.has(manifest.bundle)
        if not is_kept and not self.files.write(bundle, manifest):
            raise UpdateFault("software_bundle_bad", name)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if find_update(t.connection, name) is None:
                add_update(t, manifest, signed, content=content)
                t.changed("software")
            t.commit()
        return name

    def _prove(self, content: bytes) -> tuple[SignedManifest, Manifest]:
        keys = self.keys.split()
        if not keys:
            raise UpdateFault("software_key_missing")
        try:
            signed = read_signed(content)
            if not any(_is_of(signed, key) for key in keys):
                raise UpdateFault("software_signature_bad")
            manifest = read_manifest(signed)
        except SoftwareError as error:
            raise UpdateFault("software_unreadable") from error
        is_named = _MACHINE.fullmatch(manifest.machine) and _PYTHON.fullmatch(manifest.python)
        if not is_named or manifest.size > MAX_BUNDLE_BYTES:
            raise UpdateFault("software_unreadable")
        return signed, manifest


def _is_of(signed: SignedManifest, key: str) -> bool:
    try:
        return is_signed(signed.digest, signed.signature, key, of=SIGNED_AS)
    except SigningKeyError:
        return False
