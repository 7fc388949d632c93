"""Let programs in: tokens that are made, found and revoked."""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from hub.base.access import ROLES, Actor, Grants, Session
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import TOUCH_STEP_MS, check_owner, check_program
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.store.rows import ScopeOf
from hub.desk.people.store.tokens import (
    StoredToken,
    list_tokens,
    put_token,
    roles_of_token,
    token_session,
    touch_token,
)
from hub.desk.people.store.tokens import revoke_token as revoke_stored

PREFIX: Final = "ow_"
"""What every token begins with, so that one that was left lying about is recognised."""
OF_PROGRAMS: Final = tuple(role for role in ROLES if role not in {"field_rep", "partner"})
"""The roles that a program may have: not those that see what a person is mapped to."""
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """The acts, with what they need; `grants` say what roles may do."""

    transactions: Transactions
    clock: Clock
    grants: Grants
    scope_of: ScopeOf

    def add(self, name: str, *, roles: tuple[str, ...], by: Actor) -> str:
        """Make a program's token, instead of the one it had; raises PeopleError.

        It is given this once: only its hash is kept. A program has roles that see a whole house,
        and nobody lets one in that may do more than its maker.
        """
        check_program(name)
        if not roles or not set(roles) <= set(OF_PROGRAMS):
            raise PeopleError("roles_invalid", ", ".join(roles))
        check_owner(by.roles, *roles)
        token = PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            check_owner(by.roles, *roles_of_token(t, name))
            put_token(t, name, roles, digest=hash_token(token))
            t.commit()
        return token

    def revoke(self, name: str, *, by: Actor) -> None:
        """Let a program in no more; raises PeopleError where none of this name is let in."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            check_owner(by.roles, *roles_of_token(t, name))
            if not revoke_stored(t, name):
                raise PeopleError("token_unknown", name)
            t.commit()

    def list(self) -> list[StoredToken]:
        """List the programs, by name."""
        with self.transactions.reading() as t:
            return list_tokens(t)

    def find(self, token: str) -> Session | None:
        """Give what a token opens; None for one that was never made, or is revoked."""
        with self.transactions.reading() as t:
            session = token_session(t, hash_token(token))
            if session is None:
                return None
            scope = self.scope_of(t, session.user_id, session.roles)
        now = self.clock.now_ms()
        if now - session.seen_at >= TOUCH_STEP_MS:
            with self.transactions.open(actor=session.user, at_ms=now) as t:
                touch_token(t, session.token_hash)
                t.commit()
        permissions = (self.grants.get(role, frozenset()) for role in session.roles)
        return replace(session, permissions=frozenset[str]().union(*permissions), scope=scope)
