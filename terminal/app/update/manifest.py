"""Proves the manifest of an update: what the bundle is, for which machines, signed by whom."""

import hashlib
import platform
import sys
from pathlib import Path
from typing import Final

import msgspec

from broker.contract.software import (
    SIGNED_AS,
    Manifest,
    SignedManifest,
    SoftwareError,
    read_manifest,
)
from terminal.slots import Software

ON_TRIAL: Final = "software_on_trial"
"""Why an update is not taken just now, and may be in a minute."""


def this_machine() -> tuple[str, str]:
    """Name this machine and its Python, as manifests do: `x86_64`, `3.11`."""
    return platform.machine(), f"{sys.version_info.major}.{sys.version_info.minor}"


def sign_manifest(manifest: Manifest, private: bytes) -> SignedManifest:
    """Sign a manifest by a private key of Ed25519, as PEM without a password."""
    from rules.tools.build.signing import SigningKeyError, sign  # noqa: PLC0415

    body = msgspec.json.encode(manifest)
    try:
        signature = sign(hashlib.sha256(body).hexdigest(), private, of=SIGNED_AS)
    except SigningKeyError as error:
        raise SoftwareError("software_key_bad", "the key cannot be read") from error
    return SignedManifest(manifest=body, signature=signature)


def check_manifest(signed: SignedManifest, keys: str, *, number: int) -> Manifest:
    """Prove a manifest: signed by one of the keys, for this machine, above a number.

    Raises SoftwareError.
    """
    if not keys.split():
        text = "this machine has no software_keys: it takes no updates"
        raise SoftwareError("software_key_missing", text)
    if not any(_is_signed(signed, key) for key in keys.split()):
        text = "nobody in software_keys signed it"
        raise SoftwareError("software_signature_bad", text)
    manifest = read_manifest(signed)
    here = this_machine()
    if (manifest.machine, manifest.python) != here:
        text = f"it is for {manifest.machine}, Python {manifest.python}; this is {' '.join(here)}"
        raise SoftwareError("software_other_machine", text)
    if manifest.number <= number:
        text = f"its number {manifest.number} is not above {number}: a way back is a new number"
        raise SoftwareError("software_older", text)
    return manifest


def check_bundle(bundle: Path, manifest: Manifest) -> None:
    """Compare a bundle's size and SHA-256 with its manifest's; raises SoftwareError."""
    with bundle.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if bundle.stat().st_size != manifest.size or found != manifest.bundle:
        raise SoftwareError("software_bundle_bad", "the bundle is not the one of the manifest")


def software_of(signed: SignedManifest, manifest: Manifest) -> Software:
    """Give what a slot notes of an update."""
    return Software(manifest.number, manifest.version, signed.digest)


def _is_signed(signed: SignedManifest, key: str) -> bool:
    from rules.tools.build.signing import SigningKeyError, is_signed  # noqa: PLC0415

    try:
        return is_signed(signed.digest, signed.signature, key, of=SIGNED_AS)
    except (SigningKeyError, ValueError):
        return False
