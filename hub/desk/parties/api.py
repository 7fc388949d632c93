"""Customers for programs: found, read, added and changed, by the fields that pages have."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Change, Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.reads.addresses import list_addresses
from hub.desk.parties.reads.customers import CustomerDetail, find_customers, read_customer
from hub.desk.parties.reads.requests import list_open_requests
from hub.web.frames.files import FileRoom, add_file_programs
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1")
Reader = Annotated[Session, Depends(token_for("customers.read"))]
Approver = Annotated[Session, Depends(token_for("customers.approve"))]
Acts = Annotated[CustomerActs, Depends(acts_of(CustomerActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100
_LARGEST_ID: Final = 2**53
_STATUS: Final = {
    "customer_not_found": HTTPStatus.NOT_FOUND,
    "customer_code_taken": HTTPStatus.CONFLICT,
    "customer_may_be_there": HTTPStatus.CONFLICT,
    "field_crossed": HTTPStatus.CONFLICT,
    "request_unknown": HTTPStatus.NOT_FOUND,
    "request_decided": HTTPStatus.CONFLICT,
    "request_outdated": HTTPStatus.CONFLICT,
    "request_own": HTTPStatus.FORBIDDEN,
    "request_alone_why": HTTPStatus.FORBIDDEN,
}


class NewCustomer(msgspec.Struct, forbid_unknown_fields=True):
    """A customer to add; `anyway` where others look the same and are not."""

    code: str
    fields: dict[str, str]
    why: Why = ""
    anyway: bool = False


class ChangedCustomer(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change: by field, the text that the program has seen and the one it wants."""

    seen: dict[str, str]
    fields: dict[str, str]
    why: Why = ""


class JoinedCustomer(msgspec.Struct, forbid_unknown_fields=True):
    """Which customer a new one is, by its code, and why."""

    into: str
    why: Why = ""


class KeptAddress(msgspec.Struct, forbid_unknown_fields=True):
    """A delivery address under the customer's code for it, or the `end` of one."""

    code: str
    fields: dict[str, str] = {}
    end: bool = False


def _found(site: Site, session: Session, code: str) -> CustomerDetail:
    if code.isprintable():
        with site.ground.database.read() as connection:
            found = read_customer(connection, code, scope=session.scope, day=site.today())
        if found is not None:
            return found
    text = "there is no such customer"
    raise ApiError(HTTPStatus.NOT_FOUND, "customer_not_found", text)


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """Whether what somebody asked of a customer is granted, and why."""

    granted: bool
    why: Why = ""


@router.get("/customer-requests")
def requests(site: SiteOf, session: Approver) -> JSONResponse:
    """Give what of customers waits for a second person, the oldest first; 100 at most."""
    with site.ground.database.read() as connection:
        rows = list_open_requests(connection, most=_MOST, scope=session.scope)
    return JSONResponse(
        [
            {
                "request": one.id,
                "customer": one.code,
                "name": one.name,
                "kind": one.kind,
                "fields": dict(one.asked.fields),
                "asked_by": one.asked_by,
                "asked_at": one.asked_at,
                "why": one.why,
            }
            for one in rows
        ]
    )


@router.post("/customer-requests/{request_id}")
def decide(
    site: SiteOf, session: Approver, *, acts: Acts, request_id: int, body: Body
) -> JSONResponse:
    """Let a new customer or a change of one pass, or refuse it: 200 with the customer."""
    said = read_said(body, Decided)
    if request_id > _LARGEST_ID:
        raise ApiError(HTTPStatus.NOT_FOUND, "request_unknown", "there is no such request")
    by, scope = session.user, session.scope
    kept = _kept(acts.decide(request_id, grant=said.granted, by=by, scope=scope, why=said.why))
    return JSONResponse(document_of(_found(site, session, kept.code)))


@router.get("/customers")
def customers(site: SiteOf, session: Reader, *, q: str = "") -> JSONResponse:
    """Find customers by code, name, phone, GSTIN or city; 100 at most."""
    with site.ground.database.read() as connection:
        rows = find_customers(connection, q[:_MOST], most=_MOST, scope=session.scope)
    return JSONResponse([{"code": row.code, "name": row.name, "city": row.city} for row in rows])


add_file_programs(
    router,
    "/customers",
    FileRoom(
        "customer",
        "customers",
        read="customers.read",
        change="customers.change",
        see=_found,
    ),
)


@router.get("/customers/{code:path}/addresses")
def addresses(site: SiteOf, session: Reader, *, code: str) -> JSONResponse:
    """Give the delivery addresses of a customer."""
    _found(site, session, code)
    with site.ground.database.read() as connection:
        rows = list_addresses(connection, code, scope=session.scope)
    return JSONResponse([{"code": one.code, **one.address.texts} for one in rows])


@router.post("/customers/{code:path}/addresses")
def keep_address(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("customers.change"))],
    *,
    acts: Acts,
    code: str,
    body: Body,
) -> JSONResponse:
    """Keep a delivery address of a customer, or end one; gives those that are in force."""
    said = read_said(body, KeptAddress)
    by, scope = session.user, session.scope
    done = (
        acts.address.end(code, said.code, by=by, scope=scope)
        if said.end
        else acts.address(code, said.code, said.fields, by=by, scope=scope)
    )
    _kept(done)
    return addresses(site, session, code=code)


@router.get("/customers/{code:path}")
def customer(site: SiteOf, session: Reader, *, code: str) -> JSONResponse:
    """Give a customer with all its fields."""
    return JSONResponse(document_of(_found(site, session, code)))


@router.post("/customers")
def add(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("customers.add"))],
    *,
    acts: Acts,
    body: Body,
) -> JSONResponse:
    """Add a customer: 201 with the customer, which may order for cash until it is let pass."""
    said = read_said(body, NewCustomer)
    done = acts.add(
        said.code,
        said.fields,
        by=session.user,
        scope=session.scope,
        why=said.why,
        anyway=said.anyway,
    )
    kept = _kept(done)
    found = document_of(_found(site, session, kept.code))
    headers = {"Location": f"/api/v1/customers/{quote(kept.code, safe='')}"}
    return JSONResponse(found, HTTPStatus.CREATED, headers)


@router.patch("/customers/{code:path}")
def change(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("customers.change"))],
    *,
    acts: Acts,
    code: str,
    body: Body,
) -> JSONResponse:
    """Change fields: 409 where somebody else changed one since the program saw it."""
    said = read_said(body, ChangedCustomer)
    changes = {name: Change(said.seen.get(name, ""), text) for name, text in said.fields.items()}
    kept = _kept(acts.change(code, changes, by=session.user, scope=session.scope, why=said.why))
    found = document_of(_found(site, session, code))
    return JSONResponse({**found, "changed": kept.changed, "waiting": kept.waiting})


@router.post("/customers/{code:path}/join")
def join(
    site: SiteOf,
    session: Approver,
    *,
    acts: Acts,
    code: str,
    body: Body,
) -> JSONResponse:
    """Join a new customer to the customer of code `into`; gives the document of the latter."""
    said = read_said(body, JoinedCustomer)
    kept = _kept(acts.join(code, said.into, by=session.user, scope=session.scope, why=said.why))
    return JSONResponse(document_of(_found(site, session, kept.code)))


def document_of(found: CustomerDetail) -> dict[str, Any]:
    """Write a customer for programs."""
    return {
        "code": found.row.code,
        "pending": found.row.pending,
        "fields": dict(found.fields),
        "joined": [code for code, _ in found.joined],
        "served_by": {role: span.who for role, span in found.served_by.items()},
        "requests": [
            {"request": one.id, "kind": one.kind, "fields": dict(one.asked.fields)}
            for one in found.open_requests
        ],
    }


def _kept(done: Kept | Refused) -> Kept:
    """Give what was done; raises ApiError with the first reason why nothing was."""
    if isinstance(done, Kept):
        return done
    first = done.reasons[0]
    status = _STATUS.get(first.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    texts = {one.field: sentence(one) for one in done.reasons}
    alike = [{"code": one.code, "same": one.by} for one in done.duplicates]
    raise ApiError(status, first.code, sentence(first), fields=texts, duplicates=alike)
