"""The word with which a new hub is set up, inside a given transaction."""

from typing import Final

from hub.base.transaction import Transaction
from hub.desk.people.tables import setup_word

_COLUMNS: Final = ("id", "digest", "made_at", "used_at")
_USE: Final = "UPDATE setup_word SET used_at = ? WHERE digest = ? AND used_at IS NULL"


def put_setup_word(t: Transaction, digest: str) -> None:
    """Keep the digest of a word instead of the one before."""
    t.many("DELETE FROM setup_word WHERE id = ?", [(1,)])
    t.insert(setup_word, _COLUMNS, [(1, digest, t.at_ms, None)])


def is_setup_word(t: Transaction, digest: str) -> bool:
    """Say whether this is the word, and nobody used it yet."""
    query = "SELECT 1 FROM setup_word WHERE digest = ? AND used_at IS NULL"
    return bool(t.rows(query, (digest,)))


def use_setup_word(t: Transaction, digest: str) -> bool:
    """Use the word up; False where it is another, or somebody was first."""
    return bool(t.many(_USE, [(t.at_ms, digest)]))
