"""New customers and changes of customers, checked and merged, inside a given transaction."""

from collections.abc import Mapping
from typing import Any, Final

from hub.base.access import Scope
from hub.base.fields import Change, Kept, Reason, Refused, merge, refused
from hub.base.transaction import Transaction
from hub.desk.parties.model.cells import CellError, read_code
from hub.desk.parties.model.customers import Asked
from hub.desk.parties.model.fields import (
    FIELDS,
    check_customer,
    needs_second,
    read_fields,
    write_fields,
)
from hub.desk.parties.store.assortment import assortment_faults
from hub.desk.parties.store.customers import (
    add_customer,
    change_customer,
    find_customer,
    find_duplicates,
    find_look_alike,
    last_change,
)
from hub.desk.parties.store.requests import equal_request, open_request
from rules import is_scope

_CASH_ONLY: Final = {"credit_state": "cash_only", "credit_limit": 0}


def place_customer(
    t: Transaction, code: str, texts: Mapping[str, str], *, scope: Scope, why: str, anyway: bool
) -> Kept | Refused:
    """Add a customer inside of a transaction, with the request that lets it pass."""
    read = _read(code, texts)
    if isinstance(read, Refused):
        return read
    code, columns = read
    alike = find_look_alike(t, code)
    if alike:
        return Refused((Reason("customer_code_taken", {"code": code, "other": alike}, "code"),))
    unknown = assortment_faults(t, columns.get("assortment") or "")
    if unknown:
        return Refused(tuple(unknown))
    duplicates = () if anyway else find_duplicates(t, columns, scope=scope)
    if duplicates:
        return Refused((Reason("customer_may_be_there", {"name": columns["name"]}),), duplicates)
    wanted = write_fields(columns)["credit_limit"]
    party = add_customer(t, code, {**columns, **_CASH_ONLY}, scope=scope, why=why)
    if party is None:
        return Refused((Reason("parent_unknown", {"code": columns["parent"]}, "parent"),))
    asked = Asked({"credit_limit": ("cash_only", wanted)})
    request = open_request(t, party, "new", asked=asked, why=why)
    direct = tuple(name for name in texts if name != "credit_limit")
    return Kept(code, direct, ("credit_limit",), request)


def _read(code: str, texts: Mapping[str, str]) -> tuple[str, dict[str, Any]] | Refused:
    """Read a new customer's code and all its fields, or tell every fault."""
    given = {**{one.name: one.default for one in FIELDS.values()}, **texts}
    for name, field in FIELDS.items():
        if field.default and not given[name].strip():
            given[name] = field.default
    columns, faults = read_fields(given)
    try:
        code = read_code(code)
        if is_scope(code) or code.startswith("@"):
            faults.append(Reason("customer_code_reserved", {"code": code}, "code"))
    except CellError as error:
        faults.append(error.reason._replace(field="code"))
    faults = faults or list(check_customer(columns))
    if columns.get("status", "active") != "active" and not columns.get("status_reason"):
        faults.append(Reason("status_reason_missing", {}, "status_reason"))
    return Refused(tuple(faults)) if faults else (code, columns)


def alter_customer(
    t: Transaction, code: str, changes: Mapping[str, Change], *, scope: Scope, why: str
) -> Kept | Refused:
    """Change a customer inside of a transaction, with the request for what is guarded."""
    found = find_customer(t, code, scope=scope)
    if found is None:
        return refused("customer_not_found", code=code)
    wanted, faults = read_fields({name: one.wanted for name, one in changes.items()})
    if faults:
        return Refused(tuple(faults))
    now = write_fields(found)
    written = write_fields({**found, **wanted})
    merged = merge(now, {name: Change(one.seen, written[name]) for name, one in changes.items()})
    if merged.crossed:
        return Refused(tuple(_crossed(t, found, now, fields=merged.crossed)))
    columns = _columns_of(merged.wanted, found)
    unfit = (
        *_unfit({**found, **columns}, merged.wanted),
        *assortment_faults(t, columns.get("assortment") or ""),
    )
    if unfit:
        return Refused(unfit)
    return _keep(t, found, merged.wanted, scope=scope, why=why)


def _columns_of(wanted: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is wanted; a customer that is active again has no reason and no end of a hold."""
    texts = dict(wanted)
    if wanted.get("status") == "active" and found["status"] != "active":
        texts = {"status_reason": "", "status_until": "", **texts}
    return read_fields(texts)[0]


def _unfit(columns: Mapping[str, Any], wanted: Mapping[str, str]) -> tuple[Reason, ...]:
    faults = list(check_customer(columns))
    if wanted.get("status", "active") != "active" and not columns["status_reason"]:
        faults.append(Reason("status_reason_missing", {}, "status_reason"))
    return tuple(faults)


def _keep(
    t: Transaction,
    found: dict[str, Any],
    wanted: Mapping[str, str],
    *,
    scope: Scope,
    why: str,
) -> Kept | Refused:
    now = write_fields(found)
    guarded = {
        name: (now[name], text)
        for name, text in wanted.items()
        if needs_second(name, now[name], text)
    }
    direct = {name: text for name, text in wanted.items() if name not in guarded}
    changed = change_customer(t, found, _columns_of(direct, found), scope=scope, why=why)
    if changed is None:
        return refused("parent_unknown", field="parent", code=wanted["parent"])
    request, asked_before = None, False
    if guarded:
        asked = Asked(guarded)
        request = equal_request(t, found["id"], "change", asked=asked)
        asked_before = request is not None
        request = request or open_request(t, found["id"], "change", asked=asked, why=why)
    names = tuple(name for name in FIELDS if name in direct)
    return Kept(found["code"], names, tuple(guarded), request, asked_before)


def _crossed(
    t: Transaction, found: dict[str, Any], now: Mapping[str, str], *, fields: tuple[str, ...]
) -> list[Reason]:
    """Tell of each field what it is by now, and who made it so."""
    reasons = []
    for name in fields:
        columns = FIELDS[name].read(now[name])
        who = last_change(t, found["code"], tuple(columns))
        reasons.append(Reason("field_crossed", {"now": now[name] or "-", "who": who}, name))
    return reasons
