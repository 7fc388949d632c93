"""Let programs in: tokens that are made, found and revoked."""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from hub.base.access import Grants, Session
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import fault_of_program
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.store.rows import ScopeOf
from hub.desk.people.store.tokens import StoredToken, list_tokens, put_token, token_session
from hub.desk.people.store.tokens import revoke_token as revoke_stored

PREFIX: Final = "ow_"
"""What every token begins with, so that one that was left lying about is recognised."""
_TOKEN_BYTES: Final = 32


class TokenError(Exception):
    """A token cannot be made or revoked as asked; the text says why."""


@dataclass(frozen=True, slots=True)
class ApiTokens:
    """The acts, with what they need; `grants` say what roles may do."""

    transactions: Transactions
    clock: Clock
    grants: Grants
    scope_of: ScopeOf

    def add(self, name: str, *, roles: tuple[str, ...]) -> str:
        """Make a program's token, instead of the one it had; raises TokenError.

        It is given this once: only its hash is kept.
        """
        fault = fault_of_program(name)
        if fault is not None:
            raise TokenError(fault)
        token = PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            put_token(t, name, roles, digest=hash_token(token))
            t.commit()
        return token

    def revoke(self, name: str) -> None:
        """Let a program in no more; raises TokenError where none of this name is let in."""
        with self.transactions.open(actor="hub", at_ms=self.clock.now_ms()) as t:
            if not revoke_stored(t, name):
                raise TokenError(f"no token of {name!r} is in use")
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
        permissions = (self.grants.get(role, frozenset()) for role in session.roles)
        return replace(session, permissions=frozenset[str]().union(*permissions), scope=scope)
