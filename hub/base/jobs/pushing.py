"""Writes messages to a browser's push service: closed for the browser alone, signed by the hub.

A push service passes a message on and cannot read it (RFC 8291, in the form of RFC 8188); it knows
the hub by a key of the hub's own (RFC 8292).
"""

import base64
import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE: Final = ec.SECP256R1()
_POINT_BYTES: Final = 65
_AUTH_BYTES: Final = 16
_NUMBER_BYTES: Final = 32
_RECORD: Final = 4_096
_LAST_RECORD: Final = b"\x02"
SALT_BYTES: Final = 16
_LASTS_S: Final = 12 * 3_600
_WAITS_S: Final = 24 * 3_600


@dataclass(frozen=True, slots=True)
class Browser:
    """Whom a message is closed for: a browser's own public point, and a secret that it made."""

    point: bytes
    secret: bytes


def read_browser(point: str, secret: str) -> Browser | None:
    """Read a browser's keys as it tells them, in base64url; None for what are no such keys."""
    try:
        found = Browser(read64(point), read64(secret))
        if len(found.point) != _POINT_BYTES or len(found.secret) != _AUTH_BYTES:
            return None
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, found.point)
    except (ValueError, InvalidKey):
        return None
    return found


def new_key() -> bytes:
    """Make a key of the hub's own: the number that is kept."""
    number = ec.generate_private_key(_CURVE).private_numbers().private_value
    return number.to_bytes(_NUMBER_BYTES, "big")


def public_point(kept: bytes) -> bytes:
    """Give the point that browsers and push services know a key by."""
    return _point_of(_key_of(kept))


def close_message(text: bytes, to: Browser, *, once: bytes, salt: bytes) -> bytes:
    """Close a message for a browser; `once` is a key of this message alone, `salt` 16 bytes."""
    own = _key_of(once)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, to.point)
    shared = own.exchange(ec.ECDH(), theirs)
    point = _point_of(own)
    info = b"WebPush: info\x00" + to.point + point
    secret = _derive(shared, salt=to.secret, info=info, length=32)
    key = _derive(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _derive(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, text + _LAST_RECORD, None)


def headers_of_push(endpoint: str, kept: bytes, *, now_s: int, contact: str) -> dict[str, str]:
    """Give the headers of a message to an endpoint: how it is closed, and who sends it.

    `contact` is an address by which the push service reaches who runs the hub.
    """
    parts = urlsplit(endpoint)
    said = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": now_s + _LASTS_S,
        "sub": contact,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(write64(json.dumps(one).encode()) for one in (head, said))
    r, s = utils.decode_dss_signature(
        _key_of(kept).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    )
    signature = write64(b"".join(one.to_bytes(_NUMBER_BYTES, "big") for one in (r, s)))
    return {
        "Authorization": f"vapid t={signed}.{signature}, k={write64(public_point(kept))}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_WAITS_S),
        "Urgency": "high",
    }


def write64(what: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(what).rstrip(b"=").decode()


def read64(text: str) -> bytes:
    """Read bytes in base64url, with padding or without; raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _key_of(kept: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(kept, "big"), _CURVE)


def _point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
