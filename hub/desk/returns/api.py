"""Returns for programs: read, and taken."""

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
from hub.desk.returns.acts import ReturnActs
from hub.desk.returns.model import read_lines
from hub.desk.returns.reads import NEWEST, list_returns, read_return
from hub.web.frames.files import FileRoom, add_file_programs, row_in
from hub.web.noun import Router
from hub.web.programs import ApiError, Key, RowId, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/returns")
Reader = Annotated[Session, Depends(token_for("returns.read"))]
Taker = Annotated[Session, Depends(token_for("returns.take"))]
Acts = Annotated[ReturnActs, Depends(acts_of(ReturnActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 100


class ToTake(msgspec.Struct, forbid_unknown_fields=True):
    """A return: a line has `sku`, `quantity`, and may have `shelf` and `batch`.

    `key` makes it one however often it is sent.
    """

    key: Key
    customer: str
    lines: list[dict[str, int | str]]
    why: Why
    delivery: RowId | None = None
    charge: bool = False


@router.get("")
def returns(site: SiteOf, session: Reader, *, q: str = "") -> JSONResponse:
    """Give the newest returns, 100 at most."""
    wanted = Wanted(NEWEST, q[:_MOST], size=_MOST)
    with site.ground.database.read() as connection:
        page = list_returns(connection, wanted, scope=session.scope)
    return JSONResponse(msgspec.to_builtins([asdict(row) for row in page.rows]))


@router.get("/{row_id}")
def one_return(site: SiteOf, session: Reader, *, row_id: int) -> JSONResponse:
    """Give one return with its lines; amounts are in minor units."""
    return JSONResponse(_document(site, session, row_id))


@router.post("")
def take(site: SiteOf, session: Taker, *, acts: Acts, body: Body) -> JSONResponse:
    """Take goods back."""
    said = read_said(body, ToTake)
    back, faults = read_lines(said.lines)
    if faults:
        raise _refusal(Refused(tuple(faults)))
    done = acts.take(
        said.customer,
        back,
        key=said.key,
        why=said.why,
        delivery=said.delivery,
        charge=said.charge,
        by=session.user,
        scope=session.scope,
    )
    if isinstance(done, Refused):
        raise _refusal(done)
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    return JSONResponse(_document(site, session, done.id), status)


def _refusal(done: Refused) -> ApiError:
    first = done.reasons[0]
    unknown = first.code == "payment_customer_unknown"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.CONFLICT
    return ApiError(status, first.code, sentence(first), fields={
        one.field: sentence(one) for one in done.reasons
    })  # fmt: skip


def _document(site: Site, session: Session, row_id: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_return(connection, row_id, scope=session.scope)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "return_unknown", "there is no such return")
    return {**msgspec.to_builtins(asdict(found)), **site.distributor().money.document()}


def _see(site: Site, session: Session, key: str) -> None:
    """See that it is among those that a program sees; raises ApiError."""
    row = row_in(key)
    if row is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "return_unknown", "there is no such return")
    _document(site, session, row)


add_file_programs(
    router, "", FileRoom("return", "returns", "returns.read", "returns.take", see=_see)
)
