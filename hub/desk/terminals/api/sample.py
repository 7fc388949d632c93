"""The sample for programs: whether it is there, and adding and removing it."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Actor, Session
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.sample import SampleError
from hub.desk.terminals.reads.setup import read_sample
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/sample")
Beginner = Annotated[Session, Depends(token_for("setup.begin"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Body = Annotated[bytes, Depends(body_of)]


class ToRemove(msgspec.Struct, forbid_unknown_fields=True):
    """With how many orders, at most, the sample goes."""

    orders: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0


@router.get("")
def show(site: SiteOf, session: Beginner) -> JSONResponse:
    """Say whether the distributor is the sample, and what stands on it."""
    return JSONResponse(_standing(site, session))


@router.post("")
def add(site: SiteOf, session: Beginner, *, acts: Acts) -> JSONResponse:
    """Fill a new hub with the sample."""
    try:
        acts.sample.add(by=_actor(session))
    except SampleError as error:
        raise _refusal(error) from error
    return JSONResponse(_standing(site, session), HTTPStatus.CREATED)


@router.post("/remove")
def remove(site: SiteOf, session: Beginner, *, acts: Acts, body: Body) -> JSONResponse:
    """Take the sample away, with at most so many orders."""
    said = read_said(body, ToRemove)
    try:
        acts.sample.remove(orders=said.orders, by=_actor(session))
    except SampleError as error:
        raise _refusal(error) from error
    return JSONResponse(_standing(site, session))


def _actor(session: Session) -> Actor:
    return Actor(session.user, session.roles, session.scope)


def _standing(site: Site, session: Session) -> dict[str, Any]:
    with site.ground.database.read() as connection:
        found = read_sample(connection, scope=session.scope)
    if found is None:
        return {"sample": False}
    own = {kind: list(codes) for kind, codes in found.own.items()}
    return {"sample": True, "since": found.since_ms, "orders": found.orders, "own": own}


def _refusal(error: SampleError) -> ApiError:
    own = {kind: list(codes) for kind, codes in error.own.items()}
    text = PageWords().named("sample_fault", error.code)
    return ApiError(HTTPStatus.CONFLICT, f"sample_{error.code}", text, **own)
