"""Updates of terminals' own software: what is signed of one, and what terminals say of it."""

from broker.contract.software.manifests import (
    FORMAT,
    MAX_BUNDLE_BYTES,
    MAX_MANIFEST_BYTES,
    SIGNED_AS,
    Manifest,
    SignedManifest,
    SoftwareError,
    UpdateSaid,
    UpdateState,
    read_manifest,
    read_signed,
)

__all__ = [
    "FORMAT",
    "MAX_BUNDLE_BYTES",
    "MAX_MANIFEST_BYTES",
    "SIGNED_AS",
    "Manifest",
    "SignedManifest",
    "SoftwareError",
    "UpdateSaid",
    "UpdateState",
    "read_manifest",
    "read_signed",
]
