"""Links of partners, inside a given transaction."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.parties.tables import party
from hub.desk.partners.model import LINK_LASTS_MS, Invited, state_of
from hub.desk.partners.tables import partner_link
from hub.desk.people.model.accounts import PARTNER, Account
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.tables import user_account, user_grant

_TOKEN_BYTES: Final = 32


def make_link(t: Transaction, account: Account, *, mail: str = "") -> Invited:
    """Make the link of a partner; the one that was open before opens nothing any more."""
    ended = update(partner_link).where(_open_of(account.id)).values(ended_at=t.at_ms)
    t.connection.execute(ended)
    token, until = secrets.token_urlsafe(_TOKEN_BYTES), t.at_ms + LINK_LASTS_MS
    t.connection.execute(
        insert(partner_link).values(
            digest=hash_token(token),
            user_id=account.id,
            made_by=t.actor,
            made_at=t.at_ms,
            until=until,
            mail=mail or None,
        )
    )
    history.record(t, "user_account", account.name, before={}, after={"link": mail or "made"})
    t.changed("users")
    return Invited(account.id, account.name, token, until)


def find_open(t: Transaction, token: str) -> Row[Any] | None:
    """Find the link of a token with its user, who is a partner still; None where it opens nothing.

    Where it is to be used the row is locked, so that of two who use it at once one does.
    """
    table = partner_link.c
    query = (
        select(partner_link, user_account.c.name, user_account.c.shown, user_account.c.language)
        .join(user_account, user_account.c.id == table.user_id)
        .where(table.digest == hash_token(token), user_account.c.active)
        .where(user_account.c.roles == PARTNER)
    )
    locked = query.with_for_update(of=partner_link) if t.writes else query
    row = t.connection.execute(locked).one_or_none()
    if row is None:
        return None
    standing = state_of(
        until_ms=row.until, used_at=row.used_at, ended_at=row.ended_at, now_ms=t.at_ms
    )
    return row if standing == "open" else None


def end_links(t: Transaction) -> int:
    """End all links that were not used: of books that were put back, some may have been since."""
    open_ones = partner_link.c.used_at.is_(None) & partner_link.c.ended_at.is_(None)
    return t.connection.execute(
        update(partner_link).where(open_ones).values(ended_at=t.at_ms)
    ).rowcount


def note_used(t: Transaction, link: int) -> None:
    """Note that a link was used: it opens nothing any more."""
    here = partner_link.c.id == link
    t.connection.execute(update(partner_link).where(here).values(used_at=t.at_ms))


def note_failed(t: Transaction, *, user: int, why: str) -> None:
    """Note why a user's link was not sent."""
    failed = update(partner_link).where(_open_of(user)).values(failed=why[:500])
    t.connection.execute(failed)
    t.changed("users")


def _open_of(user: int) -> ColumnElement[bool]:
    table = partner_link.c
    return (table.user_id == user) & table.used_at.is_(None) & table.ended_at.is_(None)


def grants_for(t: Transaction, codes: Sequence[str]) -> list[tuple[str, str]]:
    """Give the rows of partners of these parties: the party's, and what it sells where it does."""
    query = select(party.c.code, party.c.sells).where(party.c.code.in_(codes))
    sells = {row.code: bool(row.sells) for row in t.connection.execute(query)}
    rows = [("customer", code) for code in codes]
    return rows + [("seller", code) for code in codes if sells.get(code)]


def parties_of(t: Transaction, user: int) -> tuple[str, ...]:
    """Give the names of the parties whose partner a user is."""
    query = (
        select(party.c.name)
        .join(user_grant, user_grant.c.ref == party.c.code)
        .where(user_grant.c.user_id == user, user_grant.c.kind == "customer")
        .order_by(party.c.name)
    )
    return tuple(t.connection.execute(query).scalars())
