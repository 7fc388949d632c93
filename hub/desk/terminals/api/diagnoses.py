"""Terminals for programs: what one tells of itself, asked for and read."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.diagnoses import DIAGNOSIS_FAULTS, DiagnosisError
from hub.desk.terminals.reads.claims import is_shown
from hub.desk.terminals.reads.machines.diagnoses import (
    DiagnosisRow,
    list_diagnoses,
    read_diagnosis,
)
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/terminals")
Setter = Annotated[Session, Depends(token_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]


class ToAsk(msgspec.Struct, forbid_unknown_fields=True):
    """Why a terminal is asked."""

    why: Why = ""


@router.get("/{terminal}/diagnoses")
def diagnoses(site: SiteOf, session: Setter, *, terminal: str) -> JSONResponse:
    """Give what a terminal was asked for, the newest first."""
    return JSONResponse([written(one) for one in _listed(site, session, terminal)])


@router.post("/{terminal}/diagnoses")
def ask(site: SiteOf, session: Setter, *, terminal: str, acts: Acts, body: Body) -> JSONResponse:
    """Ask a terminal; asked already, it is not asked a second time."""
    said = read_said(body or b"{}", ToAsk)
    try:
        name = acts.diagnose(terminal, why=said.why, by=session.actor)
    except DiagnosisError as error:
        raise _refused(error) from error
    found = next(one for one in _listed(site, session, terminal) if one.name == name)
    return JSONResponse(written(found), HTTPStatus.ACCEPTED)


@router.get("/{terminal}/diagnoses/{name}")
def diagnosis(site: SiteOf, session: Setter, *, terminal: str, name: str) -> JSONResponse:
    """Give what a terminal told; `latest` is the newest that came."""
    with site.ground.database.read() as connection:
        found = read_diagnosis(connection, terminal, name, scope=session.scope)
    if found is None:
        raise _refused(DiagnosisError("diagnosis_unknown", name))
    return JSONResponse(written(found))


def written(row: DiagnosisRow) -> dict[str, Any]:
    """Write a diagnosis for programs; `told` is null until it came, and in lists."""
    told = row.told
    return {
        "name": row.name,
        "state": row.state,
        "asked_at": row.asked_at,
        "asked_by": row.asked_by,
        "came_at": row.came_at,
        "told": told
        and {
            "facts": dict(told.facts),
            "findings": [one._asdict() for one in told.findings],
            "settings": dict(told.settings),
            "log": [one._asdict() for one in told.log],
        },
    }


def _listed(site: Site, session: Session, terminal: str) -> Sequence[DiagnosisRow]:
    with site.ground.database.read() as connection:
        if not is_shown(connection, terminal, scope=session.scope):
            raise _refused(DiagnosisError("terminal_unknown", terminal))
        return list_diagnoses(connection, terminal, scope=session.scope)


def _refused(error: DiagnosisError) -> ApiError:
    status = HTTPStatus(DIAGNOSIS_FAULTS[error.code])
    return ApiError(status, error.code, PageWords().named("diagnosis_fault", error.code))
