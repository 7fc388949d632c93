"""A phone that hears push messages: it makes keys as a browser does, and opens what arrives.

What it does is written from the standards by themselves, and by none of the hub's code.
"""

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.desk.notices.model import Device
from tests.builders.receivers import Received

_CURVE = ec.SECP256R1()


def coded(what: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(what).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Read bytes in base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _mac(key: bytes, what: bytes) -> bytes:
    made = HMAC(key, hashes.SHA256())
    made.update(what)
    return made.finalize()


@dataclass(slots=True)
class PushPhone:
    """A phone with its keys; its push service listens at `endpoint`."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(_CURVE))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def point(self) -> bytes:
        """Give the phone's public point."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def device(self) -> Device:
        """Give what the phone tells the hub of itself."""
        return Device(self.endpoint, coded(self.point), coded(self.secret))

    def read(self, body: bytes) -> Any:
        """Open a message."""
        salt, length = body[:16], body[20]
        theirs, closed = body[21 : 21 + length], body[21 + length :]
        public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs)
        shared = self.key.exchange(ec.ECDH(), public)
        mixed = _mac(self.secret, shared)
        first = _mac(mixed, b"WebPush: info\x00" + self.point + theirs + b"\x01")
        second = _mac(salt, first)
        key = _mac(second, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _mac(second, b"Content-Encoding: nonce\x00\x01")[:12]
        opened = AESGCM(key).decrypt(nonce, closed, None)
        assert opened.endswith(b"\x02")
        return json.loads(opened[:-1])


def signed_claims(one: Received, public: str) -> Any:
    """Check that a message is signed by the hub's key, and give what the signature says."""
    scheme, _, rest = one.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", public)
    head, claims, signature = parts["t"].split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = decoded(signature)
    encoded = utils.encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )
    key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decoded(public))
    key.verify(encoded, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(claims))
