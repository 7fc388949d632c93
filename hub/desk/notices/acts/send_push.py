"""Have a person's device show a notice: closed for it alone, by the push service of its maker."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from hub.base.clock import Clock
from hub.base.jobs import Job
from hub.base.jobs.posting import PostError, WebPost
from hub.base.jobs.pushing import (
    SALT_BYTES,
    close_message,
    headers_of_push,
    new_key,
    read_browser,
)
from hub.base.transaction import Transaction, Transactions
from hub.base.words import PageWords
from hub.desk.notices.reads import read_notice, read_of_work
from hub.desk.notices.store import Receiver, To, find_receiver
from hub.desk.notices.store.devices import ForgottenDevice, find_device, find_key, forget, told
from hub.desk.notices.words import tell_event, tell_work
from hub.desk.parties.reads import read_distributor

Aftermath = Callable[[Transaction], None]
_GONE: Final = frozenset({404, 410})
_AGAIN: Final = 429
_BROKEN: Final = 500
_LONGEST: Final = 300
"""Letters of a text at most: a push service takes 4,096 bytes in all."""
_CONTACT: Final = "mailto:hub@localhost"


class PushRefusedError(Exception):
    """A push service would not take a message now: it is tried again."""


@dataclass(slots=True)
class SendPush:
    """The act, with what it needs.

    What a person may see is looked at as a message goes: whoever has lost the right gets nothing.
    """

    transactions: Transactions
    clock: Clock
    web: WebPost
    contact: str = ""

    def __call__(self, job: Job) -> Aftermath | None:
        """Send a notice to a device, at least once; a device that is gone is forgotten.

        Raises PostError and PushRefusedError where the push service is away: the job tries again.
        """
        device = int(job.payload["device"])
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            found, key = find_device(t, device), find_key(t)
            if found is None or key is None:
                return None
            if isinstance(found, ForgottenDevice):
                return partial(forget, device=device)
            receiver = find_receiver(t, To(user=found.user))
            said = _say(t, job, receiver) if receiver else None
            if said is None:
                return None
        to = read_browser(found.point, found.secret)
        if to is None:
            return partial(forget, device=device)
        text = json.dumps(said, ensure_ascii=False).encode()
        closed = close_message(text, to, once=new_key(), salt=secrets.token_bytes(SALT_BYTES))
        now_s, contact = self.clock.now_ms() // 1_000, self.contact or _CONTACT
        headers = headers_of_push(found.endpoint, key, now_s=now_s, contact=contact)
        status = self._post(found.endpoint, closed, headers)
        if status in _GONE:
            return partial(forget, device=device)
        if status == _AGAIN or status >= _BROKEN:
            raise PushRefusedError(f"the push service answered {status}")
        return partial(told, device=device, status=status)

    def _post(self, endpoint: str, closed: bytes, headers: Mapping[str, str]) -> int:
        """Give what a push service answers; an address without TLS is gone: it never is one."""
        try:
            return self.web.post(endpoint, closed, headers).status
        except PostError as error:
            if error.why == "plain":
                return HTTPStatus.GONE
            raise


def _say(t: Transaction, job: Job, receiver: Receiver) -> Mapping[str, str] | None:
    """Say what a device shows; None for what its person has read, or may see no more."""
    words, title = PageWords(receiver.language), read_distributor(t.connection).name
    if "person_notice" in job.payload:
        number = int(job.payload["person_notice"])
        own = read_of_work(t.connection, number, scope=receiver.scope)
        if own is None or own.read_at is not None:
            return None
        said = [tell_work(own.notice, words), own.notice.text]
        body = ": ".join(one for one in said if one)[:_LONGEST]
        return {"title": title, "body": body, "url": own.notice.address, "tag": own.notice.key}
    one = read_notice(t.connection, int(job.payload["notice"]), scope=receiver.scope)
    if one is None or one.read_at is not None:
        return None
    body = tell_event(one, words)[:_LONGEST]
    return {"title": title, "body": body, "url": f"/orders/{one.uuid}", "tag": one.uuid}
