"""Invite somebody of a party: a user who sees that party's rows, and a link that lets in once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.jobs import enqueue
from hub.base.transaction import Transaction, Transactions
from hub.desk.notices.model import is_mail
from hub.desk.partners.model import Invited
from hub.desk.partners.store import grants_for, make_link
from hub.desk.partners.words import MAIL
from hub.desk.people.model.accounts import (
    ONE_TIME_LASTS_MS,
    PARTNER,
    Account,
    NewUser,
    check_name,
    is_partner,
    plain_name,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.lines import unknown_rows, write_grants
from hub.desk.people.store.passwords import hash_password
from hub.desk.people.store.rows import put_user, user_named, user_numbered


@dataclass(slots=True)
class InvitePartner:
    """The acts, with what they need; they raise PeopleError."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, name: str, parties: Sequence[str], *, shown: str = "", mail: str = "", by: Actor
    ) -> Invited:
        """Add a partner of parties that the actor sees, and make the link for the first sign-in.

        A party that sells shows its own stock and its shops' orders as well. With `mail` the link
        is sent there; the one that is given back is then ended by the one that is sent.
        """
        name, shown = plain_name(name), plain_name(shown)
        check_name(name)
        check_name(shown or name)
        codes = list(dict.fromkeys(code.strip() for code in parties if code.strip()))
        _check_mail(mail)
        # Nobody knows this password: the link is the only way in.
        hashed, now = hash_password(secrets.token_urlsafe(24)), self.clock.now_ms()
        until = now + ONE_TIME_LASTS_MS
        user = NewUser(name, (PARTNER,), hashed, shown=shown, one_time_until=until)
        with self.transactions.open(actor=by.name, at_ms=now) as t:
            rows = grants_for(t, codes)
            unknown = unknown_rows(t, rows, scope=by.scope) or ([] if codes else [""])
            if unknown:
                raise PeopleError("rows_unknown", ", ".join(unknown))
            if user_named(t, name) is not None:
                raise PeopleError("user_exists", name)
            put_user(t, user)
            account = user_named(t, name)
            assert account is not None  # noqa: S101  # as it was just put there
            write_grants(t, account, rows)
            invited = _make(t, account, mail=mail)
            t.commit()
        return invited

    def again(self, user: int, *, mail: str = "", by: Actor) -> Invited:
        """Make another link for a partner: the first one lapsed, or the password is forgotten.

        Nothing else changes until it is used.
        """
        _check_mail(mail)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            account = user_numbered(t, user, scope=by.scope)
            if account is None or not is_partner(account) or not account.active:
                raise PeopleError("user_unknown")
            invited = _make(t, account, mail=mail)
            t.commit()
        return invited


def _make(t: Transaction, account: Account, *, mail: str) -> Invited:
    invited = make_link(t, account)
    if mail:
        payload = {"user": account.id, "mail": mail, "by": t.actor}
        enqueue(t, MAIL, f"{account.id}:{t.at_ms}", payload=payload, due_at_ms=t.at_ms)
    return invited


def _check_mail(mail: str) -> None:
    if mail and not is_mail(mail):
        raise PeopleError("mail_invalid", mail)
