"""A key of the stand-in's own signs codes as the portal does; its public part checks them."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def make_signer() -> tuple[Callable[[bytes], bytes], str]:
    """Make a key, and give what signs with it (RS256) beside its public part as PEM."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(said: bytes) -> bytes:
        return key.sign(said, PKCS1v15(), SHA256())

    return sign, public.decode()
