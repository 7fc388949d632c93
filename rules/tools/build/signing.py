"""Ed25519 keys and signatures of packs; `cryptography` is imported only where one is asked for."""

import base64
import binascii
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PACK: Final = "rule pack"
"""What a signature is of, unless another thing is named: it stands before the hash in what is
signed, so that a signature of a pack is one of nothing else."""


class SigningKeyError(Exception):
    """A key cannot be read, or is not one of Ed25519."""


def new_private_key() -> bytes:
    """Make a private key, as PEM without a password."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    return ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_key(private: bytes) -> bytes:
    """Give the public key that belongs to a private one, both as PEM; raises SigningKeyError."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    return (
        _private_key(private)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def key_line(public: str) -> str:
    """Give a public key as one line: a PEM without its marks and line breaks, or the line itself.

    Raises:
        SigningKeyError: it is no public key of Ed25519.
    """
    line = "".join(part.strip() for part in public.splitlines() if not part.startswith("--"))
    _public_key(line)
    return line


def sign(digest: str, private: bytes, *, of: str = PACK) -> str:
    """Sign the SHA-256 of a pack's bytes, given as hex; raises SigningKeyError.

    The signature is 64 bytes in base64. The same key gives the same one every time.
    """
    return base64.b64encode(_private_key(private).sign(_signed(digest, of))).decode()


def is_signed(digest: str, signature: str, key: str, *, of: str = PACK) -> bool:
    """Tell whether a signature of that hash is by a public key, given as its line.

    Raises:
        SigningKeyError: the line is no public key of Ed25519.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    public = _public_key(key)
    try:
        public.verify(base64.b64decode(signature, validate=True), _signed(digest, of))
    except (InvalidSignature, binascii.Error):
        return False
    return True


def _signed(digest: str, of: str) -> bytes:
    return f"orderwire {of} sha-256 {digest}".encode()


def _private_key(pem: bytes) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise SigningKeyError(f"not a private key in PEM: {error}") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise SigningKeyError("not a private key of Ed25519")
    return key


def _public_key(line: str) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        key = load_der_public_key(base64.b64decode(line, validate=True))
    except ValueError as error:
        raise SigningKeyError(f"{line[:80]!r} is not a public key: {error}") from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise SigningKeyError("not a public key of Ed25519")
    return key
