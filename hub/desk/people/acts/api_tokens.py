"""Let programs in: tokens that are made, found and revoked."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from hub.base.access import OUTSIDE, ROLES, Actor, Grants, Permission, Scope, Session, permitted
from hub.base.clock import Clock
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.model.accounts import TOUCH_STEP_MS, check_owner, check_program
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.store.rows import ScopeOf
from hub.desk.people.store.tokens import (
    Opened,
    StoredToken,
    is_hidden,
    list_tokens,
    put_token,
    roles_of_token,
    token_session,
    touch_token,
)
from hub.desk.people.store.tokens import revoke_token as revoke_stored

PREFIX: Final = "ow_"
"""What every token begins with, so that one that was left lying about is recognised."""
OF_PROGRAMS: Final = tuple(role for role in ROLES if role not in OUTSIDE)
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
        and no program has more rights or rows than its maker: now, and once the maker loses some.
        """
        check_program(name)
        if not roles or not set(roles) <= set(OF_PROGRAMS):
            raise PeopleError("roles_invalid", ", ".join(roles))
        check_owner(by.roles, *roles)
        if not self._rights(roles) <= self._rights(by.roles):
            raise PeopleError("beyond_own")
        token = PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            if is_hidden(t, name, scope=by.scope):
                raise PeopleError("beyond_own", name)
            check_owner(by.roles, *roles_of_token(t, name))
            put_token(t, name, roles, digest=hash_token(token), maker=by.scope.user)
            t.commit()
        return token

    def revoke(self, name: str, *, by: Actor) -> None:
        """Let a program in no more; raises PeopleError where none of this name is let in."""
        with self.transactions.open(actor=by.name, at_ms=self.clock.now_ms()) as t:
            check_owner(by.roles, *roles_of_token(t, name))
            if is_hidden(t, name, scope=by.scope) or not revoke_stored(t, name):
                raise PeopleError("token_unknown", name)
            t.commit()

    def list(self, *, scope: Scope) -> list[StoredToken]:
        """List the programs that a scope shows, by name."""
        with self.transactions.reading() as t:
            return list_tokens(t, scope=scope)

    def find(self, token: str) -> Session | None:
        """Give what a token opens by now; None for one that was never made, or is revoked."""
        now = self.clock.now_ms()
        with self.transactions.reading(at_ms=now) as t:
            opened = token_session(t, hash_token(token))
            if opened is None:
                return None
            session = self._limit(t, opened)
        if now - session.seen_at >= TOUCH_STEP_MS:
            with self.transactions.open(actor=session.user, at_ms=now) as t:
                touch_token(t, session.token_hash)
                t.commit()
        return session

    def _limit(self, t: Transaction, opened: Opened) -> Session:
        """Give a program what its roles grant, as far as its maker has it; its rows as its maker's.

        Of a program of `sales` whose maker is `accounts` by now, only what both may do is left.
        """
        session, maker = opened.session, opened.maker
        if maker is None:
            scope = self.scope_of(t, session.user_id, session.roles)
            rights = permitted(self._rights(session.roles), scope=scope)
            return replace(session, permissions=rights, scope=scope)
        rights = self._rights(maker.roles)
        scope = replace(self.scope_of(t, maker.id, maker.roles), user=None)
        return replace(
            session,
            roles=tuple(role for role in session.roles if self._rights([role]) <= rights),
            permissions=permitted(self._rights(session.roles) & rights, scope=scope),
            scope=scope,
        )

    def _rights(self, roles: Collection[str]) -> frozenset[Permission]:
        granted = (self.grants.get(role, frozenset()) for role in roles)
        return frozenset[Permission]().union(*granted)
