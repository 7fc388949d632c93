"""Add people who sign in."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import NewUser, fault_of_user
from hub.desk.people.store.passwords import hash_password
from hub.desk.people.store.rows import put_user


class UserError(Exception):
    """A user cannot be added as asked; the text says why."""


@dataclass(slots=True)
class AddUser:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(self, name: str, *, roles: tuple[str, ...], password: str) -> bool:
        """Add a user, or change roles and password; False if the user was there.

        Names that differ only in capitals are one person. Raises UserError.
        """
        name = name.strip()
        fault = fault_of_user(name, roles, password)
        if fault is not None:
            raise UserError(fault)
        user = NewUser(name, roles, hash_password(password))
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            is_new = put_user(t, user)
            t.commit()
        return is_new
