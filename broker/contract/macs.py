"""The hub's own mark on answers and notices: it knows them by it when it gets them back.

Nobody else has the key, so nobody else checks it: a terminal keeps the bytes as they came.
"""

import hmac
from typing import Final

_FIELD: Final = b',"mac":"'
_AGAIN: Final = b',"again":true}'
_TAIL: Final = len(_FIELD) + 64 + len(b'"}')


def with_mac(written: bytes, key: bytes, *, of: bytes = b"") -> bytes:
    """Add HMAC-SHA256 of a message's bytes and of what it answers, as its last field.

    `of` binds an answer to its order: the SHA-256 of the order's bytes.
    """
    return written[:-1] + _FIELD + _mac(written, key, of) + b'"}'


def bears_mac(payload: bytes, key: bytes, *, of: bytes = b"") -> bool:
    """Tell whether these bytes, as they came, were written under this key.

    That they were told again is said behind the mark, and is none of it.
    """
    payload = told_once(payload)
    tail = payload[-_TAIL:]
    if not tail.startswith(_FIELD) or not tail.endswith(b'"}'):
        return False
    said = tail[len(_FIELD) : -2]
    return hmac.compare_digest(said, _mac(payload[:-_TAIL] + b"}", key, of))


def told_again(written: bytes) -> bytes:
    """Say in an answer or a notice that a card of its terminal may have printed it before."""
    return written if written.endswith(_AGAIN) else written[:-1] + _AGAIN


def told_once(payload: bytes) -> bytes:
    """Give the bytes of an answer or a notice as they were first written."""
    return payload[: -len(_AGAIN)] + b"}" if payload.endswith(_AGAIN) else payload


def _mac(written: bytes, key: bytes, of: bytes) -> bytes:
    return hmac.digest(key, b"%d:" % len(of) + of + written, "sha256").hex().encode()
