"""Customers from files: added, or changed in those fields that a row says something of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from hub.base.fields import Change, Duplicate, Kept, Reason, Refused
from hub.base.transaction import StoringError, Transaction
from hub.desk.imports.model import Action, ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import CellError, look_of_code, read_code
from hub.desk.parties.model.fields import FIELDS, read_fields, write_fields
from hub.desk.parties.store.changing import alter_customer, place_customer
from hub.desk.parties.store.customers import alike_of, find_customer

_SPEC: Final = ImportKind(
    "customers",
    ("code", *FIELDS),
    needed=("code",),
    key=("code",),
    words="customer_field",
    days=("status_until", "since"),
    also={
        "id": "code",
        "customer": "code",
        "customer_id": "code",
        "customer_code": "code",
        "customer_name": "name",
        "mobile": "phone",
        "phone_number": "phone",
        "gst": "gstin",
        "gst_number": "gstin",
        "pincode": "pin",
        "pin_code": "pin",
        "town": "city",
        "region": "geo",
        "payment_terms": "terms_days",
        "limit": "credit_limit",
    },
)


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    code = texts.get("code", "")
    yield Mark("", look_of_code(code.strip()), code)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    for row in rows:
        try:
            with t.part():
                yield _take_one(t, row, taking)
        except StoringError:
            yield refuse_row(row, Reason("parent_below", {}, "parent"))


def _take_one(t: Transaction, row: Row, taking: Taking) -> RowOutcome:
    try:
        code = read_code(row.key)
    except CellError as error:
        return refuse_row(replace(row, key=""), error.reason._replace(field="code"))
    texts = {name: text for name, text in row.texts.items() if name != "code"}
    if not t.writes:
        return _try_one(t, row, code, texts=texts, taking=taking)
    return _keep_one(t, row, code, texts=texts, taking=taking)


def _try_one(
    t: Transaction, row: Row, code: str, *, texts: Mapping[str, str], taking: Taking
) -> RowOutcome:
    """Tell what would become of a row, also beside what earlier rows of the file would add."""
    tried, parent = taking.tried, texts.get("parent", "").strip()
    below = parent in tried.codes
    known = {name: text for name, text in texts.items() if name != "parent" or not below}
    done = _keep_one(t, row, code, texts=known, taking=taking)
    if below and done.action in {"add", "change", "same"}:
        action: Action = "change" if done.action == "same" else done.action
        done = replace(done, action=action, changed=(*done.changed, "parent"))
    if done.action != "add":
        return done
    keys = alike_of(read_fields(texts)[0])
    alike = [tried.alike[key] for key in keys if key in tried.alike]
    if alike and not (taking.anyway or row.sure):
        name = texts.get("name", "")
        reason = Reason("customer_may_be_there", {"name": name})
        return replace(refuse_row(row, reason), duplicates=tuple(alike))
    tried.codes.add(code)
    for by, key in keys:
        shown = Duplicate(code, texts.get("name", ""), texts.get("city", ""), by)
        tried.alike.setdefault((by, key), shown)
    return done


def _keep_one(
    t: Transaction, row: Row, code: str, *, texts: Mapping[str, str], taking: Taking
) -> RowOutcome:
    found = find_customer(t, code, scope=taking.scope)
    if found is None:
        done = place_customer(
            t, code, texts, scope=taking.scope, why=taking.file, anyway=taking.anyway or row.sure
        )
        return _outcome(row, "add", done=done)
    now = write_fields(found)
    changes = {name: Change(now.get(name, ""), text) for name, text in texts.items()}
    done = alter_customer(t, code, changes, scope=taking.scope, why=taking.file)
    nothing = (
        isinstance(done, Kept) and not done.changed and (not done.waiting or done.asked_before)
    )
    return _outcome(row, "same" if nothing else "change", done=done)


def _outcome(row: Row, action: Action, *, done: Kept | Refused) -> RowOutcome:
    if isinstance(done, Refused):
        return replace(refuse_row(row, *done.reasons), duplicates=done.duplicates)
    return RowOutcome(row.number, done.code, action, done.changed, done.waiting)


CUSTOMERS: Final = MastersKind(_SPEC, _take, _marks)
