"""Forms of stock documents: their fields, and lines that are scanned or typed one after another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Reason, Refused
from hub.base.fields.words import sentences
from hub.base.words import PageWords
from hub.desk.stock.model.heads import read_head, read_move
from hub.desk.stock.model.lines import Texts, is_past, read_lines, rows_of, texts_of
from hub.desk.stock.model.moves import REASONS, WAYS, WRITTEN_OFF, Posted
from hub.desk.stock.pages.scanning import (
    SeveralFitError,
    name_codes,
    suggest,
    take_picked,
    take_scan,
)
from hub.desk.stock.reads.overview import list_warehouses
from hub.desk.stock.reads.products import OfferedBatch, offer_batches
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
    finish_form,
    keep_form,
    open_form,
    peek_form,
    refuse_act,
    take_form,
)
from hub.web.pages import is_part, words_of
from hub.web.site import Site

ADD: Final = "add"
"""The step of the button that takes a scan into the lines: the one that Enter presses."""
FORGET: Final = "forget"
"""The step of the button that puts away what was said of scans that were not taken."""
_SAID: Final = "scan_said"
_SCAN: Final = "scan"
_PICK: Final = "pick"
"""The field of the button that takes a product which was found by a part of its name."""
_SCANNING: Final = "scanning"
"""What stands beside the fields of a form that is opened; no form sends it."""
_BLANK: Final = {"code": "", "batch": "", "quantity": ""}
_KEY: Final = "0" * 8
Act = Callable[[Mapping[str, str], Sequence[Texts], str], Posted | Refused]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for a page, and of which hub."""

    request: Request
    site: Site
    session: Session


@dataclass(frozen=True, slots=True)
class LinesForm:
    """A form of a document with lines: `cells` are the columns of a line that it asks for.

    What `comes_in` with it is held against its expiry; one that `takes_from` its warehouse offers
    the batches that are there.
    """

    frame: FormFrame
    address: str
    back: str
    cells: tuple[str, ...]
    check_head: Callable[[Texts], list[Reason]]
    ref: str = ""
    asks_lines: bool = True
    comes_in: bool = False
    takes_from: bool = False
    listed: Sequence[object] = ()


def head_faults(values: Texts) -> list[Reason]:
    """Tell what is wrong with the head of a document; its key is the form's own."""
    return read_head(values, _KEY)[1]


def move_faults(values: Texts) -> list[Reason]:
    """Tell what is wrong with the head of what moves stock between buckets."""
    return [*head_faults(values), *read_move(values)[1]]


def transfer_faults(values: Texts) -> list[Reason]:
    """Tell what is wrong with the head of a transfer: it has to say when it is expected."""
    missing = [name for name in ("to_warehouse", "due") if not values.get(name, "").strip()]
    return [*head_faults(values), *(Reason("cell_empty", {}, name) for name in missing)]


def place_of(form: LinesForm, visit: Visit) -> FormPlace[dict[str, str]]:
    """Give where a form is, with its check."""
    words = words_of(visit.request)

    def check(values: Texts) -> Checked[dict[str, str]]:
        # What is typed stands on the page: a part of it comes for the rows as they stand there.
        rows = rows_of(values, in_place=is_part(visit.request))
        faults = form.check_head(values)
        if rows or form.asks_lines:
            faults = [*faults, *read_lines(rows)[1]]
        # A form that was just opened, or lines that are still being scanned, are not called wrong.
        faults = [] if _SCANNING in values else faults
        errors = sentences(faults, language=words.language)
        return Checked(
            dict(values),
            errors=errors,
            doubts={} if _SCANNING in values else _expired(form, visit, rows),
            shown=_shown(form, visit, values, rows=rows),
        )

    return FormPlace(
        visit.request,
        visit.site,
        visit.session,
        form.frame,
        form.address,
        form.back,
        check,
        ref=form.ref,
    )


def _expired(form: LinesForm, visit: Visit, rows: Sequence[Texts]) -> dict[str, str]:
    """Ask once about goods that come in though they have expired."""
    if not form.comes_in:
        return {}
    today, words = visit.site.today(), words_of(visit.request)
    batches = [row.get("batch", "") for row in rows if is_past(row.get("expiry", ""), today)]
    if not batches:
        return {}
    return {"expiry": words.text("stock.expired_sure", batches=", ".join(batches))}


def open_lines(form: LinesForm, visit: Visit, values: Texts | None = None) -> Response:
    """Show the form, with the lines that were scanned so far."""
    usual = _usual_warehouse(visit.site, visit.session)
    opened = {"warehouse": usual, **(values or {}), _SCANNING: "yes"}
    return open_form(place_of(form, visit), opened)


def take_lines(form: LinesForm, visit: Visit, *, given: Mapping[str, str], act: Act) -> Response:
    """Take a scan into the lines, or the whole form to its act."""
    place = place_of(form, visit)
    if is_part(visit.request) and given.get(_SCAN, "").strip():
        # Half a code in the field: kept now, it could overtake the scan that Enter sends.
        return peek_form(place, {**given, _SCANNING: "yes"})
    if given.get("form_step") == FORGET:
        return keep_form(place, {**given, _SAID: ""})
    if given.get("form_step") == ADD or given.get(_PICK) or given.get(_SCAN, "").strip():
        return _add(form, visit, given)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = act(given, rows_of(given), sent.key)
    if isinstance(done, Refused):
        told = {_at(one): one for one in done.reasons}
        reasons = [one._replace(field=name) for name, one in told.items()]
        return refuse_act(place, given, reasons)
    return finish_form(place, sent=sent, led_to=f"/stock/documents/{done.document}")


def _at(reason: Reason) -> str:
    """Give where a reason stands: one of a line that names no cell stands at the quantity."""
    return f"{reason.field}.quantity" if reason.field.isdecimal() else reason.field


def _add(form: LinesForm, visit: Visit, given: Mapping[str, str]) -> Response:
    """Take a scan into the lines and keep them, so that no scan is lost, then show them again.

    What fits several products stays in its field, with the products to choose from.
    """
    place, words = place_of(form, visit), words_of(visit.request)
    values = {name: text for name, text in given.items() if not name.startswith("form_")}
    rows, said = rows_of(values), values.get(_SAID, "")
    picked, typed = values.pop(_PICK, ""), values.pop(_SCAN, "").strip()
    take, text = (take_picked, picked) if picked else (take_scan, typed)
    if text:
        with visit.site.ground.database.read() as connection:
            try:
                rows, why = take(connection, rows, text, words=words, scope=visit.session.scope)
            except SeveralFitError:
                values[_SCAN], why = text, ""
        said = "\n".join(filter(None, (said, f"{text}: {why}" if why else "")))
    key = given.get("form_key", "") or str(uuid4())
    place.keep(key, {**values, **texts_of(rows), _SAID: said})
    return RedirectResponse(place.address, 303)


def _shown(
    form: LinesForm, visit: Visit, values: Texts, *, rows: Sequence[Mapping[str, str]]
) -> dict[str, object]:
    codes = {row.get("code", "") for row in rows}
    offered: dict[str, list[OfferedBatch]] = {}
    typed = values.get(_SCAN, "").strip()
    with visit.site.ground.database.read() as connection:
        names, meant = name_codes(connection, codes, scope=visit.session.scope)
        found = suggest(connection, typed, scope=visit.session.scope) if typed else ()
        if form.takes_from:
            place = values.get("warehouse", "")
            for one in offer_batches(connection, codes, place, scope=visit.session.scope):
                offered.setdefault(one.sku, []).append(one)
    return {
        "names": names,
        "meant": meant,
        "found": found,
        "typed": typed,
        "offered": offered,
        "today": visit.site.today().isoformat(),
        "rows": [*rows, _BLANK],
        "row_cells": form.cells,
        "asks_lines": form.asks_lines,
        "listed": form.listed,
        "said": values.get(_SAID, "").splitlines(),
        "said_as": _SAID,
    }


def _usual_warehouse(site: Site, session: Session) -> str:
    with site.ground.database.read() as connection:
        return next(iter(list_warehouses(connection, scope=session.scope)), "")


def warehouse_options(site: Site, session: Session) -> tuple[Option, ...]:
    """Give the warehouses that may be chosen."""
    with site.ground.database.read() as connection:
        found = list_warehouses(connection, scope=session.scope)
    return tuple(Option(code, f"{name} ({code})") for code, name in found.items())


def field_of(name: str, *, kind: str = "text", required: bool = False, **more: object) -> Field:
    """Make a field of a stock document."""
    label = f"stock_field.{name}"
    return Field(name, label, kind=kind, required=required, **more)  # type: ignore[arg-type]


def how_options(words: PageWords) -> tuple[Option, ...]:
    """Give what may be done to stock in its warehouse."""
    return tuple(Option(one, words.named("stock_how", one)) for one in WAYS)


def reason_options(words: PageWords) -> tuple[Option, ...]:
    """Give the reasons, with none chosen."""
    return (Option("", ""), *(Option(one, words.named("stock_reason", one)) for one in REASONS))


def bucket_options(words: PageWords) -> tuple[Option, ...]:
    """Give the buckets that stock may be written off from."""
    return tuple(Option(one, words.named("stock_bucket", one)) for one in WRITTEN_OFF)
