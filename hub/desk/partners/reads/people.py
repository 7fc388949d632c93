"""Who of a party signs in, and how the newest link of each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub.base.access import Scope
from hub.desk.partners.model import LinkState, state_of
from hub.desk.partners.tables import partner_link
from hub.desk.people.model.accounts import PARTNER
from hub.desk.people.tables import shown_users, user_account, user_grant


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner of a party; `link` is how the newest link stands, None where there never was one.

    `mail` is where that link was sent, `failed` why it was not.
    """

    user: int
    name: str
    shown: str
    active: bool
    parties: tuple[str, ...]
    link: LinkState | None
    made_at: int | None
    mail: str
    failed: str


def list_partners(
    connection: Connection, party: str = "", *, now_ms: int, scope: Scope
) -> Sequence[PartnerRow]:
    """Read the partners of a party by its code, or all of them, by name."""
    link = partner_link.c
    later = partner_link.alias("later")
    newest = (
        select(func.max(later.c.id))
        .where(later.c.user_id == user_account.c.id)
        .correlate(user_account)
        .scalar_subquery()
    )
    columns = (
        *(user_account.c.id, user_account.c.name, user_account.c.shown, user_account.c.active),
        *(link.until, link.used_at, link.ended_at, link.made_at, link.mail, link.failed),
    )
    query = (
        select(*columns)
        .select_from(user_account)
        .outerjoin(partner_link, link.id == newest)
        .where(user_account.c.roles == PARTNER, shown_users(scope))
        .order_by(user_account.c.name)
    )
    grants = _grants(connection, scope=scope)
    return [
        PartnerRow(
            user=row.id,
            name=row.name,
            shown=row.shown or row.name,
            active=row.active,
            parties=grants.get(row.id, ()),
            link=None
            if row.until is None
            else state_of(
                until_ms=row.until, used_at=row.used_at, ended_at=row.ended_at, now_ms=now_ms
            ),
            made_at=row.made_at,
            mail=row.mail or "",
            failed=row.failed or "",
        )
        for row in connection.execute(query)
        if not party or party in grants.get(row.id, ())
    ]


def _grants(connection: Connection, *, scope: Scope) -> dict[int, tuple[str, ...]]:
    query = (
        select(user_grant.c.user_id, user_grant.c.ref)
        .join(user_account, user_account.c.id == user_grant.c.user_id)
        .where(user_grant.c.kind == "customer", shown_users(scope))
        .order_by(user_grant.c.ref)
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.user_id, []).append(row.ref)
    return {user: tuple(refs) for user, refs in found.items()}
