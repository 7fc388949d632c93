"""Imports for programs: a file is sent as it is, looked at, and taken or not."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Query
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields.words import sentence
from hub.base.sheets import LARGEST, SheetError, decode_file
from hub.desk.imports.acts import ImportActs
from hub.desk.imports.model import DATES, ColumnsError, Dates
from hub.desk.imports.reads import read_outcomes, read_run
from hub.desk.imports.store import KINDS, Reading
from hub.web.noun import Router
from hub.web.programs import ApiError, file_of, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/imports")
Importer = Annotated[Session, Depends(token_for("imports.run"))]
Acts = Annotated[ImportActs, Depends(acts_of(ImportActs))]
_REFUSED: Final = 500
"""Refused rows that an answer tells at most."""


File = Annotated[bytes, Depends(file_of)]
Name = Annotated[str, Query(max_length=200)]


@router.post("/{kind}", max_body_size=LARGEST)
def send_file(
    site: SiteOf,
    session: Importer,
    *,
    acts: Acts,
    kind: str,
    body: File,
    file: Name = "api",
    dates: Annotated[Dates, Query()] = DATES[0],
    anyway: Annotated[bool, Query()] = False,
) -> JSONResponse:
    """Keep a file and look at its rows: nothing is taken before `take` is asked for."""
    if kind not in KINDS:
        text = f"kinds are {', '.join(KINDS)}"
        raise ApiError(HTTPStatus.NOT_FOUND, "kind_unknown", text, kind=kind[:64])
    needed = KINDS[kind].spec.permission
    if needed and not session.may(needed):
        text = f"the token of {session.user} does not grant {needed}"
        raise ApiError(HTTPStatus.FORBIDDEN, "not_permitted", text, permission=needed)
    try:
        run = acts.take(
            kind, decode_file(body), file=file, reading=Reading(anyway, dates), by=session.user
        )
    except SheetError as error:
        fault = error.fault
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "file_invalid", fault.text, row=fault.row
        ) from error
    except ColumnsError as error:
        told = [sentence(one) for one in error.reasons]
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, error.reasons[0].code, told[0], faults=told
        ) from error
    acts.check.look(run, by=session.user)
    return JSONResponse(_document(site, session, run), HTTPStatus.CREATED)


@router.get("/{run_id}")
def one_run(site: SiteOf, session: Importer, *, run_id: int) -> JSONResponse:
    """Give how far a file is, with its refused rows, 500 at most."""
    return JSONResponse(_document(site, session, run_id))


@router.post("/{run_id}/take")
def take(site: SiteOf, session: Importer, *, acts: Acts, run_id: int) -> JSONResponse:
    """Have all rows taken that can be; asked again, they are taken once."""
    _document(site, session, run_id)
    acts.take.begin(run_id, by=session.user)
    return JSONResponse(_document(site, session, run_id), HTTPStatus.ACCEPTED)


def _document(site: Site, session: Session, run_id: int) -> Any:  # noqa: ANN401 -- JSON
    """Write a run of the program's own; raises ApiError."""
    scope, user = session.scope, session.user
    with site.ground.database.read() as connection:
        run = read_run(connection, run_id, scope=scope, user=user)
        if run is None or run.by != user:
            raise ApiError(HTTPStatus.NOT_FOUND, "import_unknown", "there is no such file of yours")
        refused = read_outcomes(
            connection, run_id, action="refuse", most=_REFUSED, scope=scope, user=user
        )
    return {
        "id": run.id,
        "kind": run.kind,
        "file": run.file,
        "state": run.state,
        "looked": run.looked_at is not None,
        "rows": dict(run.counts),
        "refused": [
            {
                "row": one.row,
                "key": one.key,
                "reasons": [
                    {"code": why.code, "field": why.field, "text": sentence(why)}
                    for why in one.reasons
                ],
            }
            for one in refused
        ],
        "version": run.version,
        "faults": list(run.faults),
    }
