"""What users change about themselves: password, language, the browsers they are signed in with."""

from dataclasses import dataclass

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import Account, check_password
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.passwords import hash_password, verify_password
from hub.desk.people.store.rows import change_user, end_session, end_sessions, user_named


@dataclass(slots=True)
class OwnAccount:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def change_password(self, session: Session, *, old: str, new: str) -> None:
        """Have another password; all other sessions end at once. Raises PeopleError."""
        check_password(new)
        if new == old:
            raise PeopleError("password_same")
        with self.transactions.reading() as t:
            known = user_named(t, session.user)
        if known is None or not verify_password(old, known.password_hash):
            raise PeopleError("password_wrong")
        self._replace_password(session, known, new)

    def choose_password(self, session: Session, new: str) -> None:
        """Have a password instead of the one-time word that began the session; all others end.

        Raises PeopleError.
        """
        check_password(new)
        with self.transactions.reading() as t:
            known = user_named(t, session.user)
        if known is None or known.one_time_until is None:
            raise PeopleError("password_wrong")  # chosen meanwhile
        if verify_password(new, known.password_hash):
            raise PeopleError("password_same")
        self._replace_password(session, known, new)

    def _replace_password(self, session: Session, known: Account, new: str) -> None:
        """Change it, unless it is another by now; all other sessions end."""
        hashed = hash_password(new)
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            account = user_named(t, session.user)
            if account is None or account.password_hash != known.password_hash:
                raise PeopleError("password_wrong")  # reset meanwhile
            change_user(t, account, password_hash=hashed, one_time_until=None)
            end_sessions(t, account.id, but=session.token_hash)
            t.commit()

    def choose_language(self, session: Session, language: str) -> None:
        """Have all pages in a language, in every browser."""
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            account = user_named(t, session.user)
            if account is not None and account.language != language:
                change_user(t, account, language=language)
            t.commit()

    def end_session(self, session: Session, which: str) -> None:
        """End one of one's own sessions, by its hash; without one, all but this."""
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            if which:
                end_session(t, session.user_id, which)
            else:
                end_sessions(t, session.user_id, but=session.token_hash)
            t.commit()
