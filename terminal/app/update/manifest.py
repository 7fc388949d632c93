"""The manifest of an update: what the bundle is, for which machines, signed by who makes it."""

import base64
import binascii
import hashlib
import platform
import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from broker.contract.envelope import Count, Digest, Name, Signature
from terminal.slots import Software

FORMAT: Final = 1
MAX_BYTES: Final = 256 * 1024 * 1024
_SIGNED: Final = b"orderwire terminal software sha-256 "
"""Stands before the hash in what is signed: no signature of a rule pack is one of software."""


class UpdateError(Exception):
    """An update is not taken; `code` says why to programs."""

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


def this_machine() -> tuple[str, str]:
    """Name this machine and its Python, as manifests do: `x86_64`, `3.11`."""
    return platform.machine(), f"{sys.version_info.major}.{sys.version_info.minor}"


def sign_manifest(manifest: Manifest, private: bytes) -> SignedManifest:
    """Sign a manifest by a private key of Ed25519, as PEM without a password."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    try:
        key = serialization.load_pem_private_key(private, password=None)
    except (ValueError, TypeError) as error:
        raise UpdateError("software_key_bad", "the key cannot be read") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UpdateError("software_key_bad", "the key is not one of Ed25519")
    body = msgspec.json.encode(manifest)
    signed = _SIGNED + hashlib.sha256(body).hexdigest().encode()
    return SignedManifest(manifest=body, signature=base64.b64encode(key.sign(signed)).decode())


def read_signed(content: bytes) -> SignedManifest:
    """Read the file of a signed manifest; raises UpdateError."""
    try:
        return msgspec.json.decode(content, type=SignedManifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UpdateError("software_unreadable", f"it is no signed manifest: {error}") from error


def check_manifest(signed: SignedManifest, keys: str, *, number: int) -> Manifest:
    """Prove a manifest: signed by one of the keys, for this machine, above a number.

    Raises UpdateError.
    """
    if not keys.split():
        text = "this machine has no software_keys: it takes no updates"
        raise UpdateError("software_key_missing", text)
    if not any(_is_signed(signed, key) for key in keys.split()):
        text = "nobody in software_keys signed it"
        raise UpdateError("software_signature_bad", text)
    try:
        manifest = msgspec.json.decode(signed.manifest, type=Manifest)
    except msgspec.MsgspecError as error:
        raise UpdateError("software_unreadable", f"the manifest: {error}") from error
    here = this_machine()
    if (manifest.machine, manifest.python) != here:
        text = f"it is for {manifest.machine}, Python {manifest.python}; this is {' '.join(here)}"
        raise UpdateError("software_other_machine", text)
    if manifest.number <= number:
        text = f"its number {manifest.number} is not above {number}: a way back is a new number"
        raise UpdateError("software_older", text)
    return manifest


def check_bundle(bundle: Path, manifest: Manifest) -> None:
    """Compare a bundle's size and SHA-256 with its manifest's; raises UpdateError."""
    with bundle.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if bundle.stat().st_size != manifest.size or found != manifest.bundle:
        raise UpdateError("software_bundle_bad", "the bundle is not the one of the manifest")


def software_of(signed: SignedManifest, manifest: Manifest) -> Software:
    """Give what a slot notes of an update."""
    return Software(manifest.number, manifest.version, signed.digest)


def _is_signed(signed: SignedManifest, key: str) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        public = serialization.load_der_public_key(base64.b64decode(key, validate=True))
        if not isinstance(public, Ed25519PublicKey):
            return False
        proof = base64.b64decode(signed.signature, validate=True)
        public.verify(proof, _SIGNED + signed.digest.encode())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
