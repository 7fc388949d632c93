"""Change users: shown name, roles, whether they may sign in, a lost password, sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.model.accounts import (
    ONE_TIME_LASTS_MS,
    Account,
    check_name,
    check_own_roles,
    check_owner,
    check_roles,
    is_partner,
    plain_name,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.factors import remove_factor, require_factor
from hub.desk.people.store.lines import has_seller, is_limited
from hub.desk.people.store.passwords import hash_password, one_time_word
from hub.desk.people.store.rows import (
    change_user,
    end_session,
    end_sessions,
    forget_browsers,
    keeping_owner,
    user_numbered,
)


@dataclass(slots=True)
class ChangeUser:
    """The acts, with what they need; all raise PeopleError."""

    transactions: Transactions
    clock: Clock

    def rename(self, user: int, *, shown: str, by: Actor) -> None:
        """Have others read another name; the one for signing in stays."""
        shown = plain_name(shown)
        check_name(shown)
        with self._found(user, by) as (t, account):
            change_user(t, account, shown=shown)
            t.commit()

    def set_roles(self, user: int, *, roles: tuple[str, ...], by: Actor) -> None:
        """Give a user these roles and duties, and no others, at once; to oneself, none besides."""
        check_roles(roles)
        check_owner(by.roles, *roles)
        with self._found(user, by) as (t, account):
            if is_partner(account) and is_limited(t, by.scope) and not has_seller(t, account.id):
                raise PeopleError("beyond_own")  # in another role, rows would be the company's
            with keeping_owner(t):
                change_user(t, account, roles=",".join(roles))
            if account.id == by.scope.user:
                check_own_roles(account.roles, roles)
            t.commit()

    def end(self, user: int, *, why: str, by: Actor) -> None:
        """Let a user sign in no more; open sessions end at once."""
        with self._found(user, by) as (t, account):
            with keeping_owner(t):
                change_user(t, account, active=False, why=why)
            end_sessions(t, account.id)
            t.commit()

    def bring_back(self, user: int, *, by: Actor) -> None:
        """Let a user sign in again, with the password of before."""
        with self._found(user, by) as (t, account):
            change_user(t, account, active=True)
            t.commit()

    def reset(self, user: int, *, by: Actor) -> str:
        """Give a one-time word instead of a password, which has to be changed at the next sign-in.

        Open sessions end at once, and no browser is a known one any more.
        """
        word = one_time_word()
        hashed = hash_password(word)
        with self._found(user, by) as (t, account):
            until = t.at_ms + ONE_TIME_LASTS_MS
            change_user(t, account, password_hash=hashed, one_time_until=until)
            end_sessions(t, account.id)
            forget_browsers(t, account.id)
            t.commit()
        return word

    def take_factor(self, user: int, *, why: str, by: Actor) -> None:
        """Take away the second factor of a user whose phone is lost; open sessions end at once."""
        with self._found(user, by) as (t, account):
            remove_factor(t, account, why=why)
            end_sessions(t, account.id)
            t.commit()

    def end_sessions(self, user: int, *, session: str = "", by: Actor) -> None:
        """End one session of a user, by its hash, or all of them."""
        with self._found(user, by) as (t, account):
            if session:
                end_session(t, account.id, session)
            else:
                end_sessions(t, account.id)
            t.changed("users")
            t.commit()

    def require_factor(self, role: str, *, needed: bool, by: Actor) -> None:
        """Ask everybody in a role for a second factor from the next page on, or no more.

        Whoever sees only some rows does not: others, too, are in this role.
        """
        check_owner(by.roles, role)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if is_limited(t, by.scope):
                raise PeopleError("beyond_own")
            require_factor(t, role, needed=needed)
            t.changed("users")
            t.commit()

    @contextmanager
    def _found(self, user: int, by: Actor) -> Iterator[tuple[Transaction, Account]]:
        """Open a transaction with a user whom the actor sees, and may change."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            account = user_numbered(t, user, scope=by.scope)
            if account is None:
                raise PeopleError("user_unknown")
            check_owner(by.roles, *account.roles)
            yield t, account
