"""Send one message to one endpoint: signed, under the event's own id, of what its owner may see."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.jobs.posting import PostError, WebPost
from hub.base.transaction import Transaction, Transactions
from hub.desk.webhooks.model import EVENTS, NEEDED, Delivery, Outcome, headers_of, message_of
from hub.desk.webhooks.reads import read_subject
from hub.desk.webhooks.store import drop, find_delivery, put_off, write_outcome

Aftermath = Callable[[Transaction], None]


@dataclass(slots=True)
class SendWebhook:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    web: WebPost
    session_for: Callable[[str], Session | None]

    def __call__(self, job: Job) -> Aftermath | None:
        """Send a message, at least once; gives what is written down of it.

        Rights are looked at now: of what the owner has lost, nothing is told. A message of which
        another job is scheduled, or that was sent, is left alone.
        """
        now = self.clock.now_ms()
        with self.transactions.reading(at_ms=now) as t:
            one = find_delivery(t, int(job.payload["delivery"]))
            if one is None or one.state != "waiting" or one.turn != job.payload["turn"]:
                return None
            if not one.active:
                return partial(drop, one=one, why="off")
            if one.pause_left_ms(now):
                return partial(put_off, one=one)
            body = self._body(t, one)
        if body is None:
            return partial(drop, one=one, why="no_right")
        return partial(write_outcome, one=one, outcome=self._post(one, body, now_ms=now))

    def _body(self, t: Transaction, one: Delivery) -> bytes | None:
        """Write the message: the same whenever it is sent; None where the owner may not see it."""
        session = self.session_for(one.owner)
        needed = NEEDED[EVENTS.get(one.kind, "test")]
        if session is None or not session.may(needed):
            return None
        about = read_subject(t.connection, one, scope=session.scope)
        if about is None:
            return None
        happened = datetime.fromtimestamp(one.at / 1_000, UTC).isoformat(timespec="milliseconds")
        said = {"type": one.kind, "timestamp": happened, "data": about}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    def _post(self, one: Delivery, body: bytes, *, now_ms: int) -> Outcome:
        secrets = one.secrets_at(now_ms)
        headers = headers_of(message_of(one.uuid), now_ms // 1_000, body=body, secrets=secrets)
        try:
            posted = self.web.post(one.url, body, headers)
        except PostError as error:
            return Outcome(None, error=str(error)[:400])
        return Outcome(posted.status, posted.took_ms)
