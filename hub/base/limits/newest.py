"""The newest tokens that opened something: what a cookie says proves nothing of itself."""

import hashlib
import threading
from collections import OrderedDict
from typing import Final

MOST: Final = 10_000


class NewestTokens:
    """Tokens that were right, as their hashes: the newest, so many at most; used by threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most: Final = most
        self._lock: Final = threading.Lock()
        self._kept: Final[OrderedDict[bytes, None]] = OrderedDict()

    def note(self, token: str) -> None:
        """Note that a token has just opened something."""
        digest = _hashed(token)
        with self._lock:
            self._kept[digest] = None
            self._kept.move_to_end(digest)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def has(self, token: str) -> bool:
        """Say whether a token opened something, and so many others have not done so since."""
        digest = _hashed(token)
        with self._lock:
            return digest in self._kept


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
