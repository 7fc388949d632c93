"""Ed25519 and SHA-512 by the vectors of their standards, and what is not signed."""

import binascii

from firmware.fetched.signature import is_signed, sha512

# RFC 8032, 7.1: TEST 1 to 3, and the one that signs a SHA-512.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
            "1cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
            "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
            "984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)


def raw(text):
    return binascii.unhexlify(text)


def test_what_was_signed_is_signed():
    for key, message, signature in VECTORS:
        assert is_signed(raw(key), raw(message), raw(signature))


def test_another_key_message_or_signature_is_not_signed():
    key, message, signature = [raw(text) for text in VECTORS[1]]
    other = raw(VECTORS[2][0])
    order = (1 << 252) + 27742317777372353535851937790883648493
    # The same signature with the order added to its scalar would be a second one of the message.
    scalar = int.from_bytes(signature[32:], "little") + order

    for key_of, message_of, signature_of in (
        (other, message, signature),
        (key, message + b"!", signature),
        (key, message, signature[:63] + bytes([signature[63] ^ 1])),
        (key, message, bytes([signature[0] ^ 1]) + signature[1:]),
        (key, message, signature[:32] + scalar.to_bytes(32, "little")),
        (key, message, signature[:63]),
        (key[:31], message, signature),
        (b"\xff" * 32, message, signature),
        (key, message, b"\xff" * 64),
        (b"", b"", b""),
    ):
        assert not is_signed(key_of, message_of, signature_of)


def test_sha512_is_that_of_the_standard():
    told = binascii.hexlify(sha512(b"abc")).decode()

    assert told == (
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    )
    assert binascii.hexlify(sha512(b"")[:4]) == b"cf83e135"
    assert len({sha512(b"x" * size) for size in (111, 112, 127, 128, 129)}) == 5
