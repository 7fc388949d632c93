"""Customers with all that is known of them, written inside a given transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, insert, select, update

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.fields import Duplicate
from hub.base.jobs import Job, enqueue
from hub.base.transaction import Transaction
from hub.desk.parties.model import PartyCircleError
from hub.desk.parties.model.customers import CustomerAdded, CustomerClassed, key_of_name
from hub.desk.parties.model.distance import (
    NEAR_M,
    NEAR_MILLIONTHS,
    are_alike,
    metres_between,
    width_of,
)
from hub.desk.parties.model.fields import EMPTY, PARTY_COLUMNS, PROFILE_COLUMNS
from hub.desk.parties.store.tree import business_zone, write_closure
from hub.desk.parties.tables import (
    HOUSE,
    customer_profile,
    party,
    party_closure,
    party_joined,
)

END_STATUS: Final = "parties.end_status"
TOPIC: Final = "customers"
_BELOW_PARENT: Final = """
INSERT INTO party_closure (ancestor_id, descendant_id, depth)
SELECT ancestor_id, ?, depth + 1 FROM party_closure WHERE descendant_id = ?
"""
_BELOW: Final = "SELECT 1 FROM party_closure WHERE ancestor_id = ? AND descendant_id = ?"
_ABOVE: Final = party.alias("above")
_JOINED: Final = select(party_joined.c.party_id)
"""Those that are another one: nobody is offered them any more."""

Columns = Mapping[str, Any]


def find_customer(t: Transaction, code: str, *, scope: Scope) -> dict[str, Any] | None:
    """Lock and read a customer with its id and all its columns; None where nobody sees one."""
    query = (
        select(party, _ABOVE.c.code.label("parent"), *_profile_columns())
        .outerjoin(_ABOVE, _ABOVE.c.id == party.c.parent_id)
        .outerjoin(customer_profile, customer_profile.c.party_id == party.c.id)
        .where(party.c.code == code, party.c.code != HOUSE)
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
    )
    query = query.with_for_update(of=party) if t.writes else query
    row = t.connection.execute(query).mappings().first()
    return None if row is None else columns_of(row)


def columns_of(row: RowMapping) -> dict[str, Any]:
    """Give a customer's columns, those of a profile that is not there yet as empty ones."""
    found = dict(row)
    found["parent"] = "" if found["parent"] in {None, HOUSE} else found["parent"]
    if found["profiled"] is None:
        found.update(EMPTY)
    return found


def _profile_columns() -> Iterable[Any]:
    yield customer_profile.c.party_id.label("profiled")
    yield from (customer_profile.c[name] for name in PROFILE_COLUMNS)


def add_customer(
    t: Transaction, code: str, columns: Columns, *, scope: Scope, why: str
) -> int | None:
    """Add a customer below the party that it names; its row id, None where nobody sees a parent.

    In a transaction that only reads it is tried, and has no id: 0.
    """
    parent = party_of(t, columns.get("parent") or HOUSE, scope=scope)
    if parent is None or not t.writes:
        return None if parent is None else 0
    values = {name: columns[name] for name in PARTY_COLUMNS if name in columns}
    row = {**values, "code": code, "parent_id": parent, "sells": False}
    made = t.connection.execute(insert(party).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101  # an insert of one row has a key
    party_id = int(made[0])
    profile = {**EMPTY, **{one: columns[one] for one in PROFILE_COLUMNS if one in columns}}
    key = key_of_name(columns["name"])
    t.connection.execute(
        insert(customer_profile).values(party_id=party_id, name_key=key, **profile)
    )
    t.many(_BELOW_PARENT, [(party_id, parent)])
    t.insert(party_closure, ("ancestor_id", "descendant_id", "depth"), [(party_id, party_id, 0)])
    kept = {**values, "parent": columns.get("parent") or "", **profile}
    history.record(t, "party", code, before={}, after=kept, why=why)
    _expect_end(t, code, columns)
    t.say(CustomerAdded(party_id, code))
    t.changed(TOPIC)
    return party_id


def change_customer(
    t: Transaction, before: Columns, columns: Columns, *, scope: Scope, why: str
) -> Sequence[str] | None:
    """Change a customer that `find_customer` gave; the columns that differ, None: no such parent.

    Raises PartyCircleError where the customer would stand above itself. In a transaction that only
    reads it is tried.
    """
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if not changed:
        return ()
    values: dict[str, Any] = {name: changed[name] for name in PARTY_COLUMNS if name in changed}
    if "parent" in changed:
        parent = party_of(t, changed["parent"] or HOUSE, scope=scope)
        if parent is None:
            return None
        values["parent_id"] = parent
        if t.rows(_BELOW, (before["id"], parent)):
            raise PartyCircleError(before["code"])
    if not t.writes:
        return tuple(changed)
    if values:
        t.connection.execute(update(party).where(party.c.id == before["id"]).values(values))
    _write_profile(t, before, changed)
    if "parent" in changed:
        write_closure(t)
    was = {name: before[name] for name in changed}
    history.record(t, "party", before["code"], before=was, after=changed, why=why)
    _expect_end(t, before["code"], changed)
    if "outlet_class" in changed:
        t.say(CustomerClassed(before["id"], changed["outlet_class"]))
    t.changed(TOPIC)
    return tuple(changed)


def _write_profile(t: Transaction, before: Columns, changed: Columns) -> None:
    values = {name: changed[name] for name in PROFILE_COLUMNS if name in changed}
    if "name" in changed:
        values["name_key"] = key_of_name(changed["name"])
    if not values:
        return
    if before["profiled"] is None:
        key = key_of_name(before["name"])
        row = {"party_id": before["id"], "name_key": key, **EMPTY, **values}
        t.connection.execute(insert(customer_profile).values(row))
        return
    own = customer_profile.c.party_id == before["id"]
    t.connection.execute(update(customer_profile).where(own).values(values))


def party_of(t: Transaction, code: str, *, scope: Scope) -> int | None:
    """Give the row id of a party that somebody sees, by its code."""
    seen = visible(scope, seller=party.c.id)
    return t.connection.execute(select(party.c.id).where(party.c.code == code, seen)).scalar()


def find_seller(t: Transaction, code: str, *, scope: Scope) -> int | None:
    """Give the seller of a code; of none, the company, or the one seller that somebody is of."""
    found = party_of(t, code or HOUSE, scope=scope)
    if found is None and not code and len(scope.sellers) == 1:
        return next(iter(scope.sellers))
    return found


def ids_of(t: Transaction, codes: Collection[str], *, scope: Scope) -> dict[str, int]:
    """Give the row ids of the customers of these codes that somebody sees."""
    seen = visible(scope, seller=party.c.parent_id, party=party.c.id)
    query = select(party.c.code, party.c.id).where(party.c.code.in_(codes), party.c.code != HOUSE)
    return {row.code: row.id for row in t.connection.execute(query.where(seen))}


def find_look_alike(t: Transaction, code: str) -> str | None:
    """Find a party whose code people would take for this one: the same but for its case."""
    found = t.rows("SELECT code FROM party WHERE lower(code) = lower(?)", (code,))
    return str(found[0][0]) if found else None


def last_change(t: Transaction, code: str, fields: Collection[str]) -> str:
    """Name who changed one of these fields of a customer last; nobody where none was changed."""
    entries = history.read(t.connection, "party", code)
    return next((one.who for one in reversed(entries) if one.field in fields), "")


def find_duplicates(t: Transaction, columns: Columns, *, scope: Scope) -> tuple[Duplicate, ...]:
    """Find customers that may be this one: by GSTIN, phone, name in the same town, or near it."""
    profile = customer_profile.c
    found: dict[str, Duplicate] = {}
    same_place = [profile.city == (columns.get("city") or "")]
    if columns.get("pin"):
        same_place = [profile.pin == columns["pin"]]
    conditions = {
        "gstin": [profile.gstin == columns["gstin"]] if columns.get("gstin") else None,
        "phone": [profile.phone == columns["phone"]] if columns.get("phone") else None,
        "name": [profile.name_key == key_of_name(columns["name"]), *same_place],
    }
    for by, condition in conditions.items():
        if condition is None:
            continue
        query = (
            select(party.c.code, party.c.name, profile.city)
            .join(customer_profile, profile.party_id == party.c.id)
            .where(*condition, visible(scope, seller=party.c.parent_id, party=party.c.id))
            .where(party.c.id.not_in(_JOINED))
            .order_by(party.c.code)
            .limit(5)
        )
        for row in t.connection.execute(query):
            found.setdefault(row.code, Duplicate(row.code, row.name, row.city, by))
    for one in _find_near(t, columns, scope=scope):
        found.setdefault(one.code, one)
    return tuple(found.values())


def _find_near(t: Transaction, columns: Columns, *, scope: Scope) -> Iterable[Duplicate]:
    """Find customers of a like name within 200 m."""
    north, east = columns.get("latitude"), columns.get("longitude")
    if north is None or east is None:
        return
    profile, key, here = customer_profile.c, key_of_name(columns["name"]), (north, east)
    wide = width_of(here)
    query = (
        select(party.c.code, party.c.name, profile.city, profile.name_key)
        .add_columns(profile.latitude, profile.longitude)
        .join(customer_profile, profile.party_id == party.c.id)
        .where(profile.latitude.between(north - NEAR_MILLIONTHS, north + NEAR_MILLIONTHS))
        .where(profile.longitude.between(east - wide, east + wide))
        .where(visible(scope, seller=party.c.parent_id, party=party.c.id))
        .where(party.c.id.not_in(_JOINED))
        .order_by(party.c.code)
    )
    for row in t.connection.execute(query):
        near = metres_between(here, (row.latitude, row.longitude)) <= NEAR_M
        if near and are_alike(key, row.name_key):
            yield Duplicate(row.code, row.name, row.city, "near")


def alike_of(columns: Columns) -> list[tuple[str, str]]:
    """Give by what two new customers of one file would be taken for one, as `find_duplicates`."""
    place = columns.get("pin") or columns.get("city") or ""
    by = {
        "gstin": columns.get("gstin"),
        "phone": columns.get("phone"),
        "name": f"{key_of_name(columns.get('name') or '')} {place}",
    }
    return [(one, text) for one, text in by.items() if text]


def _expect_end(t: Transaction, code: str, columns: Columns) -> None:
    """Have a hold end by itself on the day after its last one."""
    until = columns.get("status_until")
    if until is None:
        return
    ends = datetime.combine(until + timedelta(days=1), time(), business_zone(t))
    enqueue(
        t,
        END_STATUS,
        f"{code}:{until}:{t.at_ms}",
        payload={"customer": code, "until": until.isoformat()},
        due_at_ms=int(ends.timestamp() * 1000),
        by_calendar=True,
    )


def end_status(t: Transaction, job: Job, *, scope: Scope) -> None:
    """Make a customer active again whose hold ends with this day, unless it was changed since."""
    found = find_customer(t, job.payload["customer"], scope=scope)
    until = job.payload["until"]
    if found is None or str(found["status_until"]) != until or found["status"] == "active":
        return
    ended = {"status": "active", "status_reason": "", "status_until": None}
    change_customer(t, found, ended, scope=scope, why=f"status_until {until}")
