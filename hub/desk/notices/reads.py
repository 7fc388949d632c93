"""Notices read for pages: a person's own, what was sent to whom, and the rules."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select

from hub.base.access import NOTHING, Scope, visible
from hub.desk.notices.model import NoticeRow, PersonNotice, PersonNoticeRow, Rule
from hub.desk.notices.tables import notice, notice_address, notice_rule, person_notice
from hub.desk.orders.model.reasons import read_reasons
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_, order_revision
from hub.desk.people.tables import user_account

MOST_GATHERED: Final = 500
"""So many notices go as one mail."""


def count_unread(connection: Connection, user: int, *, scope: Scope) -> int:
    """Count a person's notices on the page that were not read."""
    found = (connection.execute(one, {"user": user}).scalar_one() for one in _unread(scope))
    return sum(int(one) for one in found)


@lru_cache(maxsize=64)
def _unread(scope: Scope) -> tuple[Select[int], Select[int]]:
    """Make what counts the unread notices of `user` in a scope: every page of a person has it."""
    user: BindParameter[int] = bindparam("user")
    of_orders = (
        select(func.count())
        .select_from(notice)
        .join(order_, order_.c.uuid == notice.c.order_uuid)
        .where(notice.c.user_id == user, notice.c.channel == "page")
        .where(notice.c.read_at.is_(None), orders_of(scope))
    )
    of_work = (
        select(func.count())
        .select_from(person_notice)
        .where(person_notice.c.user_id == user, person_notice.c.read_at.is_(None))
        .where(visible(scope, user=person_notice.c.user_id))
    )
    return of_orders, of_work


def list_of_work(
    connection: Connection, user: int, *, most: int, scope: Scope
) -> Sequence[PersonNoticeRow]:
    """List the newest notices to a person about their own work."""
    return _list_of_work(connection, person_notice.c.user_id == user, most=most, scope=scope)


def read_of_work(connection: Connection, number: int, *, scope: Scope) -> PersonNoticeRow | None:
    """Read one notice to a person; None where there is none, or it is another's."""
    found = _list_of_work(connection, person_notice.c.id == number, most=1, scope=scope)
    return next(iter(found), None)


def _list_of_work(
    connection: Connection, wanted: ColumnElement[bool], *, most: int, scope: Scope
) -> Sequence[PersonNoticeRow]:
    table = person_notice.c
    query = (
        select(person_notice)
        .where(wanted, visible(scope, user=table.user_id))
        .order_by(table.id.desc())
        .limit(most)
    )
    return [
        PersonNoticeRow(
            row.id,
            PersonNotice(
                *(row.key, row.about, row.event, row.subject, row.day, row.text, row.address)
            ),
            row.at,
            row.read_at,
        )
        for row in connection.execute(query)
    ]


def list_own(connection: Connection, user: int, *, most: int, scope: Scope) -> Sequence[NoticeRow]:
    """List a person's newest notices on the page, of orders that the person sees still."""
    own = (notice.c.user_id == user) & (notice.c.channel == "page")
    return _list(connection, own, most=most, scope=scope)


def list_sent(connection: Connection, *, most: int, scope: Scope) -> Sequence[NoticeRow]:
    """List the newest notices to anybody, of orders that the reader sees."""
    return _list(connection, notice.c.id > 0, most=most, scope=scope)


def read_notice(connection: Connection, number: int, *, scope: Scope) -> NoticeRow | None:
    """Read one notice; None where there is none, or it is of an order not to be seen."""
    return next(iter(_list(connection, notice.c.id == number, most=1, scope=scope)), None)


def list_gathered(
    connection: Connection,
    *,
    user: int | None,
    customer: int | None,
    at_ms: int,
    scope: Scope,
    most: int = MOST_GATHERED,
) -> tuple[Sequence[NoticeRow], Sequence[int]]:
    """List a receiver's mails that were to go with others by now, the oldest first.

    Beside those that the scope sees are the ids of the others. Of more than `most` it gives the
    newest alone, and no others: they are listed once these are written down.
    """
    table = notice.c
    own = table.user_id == user if user is not None else table.customer_id == customer
    waits = own & (table.gather_at <= at_ms) & table.sent_at.is_(None) & table.failed.is_(None)
    seen = _list(connection, waits, most=most, scope=scope)
    numbers = set(connection.execute(select(table.id).where(waits)).scalars())
    hidden = set() if len(seen) == most else numbers - {one.id for one in seen}
    return seen[::-1], sorted(hidden)


def _list(
    connection: Connection,
    wanted: ColumnElement[bool],
    *,
    most: int,
    scope: Scope,
) -> Sequence[NoticeRow]:
    table, revision = notice.c, order_revision.c
    newest = (revision.order_id == order_.c.id) & (revision.revision == order_.c.revision)
    query = (
        select(notice, func.coalesce(user_account.c.name, table.customer).label("to"))
        .add_columns(order_revision.c.currency)
        .outerjoin(user_account, user_account.c.id == table.user_id)
        .join(order_, order_.c.uuid == table.order_uuid)
        .join(order_revision, newest)
        .where(wanted, orders_of(scope))
        .order_by(table.id.desc())
        .limit(most)
    )
    return [
        NoticeRow(
            *(row.id, row.event, row.order_uuid, row.number, row.customer),
            *(row.currency, row.scale),
            read_reasons(bytes(row.reasons)),
            *(row.to, row.channel, row.at, row.sent_at, row.read_at, row.failed),
            *(row.gather_at, row.address),
            _revision_of(row.key),
        )
        for row in connection.execute(query)
    ]


def _revision_of(key: str) -> int:
    """Read the revision out of a notice's key: `order_held:UUID:3:0`."""
    return int(key.split(":")[2])


def list_rules(connection: Connection, *, scope: Scope) -> Sequence[Rule]:
    """List the rules that hold."""
    if scope == NOTHING:
        return ()
    columns = (notice_rule.c[name] for name in Rule.__slots__)
    query = select(*columns).where(notice_rule.c.active).order_by(notice_rule.c.id)
    return [Rule(*row) for row in connection.execute(query)]


def mail_of(connection: Connection, user: int, *, scope: Scope) -> str:
    """Give where a user has mail; empty where nobody has said."""
    if scope == NOTHING:
        return ""
    query = select(notice_address.c.mail).where(notice_address.c.user_id == user)
    return str(connection.execute(query).scalar() or "")
