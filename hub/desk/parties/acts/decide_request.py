"""Let a new customer or a guarded change pass, or refuse it: by somebody else than who asked."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Kept, Refused, refused
from hub.base.transaction import Transaction, Transactions
from hub.desk.parties.model.customers import RequestState
from hub.desk.parties.model.fields import read_fields, write_fields
from hub.desk.parties.store.customers import change_customer, find_customer
from hub.desk.parties.store.requests import Request, close_request, find_request
from hub.desk.people.store.hands import read_hands


@dataclass(slots=True)
class DecideRequest:
    """The act, with what it needs; `is_alone` says that nobody could be a second person."""

    transactions: Transactions
    clock: Clock
    is_alone: Callable[[Connection, str], bool]

    def __call__(
        self,
        request: int,
        *,
        grant: bool,
        by: str,
        scope: Scope,
        why: str = "",
        code: str | None = None,
    ) -> Kept | Refused:
        """Decide a request; one whose customer is another one by now is void and says so.

        Where `code` names a customer, a request of another one is not known. An owner who is the
        only person that could ask or decide lets their own request pass, and says why.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            found = find_request(t, request)
            customer = find_customer(t, found.code, scope=scope) if found else None
            if found is None or customer is None or code not in {None, found.code}:
                return refused("request_unknown", request=request)
            if found.state != "open":
                return refused("request_decided", request=request)
            if read_hands(t.connection).is_one(found.asked_by, by):
                if not self.is_alone(t.connection, by):
                    return refused("request_own", who=by)
                if not why.strip():
                    return refused("request_alone_why", field="why", who=by)
            done = _grant(t, found, customer, scope=scope, why=why) if grant else Kept(found.code)
            decided: RequestState = "granted" if grant else "refused"
            state: RequestState = "void" if isinstance(done, Refused) else decided
            close_request(t, found, state, why=why)
            t.commit()
        return done


def _grant(
    t: Transaction, request: Request, customer: dict[str, object], *, scope: Scope, why: str
) -> Kept | Refused:
    """Change what was asked for, where it still is as it was when it was asked."""
    now = write_fields(customer)
    crossed = [name for name, (old, _) in request.asked.fields.items() if now[name] != old]
    if crossed:
        return refused("request_outdated", of=crossed[0], now=now[crossed[0]] or "-")
    columns, _ = read_fields({name: new for name, (_, new) in request.asked.fields.items()})
    said = [request.asked_by, request.why, why]
    change_customer(t, customer, columns, scope=scope, why=": ".join(filter(None, said)))
    return Kept(request.code, tuple(request.asked.fields), request=request.id)
