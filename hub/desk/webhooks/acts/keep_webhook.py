"""Keep an endpoint of another program: its address, its kinds, its secret, whether it is told."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from hub.base import history
from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.store.rows import user_named
from hub.desk.webhooks.model import OLD_SECRET_MS, fault_of, write_secret
from hub.desk.webhooks.reads import read_webhook
from hub.desk.webhooks.store import TOPIC, ask_at_once, keep_test, send_again
from hub.desk.webhooks.tables import webhook

_SECRET_BYTES: Final = 32
_COLUMNS: Final = (
    *("id", "name", "url", "kinds", "owner_id", "active", "secret", "failures", "held_until"),
    *("made_by", "made_at"),
)
_ROTATE: Final = """
UPDATE webhook SET old_secret = secret, old_until = ?, secret = ? WHERE id = ?
"""
_TURN: Final = """
UPDATE webhook SET active = ?, stopped_at = NULL, failures = 0, failing_since = NULL, held_until = 0
WHERE id = ?
"""
_CHANGE: Final = "UPDATE webhook SET name = ?, url = ?, kinds = ? WHERE id = ?"
_OF: Final = "SELECT id FROM webhook_delivery WHERE id = ? AND webhook_id = ?"


@dataclass(frozen=True, slots=True)
class KeptWebhook:
    """An endpoint that was kept; `secret` is told here, and nowhere again."""

    id: int
    secret: str = ""


@dataclass(slots=True)
class KeepWebhook:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def add(self, name: str, url: str, *, kinds: tuple[str, ...], by: str) -> KeptWebhook | Refused:
        """Have an address told of events from now on: of what this user may see at each moment."""
        fault = fault_of(name, url, kinds)
        if fault is not None:
            return refused(fault[1], field=fault[0])
        secret = _new_secret()
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            owner = user_named(t, by)
            if owner is None:
                return refused("webhook_unknown")
            (number,) = t.next_ids(webhook, 1)
            row = (number, name.strip(), url, ",".join(kinds), owner.id, True, secret, 0, 0)
            t.insert(webhook, _COLUMNS, [(*row, t.actor, t.at_ms)])
            after = _told(name.strip(), url, kinds)
            history.record(t, "webhook", number, before={}, after=after)
            t.changed(TOPIC)
            t.commit()
        return KeptWebhook(number, secret)

    def change(
        self,
        number: int,
        name: str | None = None,
        *,
        url: str | None = None,
        kinds: tuple[str, ...] | None = None,
        by: str,
        scope: Scope,
    ) -> KeptWebhook | Refused:
        """Give an endpoint another name, address or other kinds; None stays, as the owner does."""
        with self._found(number, by, scope=scope) as t:
            if t is None:
                return refused("webhook_unknown")
            found = read_webhook(t.connection, number, most=0, scope=scope)
            assert found is not None  # noqa: S101 -- `_found` saw it in this transaction
            row = found.row
            name = row.name if name is None else name
            url = row.url if url is None else url
            kinds = row.kinds if kinds is None else kinds
            fault = fault_of(name, url, kinds)
            if fault is not None:
                return refused(fault[1], field=fault[0])
            after = _told(name.strip(), url, kinds)
            t.many(_CHANGE, [(*after.values(), number)])
            before = _told(row.name, row.url, row.kinds)
            history.record(t, "webhook", number, before=before, after=after)
            t.changed(TOPIC)
            t.commit()
        return KeptWebhook(number)

    def turn(self, number: int, *, on: bool, by: str, scope: Scope) -> KeptWebhook | Refused:
        """Have an endpoint told of what happens from now on, or of nothing any more."""
        with self._found(number, by, scope=scope) as t:
            if t is None:
                return refused("webhook_unknown")
            found = read_webhook(t.connection, number, most=0, scope=scope)
            assert found is not None  # noqa: S101 -- `_found` saw it in this transaction
            was: dict[str, history.Value] = {"active": found.row.active}
            t.many(_TURN, [(on, number)])
            history.record(t, "webhook", number, before=was, after={"active": on})
            t.changed(TOPIC)
            t.commit()
        return KeptWebhook(number)

    def rotate(self, number: int, *, by: str, scope: Scope) -> KeptWebhook | Refused:
        """Give an endpoint a new secret; for a day messages are signed by the old one, too."""
        secret = _new_secret()
        with self._found(number, by, scope=scope) as t:
            if t is None:
                return refused("webhook_unknown")
            t.many(_ROTATE, [(t.at_ms + OLD_SECRET_MS, secret, number)])
            history.record(t, "webhook", number, before={}, after={"secret": "new"})
            t.changed(TOPIC)
            t.commit()
        return KeptWebhook(number, secret)

    def test(self, number: int, *, by: str, scope: Scope) -> KeptWebhook | Refused:
        """Have an endpoint told of a test, at once."""
        with self._found(number, by, scope=scope) as t:
            if t is None:
                return refused("webhook_unknown")
            keep_test(t, number)
            t.commit()
        return KeptWebhook(number)

    def again(self, number: int, delivery: int, *, by: str, scope: Scope) -> KeptWebhook | Refused:
        """Have a message sent once more, under the id that it has."""
        with self._found(number, by, scope=scope) as t:
            if t is None or not t.rows(_OF, (delivery, number)):
                return refused("webhook_unknown")
            ask_at_once(t, number)
            send_again(t, delivery, due_ms=t.at_ms)
            t.commit()
        return KeptWebhook(number)

    @contextmanager
    def _found(self, number: int, by: str, *, scope: Scope) -> Iterator[Transaction | None]:
        """Open a transaction on an endpoint that somebody sees; None where there is none."""
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            yield t if read_webhook(t.connection, number, most=0, scope=scope) else None


def _told(name: str, url: str, kinds: tuple[str, ...]) -> dict[str, history.Value]:
    """Give what the history tells of an endpoint, in the order in which it is kept."""
    return {"name": name, "url": url, "kinds": ",".join(kinds)}


def _new_secret() -> str:
    return write_secret(secrets.token_bytes(_SECRET_BYTES))
