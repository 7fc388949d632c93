"""Claims for programs: what is to be claimed, claims read, made and moved on, letters."""

from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentences
from hub.base.listing import Wanted
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.model import Made, ToMake, read_shorts
from hub.desk.claims.reads import NEWEST, list_claims, list_open, read_claim, read_value
from hub.web.frames.files import FileRoom, add_file_programs, row_in
from hub.web.noun import Router
from hub.web.papers import offer_paper
from hub.web.programs import ApiError, Key, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/claims")
Reader = Annotated[Session, Depends(token_for("claims.read"))]
Maker = Annotated[Session, Depends(token_for("claims.make"))]
Valuer = Annotated[Session, Depends(token_for("claims.value"))]
Acts = Annotated[ClaimActs, Depends(acts_of(ClaimActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100
_UNKNOWN: Final = frozenset({"claim_unknown", "claim_funder_unknown", "billing_unknown"})


class NewClaim(msgspec.Struct, forbid_unknown_fields=True):
    """A claim: all that a funder was not asked for up to a day; `key` makes it one."""

    key: Key
    funder: str
    until: date
    seller: str = ""


class ToMove(msgspec.Struct, forbid_unknown_fields=True):
    """The state that a claim comes to."""

    state: Literal["sent", "accepted"]


class ToWithdraw(msgspec.Struct, forbid_unknown_fields=True):
    """Why a claim is withdrawn."""

    why: Why


class NotPaid(msgspec.Struct, forbid_unknown_fields=True):
    """What is not paid, by the numbers of lines, as amounts are written: `{"3": "12.50"}`.

    Sent twice under one `key`, it is written off once.
    """

    lines: dict[str, str]
    why: Why
    key: Key | None = None


class Value(msgspec.Struct, forbid_unknown_fields=True):
    """At what free goods are valued from now on."""

    value: Literal["list", "cost"]


@router.get("")
def claims(site: SiteOf, session: Reader, *, q: str = "", state: str = "") -> JSONResponse:
    """Give the newest claims, 100 at most."""
    chosen = {"state": (state[:32],)} if state else {}
    wanted = Wanted(NEWEST, q[:_MOST], chosen, size=_MOST)
    with site.ground.database.read() as connection:
        page = list_claims(connection, wanted, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/to-claim")
def to_claim(site: SiteOf, session: Reader) -> JSONResponse:
    """Give what each funder may be asked for, and at what free goods are valued from now on."""
    with site.ground.database.read() as connection:
        rows = list_open(connection, scope=session.scope)
        value = read_value(connection, scope=session.scope)
    said = {"value": value, "funders": [asdict(row) for row in rows]}
    return JSONResponse(msgspec.to_builtins(said))


@router.post("/value")
def set_value(site: SiteOf, session: Valuer, *, acts: Acts, body: Body) -> JSONResponse:
    """Value free goods otherwise from now on."""
    said = read_said(body, Value)
    wrong = acts.value(said.value, by=session.user)
    if wrong is not None:
        raise _refusal(site, wrong)
    return JSONResponse({"value": said.value})


@router.get("/{claim}")
def claim(site: SiteOf, session: Reader, *, claim: int) -> JSONResponse:
    """Give one claim with its lines, and what of each is not paid; amounts are in minor units."""
    return JSONResponse(_document(site, session, claim))


offer_paper(router, "/{claim}", may="claims.read", acts=ClaimActs, give=lambda acts: acts.letter)


@router.post("")
def make(site: SiteOf, session: Maker, *, acts: Acts, body: Body) -> JSONResponse:
    """Make a draft."""
    said = read_said(body, NewClaim)
    asked = ToMake(said.funder, said.until, said.seller)
    done = acts.make(asked, key=said.key, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{claim}/state")
def move(site: SiteOf, session: Maker, *, acts: Acts, claim: int, body: Body) -> JSONResponse:
    """Send a claim, or keep that its funder accepts it."""
    said = read_said(body, ToMove)
    return _answer(
        site, session, acts.move(claim, said.state, by=session.user, scope=session.scope)
    )


@router.post("/{claim}/withdraw")
def withdraw(site: SiteOf, session: Maker, *, acts: Acts, claim: int, body: Body) -> JSONResponse:
    """Withdraw a claim."""
    said = read_said(body, ToWithdraw)
    done = acts.move(claim, "withdrawn", why=said.why, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/{claim}/short")
def short(site: SiteOf, session: Maker, *, acts: Acts, claim: int, body: Body) -> JSONResponse:
    """Write off what is not paid."""
    said = read_said(body, NotPaid)
    shorts, faults = read_shorts({f"short.{line}": one for line, one in said.lines.items()})
    if faults:
        raise _refusal(site, Refused(tuple(faults)))
    key = f"{session.user}:{said.key}" if said.key else ""
    done = acts.short(claim, shorts, why=said.why, by=session.user, scope=session.scope, key=key)
    return _answer(site, session, done)


def _answer(site: Site, session: Session, done: Made | Refused) -> JSONResponse:
    if isinstance(done, Refused):
        raise _refusal(site, done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, done.id), status)


def _refusal(site: Site, done: Refused) -> ApiError:
    first = done.reasons[0]
    status = HTTPStatus.NOT_FOUND if first.code in _UNKNOWN else HTTPStatus.CONFLICT
    texts = sentences(reversed(done.reasons), money=site.distributor().money)
    return ApiError(status, first.code, texts[first.field], fields=texts)


def _document(site: Site, session: Session, claim: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_claim(connection, claim, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "claim_unknown", "there is no such claim")
    return {**msgspec.to_builtins(asdict(found)), **site.distributor().money.document()}


def _see(site: Site, session: Session, key: str) -> None:
    """See that it is among those that a program sees; raises ApiError."""
    row = row_in(key)
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "claim_unknown", "there is no such claim")
    _document(site, session, row)


add_file_programs(router, "", FileRoom("claim", "claims", "claims.read", "claims.make", see=_see))
