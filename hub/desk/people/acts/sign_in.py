"""Sign a user in and out: passwords, sessions and their expiry."""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from hub.base.access import Grants, Scope, Session, permitted
from hub.base.clock import Clock
from hub.base.transaction import Transactions
from hub.desk.people.model.accounts import (
    AGE_LIMIT_MS,
    TOUCH_STEP_MS,
    Account,
    has_ended,
    has_lapsed,
)
from hub.desk.people.store.passwords import NOBODY_HASH, hash_token, verify_password
from hub.desk.people.store.rows import (
    ScopeOf,
    find_stored,
    is_known_browser,
    keep_browser,
    keep_session,
    remove_session,
    touch_session,
    user_named,
)

_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in: the address, what the browser calls itself, the token it keeps."""

    address: str
    calls_itself: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The acts, with what they need; `grants` say what roles may do."""

    transactions: Transactions
    clock: Clock
    grants: Grants
    scope_of: ScopeOf

    def prove(self, name: str, password: str) -> Account | None:
        """Give the account of an active user whose password this is, else None after as long."""
        with self.transactions.reading() as t:
            account = user_named(t, name) if name.isprintable() else None
        if account is None or not account.active:
            verify_password(password, NOBODY_HASH)
            return None
        return account if verify_password(password, account.password_hash) else None

    def find_account(self, name: str) -> Account | None:
        """Find a user by name, active or not."""
        with self.transactions.reading() as t:
            return user_named(t, name)

    def is_known(self, name: str, browser: str) -> bool:
        """Say whether a user signed in before from the browser with this token."""
        with self.transactions.reading() as t:
            account = user_named(t, name) if name.isprintable() else None
            return account is not None and is_known_browser(t, account.id, hash_token(browser))

    def session_for(self, name: str) -> Session | None:
        """Give a session that looks as a user would now, for commands and jobs; None for nobody.

        It opens nothing: rights and rows are those of this moment.
        """
        account = self.find_account(name)
        if account is None or not account.active:
            return None
        scope = self.scope(account)
        return Session(
            token_hash="",
            user_id=account.id,
            user=account.name,
            roles=account.roles,
            created_at=0,
            seen_at=0,
            expires_at=0,
            language=account.language,
            permissions=self.permissions_of(account.roles, scope=scope),
            scope=scope,
        )

    def scope(self, account: Account) -> Scope:
        """Give the rows that somebody who proved who it is may see."""
        with self.transactions.reading(at_ms=self.clock.now_ms()) as t:
            return self.scope_of(t, account.id, account.roles)

    def enter(self, *, name: str, password: str, browser: Browser, now_ms: int) -> str | None:
        """Open a session and give its token; None if the name or the password is wrong.

        A one-time word of too long ago is a wrong password. A name nobody has costs as much time as
        a wrong password, so that names cannot be found out.
        """
        account = self.prove(name, password)
        if account is None or has_lapsed(account.one_time_until, now_ms):
            return None
        return self.open(account, browser=browser, now_ms=now_ms)

    def open(self, account: Account, *, browser: Browser, now_ms: int) -> str:
        """Open a session for somebody who proved who it is, and give its token."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        session = Session(
            token_hash=hash_token(token),
            user_id=account.id,
            user=account.name,
            roles=account.roles,
            created_at=now_ms,
            seen_at=now_ms,
            expires_at=now_ms + AGE_LIMIT_MS,
            address=browser.address,
            browser=browser.calls_itself,
        )
        with self.transactions.open(actor=account.name, at_ms=now_ms) as t:
            keep_session(t, session)
            if browser.token:
                keep_browser(t, account.id, hash_token(browser.token))
            t.commit()
        return token

    def find(self, token: str, *, now_ms: int, touch: bool) -> Session | None:
        """Find the session a token opens, if it has not ended.

        `touch` notes the use; pages that refresh themselves leave it out, or they would never be
        idle.
        """
        with self.transactions.reading(at_ms=now_ms) as t:
            session = find_stored(t, hash_token(token))
            if session is None or has_ended(session.seen_at, session.expires_at, now_ms):
                return None
            scope = self.scope_of(t, session.user_id, session.roles)
        if touch and now_ms - session.seen_at >= TOUCH_STEP_MS:
            with self.transactions.open(actor=session.user, at_ms=now_ms) as t:
                touch_session(t, session.token_hash)
                t.commit()
        permissions = self.permissions_of(session.roles, scope=scope)
        return replace(session, permissions=permissions, scope=scope)

    def leave(self, token: str, *, now_ms: int) -> None:
        """End the session a token opens."""
        with self.transactions.open(actor="", at_ms=now_ms) as t:
            remove_session(t, hash_token(token))
            t.commit()

    def permissions_of(self, roles: tuple[str, ...], *, scope: Scope) -> frozenset[str]:
        """Give what somebody in these roles may do with these rows; a duty grants nothing."""
        granted = (self.grants.get(role, frozenset()) for role in roles)
        return permitted(frozenset[str]().union(*granted), scope=scope)
