"""Groups of counters for programs: made, set, taken away, and which counters are in them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Kept, Refused
from hub.base.fields.words import sentence
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.reads.machines.groups import GroupRow, list_groups, read_group
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1")
Reader = Annotated[Session, Depends(token_for("terminals.read"))]
Setter = Annotated[Session, Depends(token_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]
_UNKNOWN: Final = frozenset({"group_unknown", "group_terminal"})
_THERE: Final = frozenset({"group_there", "group_used"})


class NewGroup(msgspec.Struct, forbid_unknown_fields=True):
    """A group to be made: texts as on the page, empty for what is usual."""

    code: str
    name: str
    seller: str = ""
    payments: str = ""
    ask_quantity: str = ""
    ask_amount: str = ""
    operator_needed: str = ""
    notices: str = ""


class GroupSent(msgspec.Struct, forbid_unknown_fields=True):
    """A group as it is to be from now on."""

    name: str
    payments: str = ""
    ask_quantity: str = ""
    ask_amount: str = ""
    operator_needed: str = ""
    notices: str = ""
    why: Why = ""


class EndSent(msgspec.Struct, forbid_unknown_fields=True):
    """Why a group ends."""

    why: Why = ""


class PlaceSent(msgspec.Struct, forbid_unknown_fields=True):
    """The group that a counter is to be in; empty for none."""

    group: str
    why: Why = ""


@router.get("/counter-groups")
def groups(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the groups, without their counters."""
    with site.ground.database.read() as connection:
        found = list_groups(connection, scope=session.scope)
    return JSONResponse([write_group(one) for one in found])


@router.post("/counter-groups")
def add(site: SiteOf, session: Setter, *, acts: Acts, body: Body) -> JSONResponse:
    """Make a group."""
    sent = read_said(body or b"{}", NewGroup)
    _done(acts.groups.add(msgspec.structs.asdict(sent), by=session.user, scope=session.scope))
    headers = {"Location": f"/api/v1/counter-groups/{sent.code}"}
    return JSONResponse(_document(site, session, sent.code), HTTPStatus.CREATED, headers)


@router.get("/counter-groups/{code}")
def group(site: SiteOf, session: Reader, *, code: str) -> JSONResponse:
    """Give a group with its counters, and what each has set otherwise."""
    return JSONResponse(_document(site, session, code))


@router.put("/counter-groups/{code}")
def change(site: SiteOf, session: Setter, *, acts: Acts, code: str, body: Body) -> JSONResponse:
    """Set a group; a setting that is left out is as usual from now on."""
    sent = read_said(body or b"{}", GroupSent)
    texts: Mapping[str, str] = msgspec.structs.asdict(sent)
    _done(acts.groups.change(code, texts, why=sent.why, by=session.user, scope=session.scope))
    return JSONResponse(_document(site, session, code))


@router.post("/counter-groups/{code}/end")
def end(session: Setter, *, acts: Acts, code: str, body: Body) -> JSONResponse:
    """Take a group away that no counter is in."""
    sent = read_said(body or b"{}", EndSent)
    _done(acts.groups.drop(code, why=sent.why, by=session.user, scope=session.scope))
    return JSONResponse({"code": code, "ended": True})


@router.put("/terminals/{terminal}/group")
def put_in(session: Setter, *, acts: Acts, terminal: str, body: Body) -> JSONResponse:
    """Put a counter into a group, or into none."""
    sent = read_said(body or b"{}", PlaceSent)
    _done(
        acts.groups.put_in(terminal, sent.group, why=sent.why, by=session.user, scope=session.scope)
    )
    return JSONResponse({"terminal": terminal, "group": sent.group})


def write_group(row: GroupRow) -> dict[str, Any]:
    """Write a group for programs, without its counters."""
    settings = dict(row.settings.fields)
    return {"code": row.code, "name": row.name, "seller": row.seller, **settings} | {
        "count": row.count
    }


def _document(site: Site, session: Session, code: str) -> dict[str, Any]:
    found = None
    if code.isprintable():
        with site.ground.database.read() as connection:
            found = read_group(connection, code, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "group_unknown", f"there is no group {code}")
    return {
        **write_group(found),
        "counters": [
            {"terminal": one.terminal, "customer": one.customer, "runs": one.runs}
            | {"own": {name: one.settings.fields[name] for name in one.differs}}
            for one in found.counters
        ],
        "changes": [
            {"field": one.field, "old": one.old, "new": one.new, "at": one.at_ms, "who": one.who}
            | {"why": one.why}
            for one in found.changes
        ],
    }


def _done(done: Kept | Refused) -> None:
    """See that an act was done; raises ApiError."""
    if not isinstance(done, Refused):
        return
    reason = done.reasons[0]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if reason.code in _UNKNOWN:
        status = HTTPStatus.NOT_FOUND
    elif reason.code in _THERE:
        status = HTTPStatus.CONFLICT
    raise ApiError(status, reason.code, sentence(reason), field=reason.field, **reason.params)
