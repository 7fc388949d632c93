"""Targets for programs: read, set, and withdrawn; how far they are is the report `targets`."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated, Any, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.listing import Wanted
from hub.desk.targets.acts import TargetActs
from hub.desk.targets.model import AIMS, KINDS, SPANS
from hub.desk.targets.reads import NEWEST, list_targets, read_target
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/targets")
Reader = Annotated[Session, Depends(token_for("targets.read"))]
Setter = Annotated[Session, Depends(token_for("targets.set"))]
Acts = Annotated[TargetActs, Depends(acts_of(TargetActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 500
_GONE: Final = frozenset({"target_gone"})


class ToSet(msgspec.Struct, forbid_unknown_fields=True):
    """A target: `fields` are those of the page, as texts; `seen` is the version one looked at."""

    fields: dict[str, str]
    seen: int | None = None


class ToWithdraw(msgspec.Struct, forbid_unknown_fields=True):
    """Why a target stands no more."""

    why: Why


@router.get("")
def targets(
    site: SiteOf,
    session: Reader,
    *,
    measure: str = "",
    kind: str = "",
    span: str = "",
    q: str = "",
) -> JSONResponse:
    """Give the newest targets, 500 at most; amounts are of the minor unit where they are money."""
    known = {"measure": tuple(AIMS), "kind": KINDS, "span": SPANS}
    given = {"measure": measure, "kind": kind, "span": span}
    for name, value in given.items():
        if value and value not in known[name]:
            text = f"{name} is one of {', '.join(known[name])}"
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "parameters_invalid", text, name=name)
    chosen = {name: (value,) for name, value in given.items() if value}
    wanted = Wanted(NEWEST, q[:100], chosen, size=_MOST)
    with site.ground.database.read() as connection:
        page = list_targets(connection, wanted, day=site.today(), scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/{number}")
def one_target(site: SiteOf, session: Reader, *, number: int) -> JSONResponse:
    """Give one target with all its versions."""
    return JSONResponse(_document(site, session, number))


@router.post("")
def set_target(site: SiteOf, session: Setter, *, acts: Acts, body: Body) -> JSONResponse:
    """Set a target: 201 a new one, 200 another amount, or the same of one that is there."""
    said = read_said(body, ToSet)
    done = acts.set(said.fields, seen=said.seen, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.CREATED if done.came == "add" else HTTPStatus.OK
    return JSONResponse(_document(site, session, done.id), status)


@router.post("/{number}/withdraw")
def withdraw(site: SiteOf, session: Setter, *, acts: Acts, number: int, body: Body) -> JSONResponse:
    """Have a target stand no more."""
    said = read_said(body, ToWithdraw)
    done = acts.set.withdraw(number, why=said.why, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        raise _refusal(done)
    return JSONResponse(_document(site, session, number))


def _refusal(done: Refused) -> ApiError:
    first = done.reasons[0]
    status = HTTPStatus.NOT_FOUND if first.code in _GONE else HTTPStatus.CONFLICT
    fields = {one.field: sentence(one) for one in done.reasons}
    return ApiError(status, first.code, sentence(first), fields=fields)


def _document(site: Site, session: Session, number: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_target(connection, number, day=site.today(), scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "target_gone", "there is no such target")
    return msgspec.to_builtins(asdict(found))
