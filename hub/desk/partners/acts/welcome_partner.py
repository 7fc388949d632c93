"""Welcome a partner who opens the link: looking uses nothing up, choosing a password does."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.partners.model import Welcomed, is_token
from hub.desk.partners.store import find_open, note_used, parties_of
from hub.desk.people.model.accounts import Account, check_password
from hub.desk.people.store.passwords import hash_password
from hub.desk.people.store.rows import change_user, end_sessions, forget_browsers, user_named


@dataclass(slots=True)
class WelcomePartner:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def look(self, token: str) -> Welcomed | None:
        """Say whom a link is for; None where it opens nothing. Mail scanners look as well."""
        if not is_token(token):
            return None
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            row = find_open(t, token)
            if row is None:
                return None
            return Welcomed(
                row.user_id, row.name, row.shown or row.name, parties_of(t, row.user_id)
            )

    def __call__(self, token: str, password: str) -> Account | None:
        """Take the password that a partner chose, once; None where the link opens nothing.

        Sessions of before end, and no browser is a known one any more. Raises PeopleError.
        """
        check_password(password)
        if self.look(token) is None:  # a hash is made only for who has a link
            return None
        hashed = hash_password(password)
        with self.transactions.open(actor="", at_ms=self.clock.now_ms()) as t:
            row = find_open(t, token)
            account = user_named(t, row.name) if row is not None else None
            if row is None or account is None:
                return None
            note_used(t, row.id)
            change_user(t, account, password_hash=hashed, one_time_until=None)
            end_sessions(t, account.id)
            forget_browsers(t, account.id)
            t.commit()
        return account
