"""Terminals for programs: what a counter is set to, and setting it, by the fields of its page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.reads.counters import read_counter
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/terminals")
Reader = Annotated[Session, Depends(token_for("terminals.read"))]
Setter = Annotated[Session, Depends(token_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]


class CounterSent(msgspec.Struct, forbid_unknown_fields=True):
    """A counter as it is to be: texts as on the page, empty for what is usual."""

    payments: str = ""
    ask_quantity: str = ""
    ask_amount: str = ""
    notices: str = ""
    why: Why = ""


@router.get("/{terminal}/counter")
def counter(site: SiteOf, session: Reader, *, terminal: str) -> JSONResponse:
    """Give what a counter is set to, what it takes by that, and who changed what."""
    return JSONResponse(_counter(site, session, terminal))


@router.put("/{terminal}/counter")
def set_counter(
    site: SiteOf, session: Setter, *, terminal: str, acts: Acts, body: Body
) -> JSONResponse:
    """Set a counter; a field that is left out is as usual from now on."""
    said = read_said(body, CounterSent)
    fields: Mapping[str, str] = msgspec.structs.asdict(said)
    done = acts.set_counter(terminal, fields, by=session.user, why=said.why, scope=session.scope)
    if isinstance(done, Refused):
        reason = done.reasons[0]
        unknown = reason.code == "counter_unknown"
        status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.UNPROCESSABLE_ENTITY
        raise ApiError(status, reason.code, sentence(reason), **reason.params)
    return JSONResponse(_counter(site, session, terminal))


def _counter(site: Site, session: Session, terminal: str) -> dict[str, Any]:
    with site.ground.database.read() as connection:
        row = read_counter(connection, terminal, scope=session.scope)
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "counter_unknown", f"there is no terminal {terminal}")
    return {
        "terminal": row.terminal,
        "customer": row.customer,
        **row.settings.fields,
        "takes": list(row.takes),
        "runs": row.runs,
        "changes": [
            {"field": one.field, "old": one.old, "new": one.new, "at": one.at_ms, "who": one.who}
            | {"why": one.why}
            for one in row.changes
        ],
    }
