"""Add people who sign in."""

from dataclasses import dataclass

from hub.base.access import Actor
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import (
    ONE_TIME_LASTS_MS,
    NewUser,
    check_name,
    check_owner,
    check_password,
    check_roles,
    plain_name,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.lines import give_own_grants
from hub.desk.people.store.passwords import hash_password, one_time_word
from hub.desk.people.store.rows import keeping_owner, put_user, user_named


@dataclass(slots=True)
class AddUser:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def __call__(self, name: str, *, roles: tuple[str, ...], password: str) -> bool:
        """Add a user, or change roles and password; False if the user was there.

        Names that differ only in capitals are one person. Raises PeopleError.
        """
        name = plain_name(name)
        check_name(name)
        check_password(password)
        check_roles(roles)
        user = NewUser(name, roles, hash_password(password))
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            with keeping_owner(t):
                is_new = put_user(t, user)
            t.commit()
        return is_new

    def invite(self, name: str, *, shown: str, roles: tuple[str, ...], by: Actor) -> str:
        """Add a user who chooses a password at the first sign-in; gives the one-time word for it.

        Whoever sees only some rows adds people who see these. Raises PeopleError, also where
        somebody has this name.
        """
        name, shown = plain_name(name), plain_name(shown)
        check_name(name)
        check_name(shown or name)
        check_roles(roles)
        check_owner(by.roles, *roles)
        word, now = one_time_word(), self.clock.now_ms()
        user = NewUser(
            name,
            roles,
            hash_password(word),
            shown=shown,
            one_time_until=now + ONE_TIME_LASTS_MS,
        )
        with self.transactions.open(actor=by.name, at_ms=now) as t:
            if user_named(t, name) is not None:
                raise PeopleError("user_exists", name)
            put_user(t, user)
            give_own_grants(t, name, scope=by.scope)
            t.commit()
        return word
