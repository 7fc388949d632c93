"""The inbox: every order message that was taken, by terminal and sequence, for ever."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from broker.contract import Order, told_again
from hub.base.engine.database import padded
from hub.base.transaction import LockRank, Transaction
from hub.desk.orders.model.request import Place
from hub.desk.terminals import tables
from hub.desk.terminals.model import Key, ServedTerminal, key_of
from hub.desk.terminals.tables import OF_EARLIER_CARD

_COLUMNS: Final = ("terminal", "seq", "order_uuid", "payload_sha256", "received_at")
_KEYS: Final = "SELECT source, source_key FROM order_ WHERE uuid IN "
_TAKEN: Final = "SELECT terminal, seq, order_uuid, payload_sha256 FROM inbox WHERE "
_TAKEN_BY_KEYS: Final = f"{_TAKEN}(terminal, seq) IN (SELECT * FROM unnest(?::text[], ?::bigint[]))"  # noqa: S608
_ANSWERS: Final = f"""
SELECT o.uuid, x.payload, w.message IS NULL OR {OF_EARLIER_CARD}
FROM order_ o JOIN outbox x ON x.order_id = o.id AND x.revision = 1
LEFT JOIN unacked w ON w.terminal = x.terminal AND w.message = x.id
JOIN terminal t ON t.id = x.terminal LEFT JOIN terminal_presence p ON p.terminal = x.terminal
WHERE o.uuid IN """  # noqa: S608  # a constant of ours
"""A card that sends an order of which it acknowledged the answer was put back to before that."""
_TERMINALS: Final = """
SELECT t.id, t.revoked_at, c.code, t.seller_id, w.id, w.code, p.language,
       EXISTS (SELECT 1 FROM awaited a WHERE a.terminal = t.id OR a.customer_id = t.customer_id
           OR EXISTS (SELECT 1 FROM terminal_customer s WHERE s.terminal = t.id
               AND s.customer_id = a.customer_id)
           OR EXISTS (SELECT 1 FROM terminal_customer s WHERE s.terminal = a.terminal
               AND s.customer_id = t.customer_id)), coalesce(t.operator_needed, g.operator_needed)
FROM terminal t
LEFT JOIN counter_group g ON g.id = t.group_id AND g.seller_id = t.seller_id
JOIN party c ON c.id = t.customer_id JOIN warehouse w ON w.id = t.warehouse_id
LEFT JOIN terminal_presence p ON p.terminal = t.id WHERE t.id IN """
_BESIDE: Final = """
SELECT s.terminal, c.code FROM terminal_customer s JOIN party c ON c.id = s.customer_id
WHERE s.terminal IN """
_CUSTOMERS: Final = "SELECT code FROM party WHERE code IN "

_HIGHEST: Final = """
SELECT t.id, (SELECT max(i.seq) FROM inbox i WHERE i.terminal = t.id) FROM terminal t WHERE t.id IN
"""

_NUMBERS: Final = "SELECT seq FROM inbox WHERE terminal = ? ORDER BY seq DESC LIMIT 64"
"""A terminal has at most 16 orders under way; older gaps are orders that were never taken."""


class InboxRow(NamedTuple):
    """One order message: its key, the order's id, and the SHA-256 of its bytes."""

    key: Key
    uuid: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Submitted:
    """An order message as it came, with the SHA-256 of its bytes."""

    message: Order
    digest: bytes

    @property
    def key(self) -> Key:
        """Give the terminal and its sequence."""
        return self.message.term, self.message.seq

    @property
    def uuid(self) -> str:
        """Give the order's own id."""
        return self.message.data.order

    def row(self) -> InboxRow:
        """Give what the inbox keeps of it."""
        return InboxRow(self.key, self.uuid, self.digest)


def submitted(message: Order, payload: bytes) -> Submitted:
    """Take an order message with the bytes it came as."""
    return Submitted(message, hashlib.sha256(payload).digest())


class Taken(NamedTuple):
    """An inbox row that is already there, and the answer that was given, as it is told now."""

    key: Key
    uuid: str
    digest: bytes
    answer: bytes


def find_taken(t: Transaction, asked: Sequence[InboxRow]) -> Sequence[Taken]:
    """Find what is already in the inbox under any of these keys or order ids."""
    keys = {one.key for one in asked} | _keys_of(t, [one.uuid for one in asked])
    found = {row[2]: row for row in _by_key(t, sorted(keys))}
    if not found:
        return ()
    answers = {
        uuid: told_again(bytes(answer)) if is_again else bytes(answer)
        for uuid, answer, is_again in t.rows_in(_ANSWERS, list(found))
    }
    return [
        Taken((terminal, seq), uuid, bytes(digest), answers.get(uuid, b""))
        for terminal, seq, uuid, digest in found.values()
    ]


def _keys_of(t: Transaction, uuids: Sequence[str]) -> set[Key]:
    """Find the keys that the orders of terminals came under, by their ids."""
    return {key_of(key) for source, key in t.rows_in(_KEYS, uuids) if source == "terminal"}


def _by_key(t: Transaction, keys: Sequence[Key]) -> Sequence[Any]:
    """Find inbox rows by terminal and sequence."""
    if t.database.is_sqlite:
        keys = padded(keys)
        values = ", ".join(["(?, ?)"] * len(keys))
        statement = f"{_TAKEN}(terminal, seq) IN (VALUES {values})"
        return t.rows(statement, [part for key in keys for part in key])
    terminals, numbers = zip(*keys, strict=True)
    return t.rows(_TAKEN_BY_KEYS, [list(terminals), list(numbers)])


def keep_taken(t: Transaction, rows: Sequence[InboxRow]) -> None:
    """Note order messages as taken."""
    t.lock(LockRank.SOURCE, [one.key for one in rows])
    t.insert(tables.inbox, _COLUMNS, [(*one.key, one.uuid, one.digest, t.at_ms) for one in rows])


def served_terminals(t: Transaction, names: Sequence[str]) -> dict[str, ServedTerminal]:
    """Read terminals by their ids; one that nobody has enrolled is left out."""
    return {
        name: ServedTerminal(
            name,
            is_revoked=revoked is not None,
            customer=customer,
            seller=seller,
            warehouse=Place(place, code),
            language=language or "en",
            waits=bool(waits),
            operator_needed=bool(needed),
        )
        for name, revoked, customer, seller, place, code, language, waits, needed in t.rows_in(
            _TERMINALS, names
        )
    }


def known_customers(t: Transaction, codes: Sequence[str]) -> frozenset[str]:
    """Say which of these customers exist."""
    return frozenset(row[0] for row in t.rows_in(_CUSTOMERS, codes))


def served_codes(t: Transaction, terminals: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Say which customers these terminals order for beside their own: (terminal, customer)."""
    return frozenset((row[0], row[1]) for row in t.rows_in(_BESIDE, terminals))


def counted_to(t: Transaction, terminal: str) -> int:
    """Give the number up to which all newer orders of a terminal have come."""
    numbers = [row[0] for row in t.rows(_NUMBERS, (terminal,))]
    reached = min(numbers, default=0)
    for number in reversed(numbers):
        if number > reached + 1:
            break
        reached = number
    return reached


def highest_numbers(t: Transaction, terminals: Sequence[str]) -> dict[str, int]:
    """Give the highest number that each terminal has an order under, 0 where it has none."""
    return {name: seq or 0 for name, seq in t.rows_in(_HIGHEST, terminals)}
