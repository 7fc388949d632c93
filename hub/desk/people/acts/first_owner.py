"""The first person of a new hub: made at a page, with a word that the hub tells where it runs."""

from dataclasses import dataclass

from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import (
    OWNER,
    Account,
    NewUser,
    check_name,
    check_password,
    plain_name,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.passwords import hash_password, hash_token, one_time_word
from hub.desk.people.store.rows import has_users, put_user, user_named
from hub.desk.people.store.setup import is_setup_word, put_setup_word, use_setup_word


@dataclass(slots=True)
class FirstOwner:
    """The acts, with what they need."""

    transactions: Transactions
    clock: Clock

    def make_word(self) -> str | None:
        """Give the word with which the hub is set up, instead of one before; None once it is."""
        word = one_time_word()
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            over = has_users(t)
            if not over:
                put_setup_word(t, hash_token(word))
            t.commit()
        return None if over else word

    def is_open(self) -> bool:
        """Say whether the hub is still to be set up: nobody was ever added."""
        with self.transactions.reading() as t:
            return not has_users(t)

    def is_word(self, word: str) -> bool:
        """Say whether a word would still make the first person."""
        with self.transactions.reading() as t:
            return not has_users(t) and is_setup_word(t, hash_token(word.strip()))

    def make(self, word: str, *, name: str, password: str) -> Account:
        """Make the owner, once, of two who try at the same moment one; raises PeopleError."""
        name = plain_name(name)
        check_name(name)
        check_password(password)
        user = NewUser(name, (OWNER,), hash_password(password))
        with self.transactions.open(actor=name, at_ms=self.clock.now_ms()) as t:
            if not use_setup_word(t, hash_token(word.strip())) or has_users(t):
                raise PeopleError("setup_over")
            put_user(t, user)
            made = user_named(t, name)
            t.commit()
        assert made is not None  # noqa: S101 -- just written
        return made
