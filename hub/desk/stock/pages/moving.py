"""The addresses that receive goods, move and adjust stock, send it off, and begin a count."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.model.moves import Posted
from hub.desk.stock.pages.forms import (
    LinesForm,
    Visit,
    bucket_options,
    field_of,
    head_faults,
    how_options,
    move_faults,
    open_lines,
    reason_options,
    take_lines,
    transfer_faults,
    warehouse_options,
)
from hub.web.frames.forms import FormFrame, read_form
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Receiver = Annotated[Session, Depends(signed_in_for("stock.receive"))]
Mover = Annotated[Session, Depends(signed_in_for("stock.move"))]
Counter = Annotated[Session, Depends(signed_in_for("stock.count"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_BACK: Final = "/stock"
_TEMPLATE: Final = "stock_lines.html"
_DATED: Final = ("batch", "manufactured", "expiry", "quantity")


@router.get("/stock/receive")
def receive(request: Request, site: SiteOf, session: Receiver) -> Response:
    """Show the page where each scan adds a line of goods that came."""
    return open_lines(_receiving(site, session), Visit(request, site, session))


@router.post("/stock/receive")
def take_goods(
    request: Request, site: SiteOf, session: Receiver, *, given: Given, acts: Acts
) -> Response:
    """Take one more scan, or receive the goods."""

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        return acts.receive(head, rows, key=key, by=session.user, scope=session.scope)

    form = _receiving(site, session)
    return take_lines(form, Visit(request, site, session), given=given, act=act)


@router.get("/stock/move")
def move(request: Request, site: SiteOf, session: Mover) -> Response:
    """Show the form that adjusts stock or moves it between buckets; the address may begin it."""
    asked = request.query_params
    names = ("warehouse", "how", "bucket", "code", "batch")
    begun = {name: asked[name][:64] for name in names if name in asked}
    return open_lines(_moving(request, site, session), Visit(request, site, session), begun)


@router.post("/stock/move")
def take_move(
    request: Request, site: SiteOf, session: Mover, *, given: Given, acts: Acts
) -> Response:
    """Take one more scan, or move the stock."""

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        return acts.move(head, rows, key=key, by=session.user, scope=session.scope)

    form = _moving(request, site, session)
    return take_lines(form, Visit(request, site, session), given=given, act=act)


@router.get("/stock/transfer")
def transfer(request: Request, site: SiteOf, session: Mover) -> Response:
    """Show the form that sends stock to another warehouse."""
    # It begins from the usual warehouse, so to another one.
    others = [one.value for one in warehouse_options(site, session)][1:]
    begun = {"to_warehouse": others[0]} if others else {}
    return open_lines(_sending(site, session), Visit(request, site, session), begun)


@router.post("/stock/transfer")
def take_transfer(
    request: Request, site: SiteOf, session: Mover, *, given: Given, acts: Acts
) -> Response:
    """Take one more scan, or send the stock off."""

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        dispatch = acts.transfer.dispatch
        return dispatch(head, rows, key=key, by=session.user, scope=session.scope)

    form = _sending(site, session)
    return take_lines(form, Visit(request, site, session), given=given, act=act)


@router.get("/stock/count")
def count(request: Request, site: SiteOf, session: Counter) -> Response:
    """Show the form that begins a count."""
    return open_lines(_counting(site, session), Visit(request, site, session))


@router.post("/stock/count")
def begin_count(
    request: Request, site: SiteOf, session: Counter, *, given: Given, acts: Acts
) -> Response:
    """Freeze the list of a count."""

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        del rows
        freeze = partial(acts.count.freeze, by=session.user, scope=session.scope)
        return freeze(head, category=head.get("category", ""), key=key)

    form = _counting(site, session)
    return take_lines(form, Visit(request, site, session), given=given, act=act)


def _receiving(site: Site, session: Session) -> LinesForm:
    options = warehouse_options(site, session)
    fields = (
        field_of("warehouse", kind="choice", required=True, options=options),
        field_of("reference"),
        field_of("note"),
    )
    frame = FormFrame("stock_receive", "stock.receive", "stock.receive_send", fields, _TEMPLATE)
    return LinesForm(
        frame, "/stock/receive", _BACK, (*_DATED, "expected"), head_faults, comes_in=True
    )


def _moving(request: Request, site: Site, session: Session) -> LinesForm:
    words = words_of(request)
    fields = (
        field_of(
            "warehouse", kind="choice", required=True, options=warehouse_options(site, session)
        ),
        field_of("how", kind="choice", required=True, options=how_options(words)),
        field_of("bucket", kind="choice", options=bucket_options(words), hint="stock.bucket_hint"),
        field_of("supplier", hint="stock.supplier_hint"),
        field_of("reason", kind="choice", required=True, options=reason_options(words)),
        field_of("note"),
    )
    frame = FormFrame("stock_move", "stock.move", "stock.move_send", fields, _TEMPLATE)
    return LinesForm(frame, "/stock/move", _BACK, _DATED, move_faults, takes_from=True)


def _sending(site: Site, session: Session) -> LinesForm:
    options = warehouse_options(site, session)
    fields = (
        field_of("warehouse", kind="choice", required=True, options=options),
        field_of("to_warehouse", kind="choice", required=True, options=options),
        field_of("due", kind="date", required=True),
        field_of("reference"),
        field_of("note"),
    )
    frame = FormFrame("stock_transfer", "stock.transfer", "stock.transfer_send", fields, _TEMPLATE)
    cells = ("batch", "quantity")
    return LinesForm(frame, "/stock/transfer", _BACK, cells, transfer_faults, takes_from=True)


def _counting(site: Site, session: Session) -> LinesForm:
    options = warehouse_options(site, session)
    fields = (
        field_of("warehouse", kind="choice", required=True, options=options),
        field_of("category", hint="stock.category_hint"),
        field_of("note"),
    )
    frame = FormFrame("stock_count", "stock.count", "stock.count_send", fields, _TEMPLATE)
    return LinesForm(frame, "/stock/count", _BACK, (), head_faults, asks_lines=False)
