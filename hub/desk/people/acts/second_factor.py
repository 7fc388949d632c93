"""A second factor: taken in, confirmed, shown at each sign-in, and given up."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.model.accounts import Account
from hub.desk.people.model.codes import (
    RECOVERY_CODES,
    SECRET_BYTES,
    step_of_code,
    write_secret,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.factors import (
    confirm_factor,
    find_factor,
    put_factor,
    put_recovery,
    remove_factor,
    use_recovery,
    use_step,
)
from hub.desk.people.store.passwords import recovery_code, verify_password
from hub.desk.people.store.rows import end_sessions, needs_factor, note_factor, user_named


@dataclass(slots=True)
class SecondFactor:
    """The acts, with what they need; all raise PeopleError."""

    transactions: Transactions
    clock: Clock

    def begin(self, session: Session) -> str:
        """Give the secret that an authenticator takes in; it is asked for once it is confirmed."""
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            factor = find_factor(t, session.user_id)
            if factor is not None and factor.confirmed_at is not None:
                raise PeopleError("code_wrong")
            secret = factor.secret if factor else write_secret(secrets.token_bytes(SECRET_BYTES))
            if factor is None:
                put_factor(t, session.user_id, secret)
            t.commit()
        return secret

    def add(self, session: Session, code: str, *, password: str) -> Sequence[str]:
        """Confirm a factor at one's own page, as whoever knows the password; gives spare codes.

        A browser that was left open would else lock its user out.
        """
        with self.transactions.reading() as t:
            account = _account(t, session)
        if not verify_password(password, account.password_hash):
            raise PeopleError("password_wrong")
        return self.confirm(session, code)

    def confirm(self, session: Session, code: str) -> Sequence[str]:
        """Ask for codes from now on, as this one is right; gives the spare codes, this once.

        Other sessions end at once: they were opened by a password alone.
        """
        codes = [recovery_code() for _ in range(RECOVERY_CODES)]
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            account, factor = _account(t, session), find_factor(t, session.user_id)
            step = None if factor is None else step_of_code(factor, code, now_ms=t.at_ms)
            if step is None or not confirm_factor(t, account, step=step):
                raise PeopleError("code_wrong")
            put_recovery(t, account.id, codes)
            note_factor(t, session.token_hash)
            end_sessions(t, account.id, but=session.token_hash)
            t.commit()
        return codes

    def show(self, session: Session, code: str) -> None:
        """Open a session with a code of the authenticator or a spare one, each good once."""
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            self._use(t, session, code)
            note_factor(t, session.token_hash)
            t.commit()

    def prove(self, account: Account, code: str) -> bool:
        """Say whether a code is right, and use it up: for commands, which have no session."""
        with self.transactions.open(actor=account.name, at_ms=self.clock.now_ms()) as t:
            right = _is_right(t, account.id, code)
            t.commit()
        return right

    def is_asked(self, account: Account) -> bool:
        """Say whether a user has to show a code."""
        with self.transactions.reading() as t:
            factor = find_factor(t, account.id)
        return factor is not None and factor.confirmed_at is not None

    def renew_recovery(self, session: Session, code: str) -> Sequence[str]:
        """Give new spare codes instead of those before, to who shows a code."""
        codes = [recovery_code() for _ in range(RECOVERY_CODES)]
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            self._use(t, session, code)
            put_recovery(t, session.user_id, codes)
            t.commit()
        return codes

    def give_up(self, session: Session, code: str) -> None:
        """Ask for no code any more, unless a role of the user needs one."""
        with self.transactions.open(actor=session.user, at_ms=self.clock.now_ms()) as t:
            if needs_factor(t, session.roles):
                raise PeopleError("factor_needed")
            self._use(t, session, code)
            remove_factor(t, _account(t, session))
            t.commit()

    def _use(self, t: Transaction, session: Session, code: str) -> None:
        if not _is_right(t, session.user_id, code):
            raise PeopleError("code_wrong")


def _is_right(t: Transaction, user: int, code: str) -> bool:
    """Say whether a code is of the authenticator or a spare one, and use it up."""
    factor = find_factor(t, user)
    if factor is None or factor.confirmed_at is None:
        return False
    step = step_of_code(factor, code, now_ms=t.at_ms)
    return use_step(t, user, step) if step is not None else use_recovery(t, user, code)


def _account(t: Transaction, session: Session) -> Account:
    account = user_named(t, session.user)
    if account is None:
        raise PeopleError("user_unknown")
    return account
