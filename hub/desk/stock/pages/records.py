"""The addresses of stock that is looked at: the lists, a product in a warehouse, and a batch."""

import csv
import io
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import Depends, HTTPException, Request, Response

from hub.base import history
from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.words import PageWords
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.model.moves import COLUMNS, Bucket
from hub.desk.stock.pages.forms import (
    LinesForm,
    Visit,
    field_of,
    open_lines,
    take_lines,
)
from hub.desk.stock.pages.levels import levels_of
from hub.desk.stock.pages.listing import (
    BATCH_LIST,
    DOCUMENT_LIST,
    STOCK,
    address_of,
    read_batch_list,
    read_document_list,
    read_stock_list,
)
from hub.desk.stock.reads.documents import list_inbound, list_under_way
from hub.desk.stock.reads.movements import HolderRow, list_holders, list_movements
from hub.desk.stock.reads.overview import BatchLine, batches_at, read_batch, read_stock
from hub.desk.stock.store.levels import NOUN as LEVEL
from hub.desk.stock.store.levels import ref_of
from hub.desk.stock.words import BATCHES
from hub.web.frames.forms import (
    Checked,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.frames.lists import show_list
from hub.web.frames.records import Action, Actions, Linked, Record, show_record, told_of
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("stock.read"))]
Corrector = Annotated[Session, Depends(signed_in_for("stock.move"))]
Recaller = Annotated[Session, Depends(signed_in_for("stock.recall"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_HOLDERS: Final = (
    "customer",
    "customer_name",
    "phone",
    "number",
    "status",
    "warehouse",
    "quantity",
)


@router.get("/stock")
def stock(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show what there is by product and warehouse, or a file of it."""
    read = partial(read_stock_list, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=STOCK, read=read)


@router.get("/stock/batches")
def batches(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the batches, or a file of them."""
    read = partial(read_batch_list, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=BATCH_LIST, read=read)


@router.get("/stock/documents")
def documents(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the documents that move stock, or a file of them."""
    read = partial(read_document_list, today=site.today(), scope=session.scope)
    return show_list(request, site, session, frame=DOCUMENT_LIST, read=read)


@router.get("/stock/at/{warehouse}/{sku:path}")
def product(
    request: Request, site: SiteOf, session: Reader, *, warehouse: str, sku: str
) -> Response:
    """Show a product in a warehouse: what there is, why, and which orders hold it."""
    seen, words, bucket = site.feed.number, words_of(request), _bucket(request)
    with site.ground.database.read() as connection:
        found = None
        if sku.isprintable() and warehouse.isprintable():
            found = read_stock(connection, sku, warehouse, today=site.today(), scope=session.scope)
        if found is None:
            raise HTTPException(404)
        shown: dict[str, Any] = {
            "batches": batches_at(
                connection, sku, warehouse, today=site.today(), scope=session.scope
            ),
            "movements": list_movements(
                connection, bucket=bucket, sku=sku, place=warehouse, scope=session.scope
            ),
            "holders": list_holders(connection, sku=sku, place=warehouse, scope=session.scope),
            "inbound": list_inbound(connection, sku, warehouse, scope=session.scope),
        }
        entries = tuple(history.read(connection, LEVEL, ref_of(warehouse, sku)))
    address = address_of(warehouse, sku)
    begun = f"/stock/move?{urlencode({'warehouse': warehouse, 'code': sku})}"
    record = Record(
        noun="stock",
        key=f"{warehouse}/{sku}",
        number=f"{sku} · {warehouse}",
        name=found.name,
        name_href=f"/products/{quote(sku, safe='')}",
        address=address,
        back="/stock",
        topics=("stock",),
        actions=Actions(
            next=_moving(begun, session, words), others=_levels(levels_of(address), session, words)
        ),
        timeline=told_of(entries, lambda name: words.named("stock_field", name)),
        notes=False,
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="stock_product.html",
        seen=seen,
        stock=found,
        bucket=bucket,
        buckets=tuple(COLUMNS),
        looks=BATCHES,
        **shown,
    )


@router.get("/stock/batches/{batch_id}")
def batch(request: Request, site: SiteOf, session: Reader, *, batch_id: int) -> Response:
    """Show a batch: its dates, what there is in each bucket and why, and which orders hold it."""
    seen, words, bucket = site.feed.number, words_of(request), _bucket(request)
    found = _found(site, session, batch_id)
    with site.ground.database.read() as connection:
        shown: dict[str, Any] = {
            "movements": list_movements(
                connection, bucket=bucket, batch_id=batch_id, scope=session.scope
            ),
            "holders": list_holders(connection, batch_id=batch_id, scope=session.scope),
        }
        entries = tuple(history.read(connection, "batch", str(batch_id)))
    address = f"/stock/batches/{batch_id}"
    here = address_of(found.warehouse, found.sku)
    record = Record(
        noun="batch",
        key=str(batch_id),
        number=found.code,
        name=found.name,
        name_href=f"/products/{quote(found.sku, safe='')}",
        address=address,
        back="/stock/batches",
        topics=("stock",),
        state=BATCHES[found.state],
        actions=_batch_actions(found, session, words),
        linked=(Linked(words.text("stock.warehouse"), found.warehouse, here),),
        timeline=told_of(entries, lambda name: words.named("batch_field", name)),
        notes=False,
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="stock_batch.html",
        seen=seen,
        batch=found,
        bucket=bucket,
        buckets=tuple(COLUMNS),
        **shown,
    )


@router.get("/stock/batches/{batch_id}/holders.csv")
def holders(site: SiteOf, session: Reader, *, batch_id: int) -> Response:
    """Give the file of who got a batch, from whatever warehouse, with their phones."""
    found = _found(site, session, batch_id)
    rows = _holders(site, session, batch_id)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("sku", "batch", *_HOLDERS))
    for row in rows:
        cells = [str(getattr(row, name) or "") for name in _HOLDERS]
        # A text that begins like a formula would be one in a spreadsheet; a phone is no formula.
        writer.writerow([found.sku, found.code, *map(_plain, cells)])
    headers = {"Content-Disposition": f'attachment; filename="batch-{batch_id}.csv"'}
    return Response("\ufeff" + stream.getvalue(), media_type="text/csv", headers=headers)


@router.get("/stock/batches/{batch_id}/recall")
def recall(request: Request, site: SiteOf, session: Recaller, *, batch_id: int) -> Response:
    """Show who got a batch, and below it the button that calls it back."""
    return open_lines(_recalling(site, session, batch_id), Visit(request, site, session))


@router.post("/stock/batches/{batch_id}/recall")
def call_back(
    request: Request, site: SiteOf, session: Recaller, *, given: Given, acts: Acts, batch_id: int
) -> Response:
    """Call a batch back: it is sold no more, and what is free of it is quarantined."""
    form = _recalling(site, session, batch_id)

    def act(head: Texts, rows: object, key: str) -> object:
        del rows
        return acts.recall(batch_id, head, key=key, by=session.user, scope=session.scope)

    return take_lines(form, Visit(request, site, session), given=given, act=act)  # type: ignore[arg-type]


@router.get("/stock/batches/{batch_id}/dates")
def dates(request: Request, site: SiteOf, session: Corrector, *, batch_id: int) -> Response:
    """Show the form that corrects what is printed on a batch."""
    found = _found(site, session, batch_id)
    now = {
        "manufactured": found.manufactured.isoformat() if found.manufactured else "",
        "expiry": found.expiry.isoformat() if found.expiry else "-",
    }
    return open_form(_dating(request, site, session, found=found), now)


@router.post("/stock/batches/{batch_id}/dates")
def correct_dates(
    request: Request, site: SiteOf, session: Corrector, *, given: Given, acts: Acts, batch_id: int
) -> Response:
    """Correct what is printed on a batch; its page then lists the orders that it serves."""
    place = _dating(request, site, session, found=_found(site, session, batch_id))
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.correct_dates(batch_id, given, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/stock/batches/{batch_id}")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "-", "@"} else cell


def _bucket(request: Request) -> Bucket:
    asked = request.query_params.get("bucket", "good")
    return next((one for one in COLUMNS if one == asked), "good")


def _moving(address: str, session: Session, words: PageWords) -> Action | None:
    move = Action(words.text("stock.move"), "pencil", address=address)
    return move if session.may("stock.move") else None


def _levels(address: str, session: Session, words: PageWords) -> tuple[Action, ...]:
    if not session.may("stock.levels"):
        return ()
    return (Action(words.text("stock.levels"), "adjustments", address=address),)


def _batch_actions(found: BatchLine, session: Session, words: PageWords) -> Actions:
    address = f"/stock/batches/{found.id}"
    begun = f"/stock/move?warehouse={found.warehouse}&code={found.sku}&batch={found.code}"
    others = []
    if session.may("stock.move"):
        others.append(Action(words.text("stock.dates"), "pencil", address=f"{address}/dates"))
    if session.may("stock.recall"):
        text = words.text("stock.recall")
        others.append(Action(text, "hand-stop", address=f"{address}/recall", danger=True))
    return Actions(next=_moving(begun, session, words), others=tuple(others))


def _recalling(site: Site, session: Session, batch_id: int) -> LinesForm:
    found = _found(site, session, batch_id)
    fields = (field_of("note", required=True),)
    frame = FormFrame(
        "stock_recall", "stock.recall", "stock.recall_send", fields, "stock_recall.html"
    )
    address = f"/stock/batches/{batch_id}"
    with site.ground.database.read() as connection:
        under_way = list_under_way(connection, batch_id, scope=session.scope)
    return LinesForm(
        frame,
        f"{address}/recall",
        address,
        (),
        lambda _: [],
        ref=str(batch_id),
        asks_lines=False,
        listed=(found, _holders(site, session, batch_id), under_way),
    )


def _dating(
    request: Request, site: Site, session: Session, *, found: BatchLine
) -> FormPlace[dict[str, str]]:
    fields = (
        field_of("manufactured", kind="date"),
        field_of("expiry", required=True, hint="stock.expiry_hint"),
        field_of("note", required=True),
    )
    frame = FormFrame("batch_dates", "stock.dates", "stock.dates", fields)
    address = f"/stock/batches/{found.id}"
    return FormPlace(
        request,
        site,
        session,
        frame,
        f"{address}/dates",
        address,
        lambda values: Checked(dict(values)),
        ref=str(found.id),
    )


def _holders(site: Site, session: Session, batch_id: int) -> list[HolderRow]:
    with site.ground.database.read() as connection:
        return list(
            list_holders(connection, batch_id=batch_id, everywhere=True, scope=session.scope)
        )


def _found(site: Site, session: Session, batch_id: int) -> BatchLine:
    """Read a batch that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_batch(connection, batch_id, today=site.today(), scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found
