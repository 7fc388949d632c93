"""Reporting lines, stand-ins, ceilings and granted rows of users, inside a given transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, insert, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.transaction import Transaction
from hub.desk.people.model.accounts import Account
from hub.desk.people.model.reporting import (
    Dated,
    Decider,
    Measure,
    Person,
    find_decider,
    pairs_on,
)
from hub.desk.people.store.rows import user_named
from hub.desk.people.tables import (
    ceiling,
    party_named,
    reporting_line,
    stand_in,
    user_account,
    user_grant,
    warehouse_named,
)

_OTHER: Final = {"reporting_line": "manager_id", "stand_in": "substitute_id"}


def lines_of(t: Transaction) -> list[Dated]:
    """Give to whom all users report, from day to day."""
    return _dated(t.connection, reporting_line)


def stand_ins_of(t: Transaction) -> list[Dated]:
    """Give who stands in for whom, from day to day."""
    return _dated(t.connection, stand_in)


def without_later(rows: Sequence[Dated], user: int, since: date) -> list[Dated]:
    """Give what is left where a user has another from a day on: rows before end the day before."""
    kept = []
    for one in rows:
        if one.user != user:
            kept.append(one)
        elif one.since < since:
            before = since - timedelta(days=1)
            ends = before if one.until is None or one.until > before else one.until
            kept.append(replace(one, until=ends))
    return kept


def write_line(t: Transaction, account: Account, new: Dated, *, name: str) -> None:
    """Have a user report to another from a day on; `name` is the other's, empty for nobody."""
    table = reporting_line
    rows = without_later(
        [one for one in lines_of(t) if one.user == account.id], account.id, new.since
    )
    t.connection.execute(delete(table).where(table.c.user_id == account.id))
    for one in (*rows, *([new] if new.other is not None else [])):
        t.connection.execute(insert(table).values(_values(table, one)))
    _tell(t, account, "reports_to", new=f"{name or '-'} {new.since}")


def write_stand_in(t: Transaction, account: Account, new: Dated, *, name: str) -> None:
    """Have somebody decide instead of a user on some days."""
    t.connection.execute(insert(stand_in).values(_values(stand_in, new)))
    _tell(t, account, "stand_in", new=f"{name} {new.since} {new.until}")


def drop_stand_in(t: Transaction, account: Account, since: date) -> bool:
    """Take a stand-in back; False where none begins on that day."""
    here = delete(stand_in).where(stand_in.c.user_id == account.id, stand_in.c.since == since)
    found = bool(t.connection.execute(here).rowcount)
    if found:
        _tell(t, account, "stand_in", new=f"- {since}")
    return found


def ceilings_of(t: Transaction, user: int) -> dict[str, int]:
    """Give how much a user may decide, by measure, in minor units."""
    query = select(ceiling.c.measure, ceiling.c.amount).where(ceiling.c.user_id == user)
    return {row.measure: row.amount for row in t.connection.execute(query)}


def write_ceiling(
    t: Transaction, account: Account, measure: Measure, *, amount: int | None
) -> None:
    """Set how much a user may decide of a measure; None for nothing."""
    before = ceilings_of(t, account.id).get(measure)
    here = delete(ceiling).where(ceiling.c.user_id == account.id, ceiling.c.measure == measure)
    t.connection.execute(here)
    if amount is not None:
        values = {"user_id": account.id, "measure": measure, "amount": amount}
        t.connection.execute(insert(ceiling).values(values))
    name = f"ceiling_{measure}"
    history.record(t, "user_account", account.name, before={name: before}, after={name: amount})
    t.changed("users")


def grants_of(t: Transaction, user: int) -> list[tuple[str, str]]:
    """Give the rows that a user is granted, as kind and code."""
    query = select(user_grant.c.kind, user_grant.c.ref).where(user_grant.c.user_id == user)
    ordered = query.order_by(user_grant.c.kind, user_grant.c.ref)
    return [(row.kind, row.ref) for row in t.connection.execute(ordered)]


def write_grants(t: Transaction, account: Account, grants: Sequence[tuple[str, str]]) -> None:
    """Have a user see the rows of these sellers, regions, customers and warehouses alone."""
    before = grants_of(t, account.id)
    t.connection.execute(delete(user_grant).where(user_grant.c.user_id == account.id))
    for kind, ref in grants:
        values = {"user_id": account.id, "kind": kind, "ref": ref}
        t.connection.execute(insert(user_grant).values(values))
    history.record(
        t,
        "user_account",
        account.name,
        before={"rows": _grants_text(before)},
        after={"rows": _grants_text(sorted(grants))},
    )
    t.changed("users")


def is_limited(t: Transaction, scope: Scope) -> bool:
    """Say whether somebody is granted rows, and so sees only these."""
    return scope.user is not None and bool(grants_of(t, scope.user))


def has_seller(t: Transaction, user: int) -> bool:
    """Say whether a user is granted the rows of a seller, instead of the company's."""
    return "seller" in dict(grants_of(t, user))


def give_own_grants(t: Transaction, name: str, *, scope: Scope) -> None:
    """Have a new user see the rows that whoever adds the user is granted, and so no more."""
    account = user_named(t, name)
    if account is not None and scope.user is not None and is_limited(t, scope):
        write_grants(t, account, grants_of(t, scope.user))


def decider_for(
    connection: Connection, asker: int, measure: Measure, *, amount: int, day: date
) -> Decider:
    """Find who decides for a user on a day; raises NobodyDecidesError.

    `amount` is in minor units of the measure, such as how far an order is above the credit limit.
    """
    query = select(user_account.c.id, user_account.c.active, ceiling.c.amount).outerjoin(
        ceiling, (ceiling.c.user_id == user_account.c.id) & (ceiling.c.measure == measure)
    )
    people: Mapping[int, Person] = {
        row.id: Person(row.active, row.amount) for row in connection.execute(query)
    }
    return find_decider(
        asker,
        amount,
        people=people,
        managers=pairs_on(_dated(connection, reporting_line), day),
        stand_ins=pairs_on(_dated(connection, stand_in), day),
    )


def _dated(connection: Connection, table: Table) -> list[Dated]:
    other = table.c[_OTHER[table.name]]
    query = select(table.c.user_id, other.label("other"), table.c.since, table.c.until)
    ordered = query.order_by(table.c.user_id, table.c.since)
    return [
        Dated(row.user_id, row.other, row.since, row.until) for row in connection.execute(ordered)
    ]


def _values(table: Table, one: Dated) -> dict[str, Any]:
    return {
        "user_id": one.user,
        _OTHER[table.name]: one.other,
        "since": one.since,
        "until": one.until,
    }


def _tell(t: Transaction, account: Account, field: str, *, new: str) -> None:
    history.record(t, "user_account", account.name, before={field: ""}, after={field: new})
    t.changed("users")


def _grants_text(grants: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{kind} {ref}" for kind, ref in grants)


def unknown_rows(t: Transaction, rows: Sequence[tuple[str, str]], *, scope: Scope) -> list[str]:
    """Name the codes and regions that are none, or that whoever grants them does not see."""
    return [ref for kind, ref in rows if not _is_known(t, kind, ref, scope=scope)]


def _is_known(t: Transaction, kind: str, ref: str, *, scope: Scope) -> bool:
    """Say whether a grant names rows, and all that it names are shown to whoever grants it."""
    shown = visible(scope, seller=party_named.c.id, party=party_named.c.id)
    inside = party_named.c.geo.startswith(f"{ref}/", autoescape=True)
    here = {
        "seller": (party_named.c.code == ref) & party_named.c.sells,
        "customer": party_named.c.code == ref,
        "region": (party_named.c.geo == ref) | inside,
    }
    if kind == "warehouse":
        shown = visible(scope, seller=warehouse_named.c.seller_id)
        here["warehouse"] = warehouse_named.c.code == ref
    if kind not in here or not ref:
        return False
    found = select(shown).where(here[kind]).distinct()
    return set(t.connection.execute(found).scalars()) == {True}
