"""Stock for programs: what there is, and the acts of pages by the same fields."""

from collections.abc import Callable
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
from hub.base.money import HOUSE_SCALE
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.reads.documents import (
    list_lines,
    read_document,
    read_limit_changes,
    read_limits,
)
from hub.desk.stock.reads.movements import list_holders
from hub.desk.stock.reads.overview import BY_EXPIRY, list_batches, read_batch
from hub.web.noun import Router
from hub.web.papers import offer_paper
from hub.web.programs import ApiError, Key, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/stock")
Reader = Annotated[Session, Depends(token_for("stock.read"))]
Receiver = Annotated[Session, Depends(token_for("stock.receive"))]
Mover = Annotated[Session, Depends(token_for("stock.move"))]
Counter = Annotated[Session, Depends(token_for("stock.count"))]
Approver = Annotated[Session, Depends(token_for("stock.approve"))]
Recaller = Annotated[Session, Depends(token_for("stock.recall"))]
Limiter = Annotated[Session, Depends(token_for("stock.limit"))]
Planner = Annotated[Session, Depends(token_for("stock.levels"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST: Final = 500
_STATUS: Final = {
    "count_changed": HTTPStatus.CONFLICT,
    "stock_document_unknown": HTTPStatus.NOT_FOUND,
    "stock_document_settled": HTTPStatus.CONFLICT,
    "stock_key_taken": HTTPStatus.CONFLICT,
    "stock_own": HTTPStatus.FORBIDDEN,
    "stock_alone_why": HTTPStatus.FORBIDDEN,
    "stock_reserved": HTTPStatus.CONFLICT,
    "stock_short": HTTPStatus.CONFLICT,
}


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """A document: `key` makes it one however often it is sent, `fields` and `lines` are texts."""

    key: Key
    fields: dict[str, str] = {}
    lines: list[dict[str, str]] = []


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """Why a document is decided: asked for of who made or counted it, where nobody else could."""

    why: Why = ""


class Entered(msgspec.Struct, forbid_unknown_fields=True):
    """What arrived or was counted, by line; `others` are batches that are not among them.

    Of a transfer, `all` says that every line that is not named arrived as it was sent. Of a count,
    `seen` says what stood at a line that is corrected.
    """

    lines: dict[str, str] = {}
    others: list[dict[str, str]] = []
    all: bool = False
    seen: dict[str, str] = {}


class Levels(msgspec.Struct, forbid_unknown_fields=True):
    """What is kept in a warehouse, in base units, and in which bin.

    Blank is as the product has it, or no bin; what is left out stays.
    """

    reorder: str | None = None
    maximum: str | None = None
    bin: str | None = None
    note: Why = ""


class LimitTexts(msgspec.Struct, forbid_unknown_fields=True):
    """Up to which worth one person adjusts stock alone, and above which a count is repeated.

    Amounts as `"5000.00"`; what is left out stays, an empty `recount` has nothing counted again.
    """

    amount: str | None = None
    recount: str | None = None
    note: Why = ""


@router.get("")
def stock(site: SiteOf, session: Reader, *, q: str = "", warehouse: str = "") -> JSONResponse:
    """Give the batches of which something is left, those that expire first; 500 at most."""
    chosen = {"warehouse": (warehouse[:64],)} if warehouse else {}
    wanted = Wanted(BY_EXPIRY, q[:100], chosen, size=_MOST)
    with site.ground.database.read() as connection:
        found = list_batches(connection, wanted, today=site.today(), scope=session.scope)
    rows = [{**asdict(row), "available": row.available} for row in found.rows]
    return JSONResponse(_written(rows))


@router.get("/limit")
def limit(site: SiteOf, session: Limiter) -> JSONResponse:
    """Give the worths above which a second person is asked, in minor units, and who set them."""
    return JSONResponse(_limits(site, session))


@router.post("/limit")
def set_limit(site: SiteOf, session: Limiter, *, acts: Acts, body: Body) -> JSONResponse:
    """Set one or both of them, as people write amounts; gives what holds now."""
    asked = msgspec.structs.asdict(read_said(body, LimitTexts))
    texts = {name: text for name, text in asked.items() if text is not None}
    wrong = acts.set_limit(texts, by=session.user)
    if wrong is not None:
        _refuse(wrong)
    return JSONResponse(_limits(site, session))


@router.get("/documents/{document}")
def document(site: SiteOf, session: Reader, *, document: int) -> JSONResponse:
    """Give a document with its lines; of a count that goes on, not what the book has."""
    return JSONResponse(_document(site, session, document))


offer_paper(
    router, "/documents/{document}", may="stock.read", acts=StockActs, give=lambda acts: acts.note
)


@router.get("/batches/{batch_id}/holders")
def holders(site: SiteOf, session: Reader, *, batch_id: int) -> JSONResponse:
    """Give who got a batch, from whatever warehouse."""
    with site.ground.database.read() as connection:
        batch = read_batch(connection, batch_id, today=site.today(), scope=session.scope)
        if batch is None:
            text = f"there is no batch {batch_id}"
            raise ApiError(HTTPStatus.NOT_FOUND, "batch_unknown", text, batch=batch_id)
        found = list_holders(connection, batch_id=batch_id, everywhere=True, scope=session.scope)
    return JSONResponse(_written([asdict(one) for one in found]))


@router.post("/receive")
def receive(site: SiteOf, session: Receiver, *, acts: Acts, body: Body) -> JSONResponse:
    """Receive goods."""
    return _send(site, session, body, act=acts.receive)


@router.post("/move")
def move(site: SiteOf, session: Mover, *, acts: Acts, body: Body) -> JSONResponse:
    """Adjust stock or move it between buckets; one that waits says so in its state."""
    return _send(site, session, body, act=acts.move)


@router.post("/transfer")
def transfer(site: SiteOf, session: Mover, *, acts: Acts, body: Body) -> JSONResponse:
    """Send stock to another warehouse."""
    return _send(site, session, body, act=acts.transfer.dispatch)


@router.post("/count")
def count(site: SiteOf, session: Counter, *, acts: Acts, body: Body) -> JSONResponse:
    """Freeze the list of a count; the field `category` takes part of the warehouse."""
    said = read_said(body, Sent)
    done = acts.count.freeze(
        said.fields,
        category=said.fields.get("category", ""),
        key=said.key,
        by=session.user,
        scope=session.scope,
    )
    return _answer(site, session, done)


@router.post("/documents/{document}/arrive")
def arrive(
    site: SiteOf, session: Receiver, *, acts: Acts, document: int, body: Body
) -> JSONResponse:
    """Take what arrived of a transfer; what differs by much waits, and says so in its state."""
    said = read_said(body, Entered)
    done = acts.transfer.arrive(
        document,
        said.lines,
        said.others,
        rest_as_sent=said.all,
        by=session.user,
        scope=session.scope,
    )
    return _answer(site, session, done)


@router.post("/documents/{document}/count")
def enter(site: SiteOf, session: Counter, *, acts: Acts, document: int, body: Body) -> JSONResponse:
    """Enter what was counted."""
    said = read_said(body, Entered)
    done = acts.count.enter(
        document, said.lines, said.others, seen=said.seen, by=session.user, scope=session.scope
    )
    return _answer(site, session, done)


@router.post("/documents/{document}/hand-over")
def hand_over(site: SiteOf, session: Counter, *, acts: Acts, document: int) -> JSONResponse:
    """Hand a count to a second person."""
    done = acts.count.hand_over(document, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/documents/{document}/grant")
def grant(
    site: SiteOf, session: Approver, *, acts: Acts, document: int, body: Body
) -> JSONResponse:
    """Let pass what waits for a second person."""
    why = read_said(body, Decided).why if body else ""
    done = acts.decide(document, grant=True, by=session.user, scope=session.scope, why=why)
    return _answer(site, session, done)


@router.post("/documents/{document}/refuse")
def refuse(
    site: SiteOf, session: Approver, *, acts: Acts, document: int, body: Body
) -> JSONResponse:
    """Refuse what waits for a second person."""
    why = read_said(body, Decided).why if body else ""
    done = acts.decide(document, grant=False, by=session.user, scope=session.scope, why=why)
    return _answer(site, session, done)


@router.post("/batches/{batch_id}/recall")
def recall(
    site: SiteOf, session: Recaller, *, acts: Acts, batch_id: int, body: Body
) -> JSONResponse:
    """Call a batch back."""
    said = read_said(body, Sent)
    done = acts.recall(batch_id, said.fields, key=said.key, by=session.user, scope=session.scope)
    return _answer(site, session, done)


@router.post("/batches/{batch_id}/dates")
def dates(session: Mover, *, acts: Acts, batch_id: int, body: Body) -> JSONResponse:
    """Correct what is printed on a batch."""
    said = read_said(body, Sent)
    wrong = acts.correct_dates(batch_id, said.fields, by=session.user, scope=session.scope)
    if wrong is not None:
        _refuse(wrong)
    return JSONResponse({"batch": batch_id})


@router.post("/levels/{warehouse}/{sku:path}")
def levels(session: Planner, *, acts: Acts, warehouse: str, sku: str, body: Body) -> JSONResponse:
    """Set the levels of a product in a warehouse, and its bin."""
    said = msgspec.structs.asdict(read_said(body, Levels))
    texts = {name: text for name, text in said.items() if text is not None}
    wrong = acts.set_level(warehouse, sku, texts, by=session.user, scope=session.scope)
    if wrong is not None:
        _refuse(wrong)
    return JSONResponse({"warehouse": warehouse, "sku": sku})


def _limits(site: Site, session: Session) -> dict[str, object]:
    with site.ground.database.read() as connection:
        now = read_limits(connection, scope=session.scope)
        told = read_limit_changes(connection, scope=session.scope)
    return {**now._asdict(), "scale": HOUSE_SCALE, "history": [asdict(one) for one in told]}


def _send(
    site: Site, session: Session, body: bytes, *, act: Callable[..., Posted | Refused]
) -> JSONResponse:
    said = read_said(body, Sent)
    done = act(said.fields, said.lines, key=said.key, by=session.user, scope=session.scope)
    return _answer(site, session, done)


def _answer(site: Site, session: Session, done: Posted | Refused) -> JSONResponse:
    """Give the document as it is now: 201 where it is new; raises ApiError where it was refused."""
    if isinstance(done, Refused):
        _refuse(done)
    assert isinstance(done, Posted)  # noqa: S101  # a refusal was raised
    status = HTTPStatus.OK if done.again else HTTPStatus.CREATED
    headers = {"Location": f"/api/v1/stock/documents/{done.document}"}
    return JSONResponse(_document(site, session, done.document), status, headers)


def _refuse(done: Refused) -> None:
    first = done.reasons[0]
    status = _STATUS.get(first.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    texts = {one.field: sentence(one) for one in done.reasons}
    raise ApiError(status, first.code, sentence(first), fields=texts)


def _document(site: Site, session: Session, document: int) -> Any:  # noqa: ANN401 -- JSON
    with site.ground.database.read() as connection:
        found = read_document(connection, document, scope=session.scope)
        lines = list_lines(connection, document, scope=session.scope)
    if found is None:
        text = "there is no such document"
        raise ApiError(HTTPStatus.NOT_FOUND, "stock_document_unknown", text)
    rows = [asdict(one) for one in lines]
    if found.kind == "count" and found.state == "counting":
        hidden = dict.fromkeys(("quantity", "moved", "first_counted"))
        rows = [{**row, **hidden} for row in rows]
    return _written({**asdict(found), "lines": rows})


def _written(value: object) -> Any:  # noqa: ANN401 -- JSON
    return msgspec.to_builtins(value)
