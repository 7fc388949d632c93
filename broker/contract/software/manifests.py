"""Updates of terminals' own software: what is signed of one, and what terminals say of it."""

import hashlib
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from broker.contract.envelope import Code, Count, Digest, Name, Signature, Text

FORMAT: Final = 1
MAX_BUNDLE_BYTES: Final = 256 * 1024 * 1024
"""A bundle is at most so large, and so is what it unpacks to."""
MAX_MANIFEST_BYTES: Final = 4_096
"""The most that the file of a signed manifest has: it goes to terminals in a configuration."""
SIGNED_AS: Final = "terminal software"
"""What signatures of manifests are of: no signature of a rule pack is one of software."""

UpdateState = Literal["none", "fetching", "waiting", "trying", "taken", "refused", "failed"]
"""How far a terminal is with the update that it was offered; `waiting` is for its counter to rest.

`refused` is what could not be proven, `failed` what was tried and did not serve."""


class SoftwareError(Exception):
    """An update is not what it should be; `code` says why to programs, `text` to people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Manifest(Struct, frozen=True, kw_only=True):
    """What an update is: `number` only ever rises, `machine` and `python` are whom it is for."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT)]
    number: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    version: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z.+-]+$(?!\n)")]
    machine: Name
    python: Name
    bundle: Digest
    size: Count


class SignedManifest(Struct, frozen=True, kw_only=True):
    """A manifest as it is kept in a file: its bytes, and the signature of their SHA-256."""

    manifest: bytes
    signature: Signature

    @property
    def digest(self) -> str:
        """Name the manifest by its SHA-256."""
        return hashlib.sha256(self.manifest).hexdigest()


class UpdateSaid(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a terminal runs, on what kind of machine, and how far it is with what it was offered.

    `number` is that of the update that runs, 0 for what its package brought. `manifest` names what
    it was offered last, None where that was taken back. `code` and `text` say why it does not go
    on.
    """

    number: Count
    machine: Name
    python: Name
    manifest: Digest | None = None
    state: UpdateState = "none"
    code: Code | None = None
    text: Text = ""


def read_signed(content: bytes) -> SignedManifest:
    """Read the file of a signed manifest; raises SoftwareError."""
    if len(content) > MAX_MANIFEST_BYTES:
        text = f"it has {len(content)} bytes: a signed manifest has {MAX_MANIFEST_BYTES} at most"
        raise SoftwareError("software_unreadable", text)
    try:
        return msgspec.json.decode(content, type=SignedManifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        text = f"it is no signed manifest: {error}"
        raise SoftwareError("software_unreadable", text) from error


def read_manifest(signed: SignedManifest) -> Manifest:
    """Read what was signed, whoever signed it; raises SoftwareError."""
    try:
        return msgspec.json.decode(signed.manifest, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SoftwareError("software_unreadable", f"the manifest: {error}") from error
