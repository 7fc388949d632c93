"""The addresses of one stock document: looked at, let pass, taken where it arrived, counted."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentence
from hub.base.words import PageWords
from hub.desk.people.reads.alone import is_alone
from hub.desk.people.store.hands import read_hands
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.model.moves import SECOND_HANDS, Posted
from hub.desk.stock.pages.forms import LinesForm, Visit, open_lines, take_lines
from hub.desk.stock.reads.documents import DocumentLine, DocumentRow, list_lines, read_document
from hub.desk.stock.words import DOCUMENTS
from hub.web.frames.forms import FormFrame, read_form
from hub.web.frames.records import Action, Actions, Record, show_record
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import PaperLanguage, PaperSize, paper_actions, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("stock.read"))]
Receiver = Annotated[Session, Depends(signed_in_for("stock.receive"))]
Counter = Annotated[Session, Depends(signed_in_for("stock.count"))]
Approver = Annotated[Session, Depends(signed_in_for("stock.approve"))]
Acts = Annotated[StockActs, Depends(acts_of(StockActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
Reason = Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")]
_LINE: Final = "line_"
_SEEN: Final = "seen_"
"""Before a line's number: what was counted of it when the form was opened."""
_REST: Final = "rest_as_sent"
_DATED: Final = ("batch", "manufactured", "expiry", "quantity")


@router.get("/stock/documents/{document}")
def show(request: Request, site: SiteOf, session: Reader, *, document: int) -> Response:
    """Show a document with its lines, and what is to be done about it."""
    return _page(request, site, session, document=document)


@router.get("/stock/documents/{document}/paper.pdf")
def note(
    session: Reader, *, acts: Acts, language: PaperLanguage, document: int, size: PaperSize = "a4"
) -> Response:
    """Give goods that went back to a supplier as the note that goes with them."""
    return send_paper(acts.note(document, size=size, **language, scope=session.scope))


@router.post("/stock/documents/{document}/grant")
def grant(
    request: Request,
    site: SiteOf,
    session: Approver,
    *,
    acts: Acts,
    document: int,
    why: Why = "",
) -> Response:
    """Let pass what waits for a second person."""
    done = acts.decide(document, grant=True, by=session.user, scope=session.scope, why=why)
    return _done(request, site, session, document=document, done=done)


@router.post("/stock/documents/{document}/refuse")
def refuse(
    request: Request,
    site: SiteOf,
    session: Approver,
    *,
    acts: Acts,
    document: int,
    why: Reason,
) -> Response:
    """Refuse what waits for a second person, with a reason: nothing moves."""
    done = acts.decide(document, grant=False, by=session.user, scope=session.scope, why=why)
    return _done(request, site, session, document=document, done=done)


@router.post("/stock/documents/{document}/hand-over")
def hand_over(
    request: Request, site: SiteOf, session: Counter, *, acts: Acts, document: int
) -> Response:
    """Hand a count to a second person."""
    done = acts.count.hand_over(document, by=session.user, scope=session.scope)
    return _done(request, site, session, document=document, done=done)


@router.get("/stock/documents/{document}/arrive")
def arrive(request: Request, site: SiteOf, session: Receiver, *, document: int) -> Response:
    """Show what was sent, to be held against what arrived."""
    form = _arriving(site, session, document)
    return open_lines(form, Visit(request, site, session))


@router.post("/stock/documents/{document}/arrive")
def take_arrival(
    request: Request, site: SiteOf, session: Receiver, *, given: Given, acts: Acts, document: int
) -> Response:
    """Take what arrived of a transfer."""

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        del key
        done = acts.transfer.arrive(
            document,
            _of_lines(head, _LINE),
            rows,
            rest_as_sent=bool(head.get(_REST)),
            by=session.user,
            scope=session.scope,
        )
        return _beside_lines(done)

    form = _arriving(site, session, document)
    return take_lines(form, Visit(request, site, session), given=given, act=act)


@router.get("/stock/documents/{document}/count")
def count(request: Request, site: SiteOf, session: Counter, *, document: int) -> Response:
    """Show the list of a count, without what the book has."""
    form = _entering(site, session, document)
    return open_lines(form, Visit(request, site, session))


@router.post("/stock/documents/{document}/count")
def enter(
    request: Request, site: SiteOf, session: Counter, *, given: Given, acts: Acts, document: int
) -> Response:
    """Enter what was counted so far."""
    typed = dict(given)

    def act(head: Texts, rows: Sequence[Texts], key: str) -> Posted | Refused:
        del key
        done = acts.count.enter(
            document,
            _of_lines(head, _LINE),
            rows,
            seen=_of_lines(head, _SEEN),
            by=session.user,
            scope=session.scope,
        )
        for one in done.reasons if isinstance(done, Refused) else ():
            if one.code == "count_changed":  # told now: sent again, the figure is meant
                typed[f"{_SEEN}{one.field}"] = str(one.params["counted"])
        return _beside_lines(done)

    form = _entering(site, session, document)
    return take_lines(form, Visit(request, site, session), given=typed, act=act)


def _of_lines(head: Texts, before: str) -> dict[str, str]:
    """Give the fields of a document's own lines by their numbers."""
    found = {name.removeprefix(before): text for name, text in head.items()}
    return {name: text for name, text in found.items() if f"{before}{name}" in head}


def _beside_lines(done: Posted | Refused) -> Posted | Refused:
    """Have what is wrong with a line told at its own field, not at a scanned row's."""
    if isinstance(done, Posted):
        return done
    told = [
        one._replace(field=f"{_LINE}{one.field}") if one.field.isdecimal() else one
        for one in done.reasons
    ]
    return Refused(tuple(told))


def _done(
    request: Request, site: Site, session: Session, *, document: int, done: Posted | Refused
) -> Response:
    if isinstance(done, Refused):
        return _page(request, site, session, document=document, done=done)
    return RedirectResponse(f"/stock/documents/{document}", 303)


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    document: int,
    done: Refused | None = None,
) -> Response:
    seen, words = site.feed.number, words_of(request)
    found, lines = _found(site, session, document)
    with site.ground.database.read() as connection:
        own = _is_own(connection, found, lines, reader=session.user)
        may = SECOND_HANDS
        alone = own and is_alone(connection, session.user, may=may, scope=session.scope)
    # Whoever counts must not know what the book has.
    blind = found.kind == "count" and found.state == "counting"
    reasons = done.reasons if done else ()
    fault = "; ".join(sentence(one, language=words.language) for one in reasons)
    number = words.text("stock.document_number", number=document)
    way = " → ".join(filter(None, (found.warehouse, found.to_warehouse)))
    record = Record(
        noun="stock_document",
        key=str(document),
        number=f"{words.named('stock_kind', found.kind)} {number}",
        name=way,
        address=f"/stock/documents/{document}",
        back="/stock/documents",
        topics=("stock",),
        state=DOCUMENTS[found.state],
        actions=Actions() if alone else _actions(found, lines, session, words=words, own=own),
        notes=False,
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="stock_document.html",
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        document=found,
        alone=alone,
        lines=lines if blind else sorted(lines, key=lambda one: not one.variance),
        differing=0 if blind else sum(bool(one.variance) for one in lines),
        late=bool(found.state == "dispatched" and found.due and found.due < site.today()),
        blind=blind,
        again=[one for one in lines if one.first_by is not None],
    )


def _actions(
    found: DocumentRow,
    lines: Sequence[DocumentLine],
    session: Session,
    *,
    words: PageWords,
    own: bool,
) -> Actions:
    address = f"/stock/documents/{found.id}"
    if found.state == "dispatched" and session.may("stock.receive"):
        text = words.text("stock.arrive")
        return Actions(next=Action(text, "truck", address=f"{address}/arrive"))
    if found.state == "counting" and session.may("stock.count"):
        entry = Action(words.text("stock.enter"), "pencil", address=f"{address}/count")
        over = Action(
            words.text("stock.hand_over"),
            "check",
            address=f"{address}/hand-over",
            fields=(("form_step", "send"),),
        )
        left = sum(one.counted is None for one in lines)
        if left:
            return Actions(next=entry, waits=words.counted("stock.count_left", left))
        return Actions(next=over, beside=(entry,))
    if found.state in {"waiting", "counted"}:
        return _deciding(found, session, words=words, own=own)
    if found.number is not None:
        text = words.text("stock.note_paper")
        paper = Action(text, "printer", address=f"{address}/paper.pdf", key="p")
        return Actions(beside=(paper,), others=tuple(paper_actions(address, words)))
    return Actions()


def _deciding(found: DocumentRow, session: Session, *, words: PageWords, own: bool) -> Actions:
    address = f"/stock/documents/{found.id}"
    if own or not session.may("stock.approve"):
        return Actions(waits=words.text("stock.second_decides"))
    sent = (("form_step", "send"),)
    grant = Action(words.text("stock.grant"), "check", address=f"{address}/grant", fields=sent)
    refuse = Action(words.text("stock.refuse"), "x", opens="refuse-document")
    return Actions(next=grant, beside=(refuse,))


def _is_own(
    connection: Connection, found: DocumentRow, lines: Sequence[DocumentLine], *, reader: str
) -> bool:
    """Say whether a document waits that somebody made, counted or took with own hands."""
    if found.state not in {"waiting", "counted"}:
        return False
    by_line = {name for one in lines for name in (one.counted_by, one.first_by, one.arrived_by)}
    return read_hands(connection).among(reader, filter(None, {found.made_by, *by_line}))


def _arriving(site: Site, session: Session, document: int) -> LinesForm:
    found, lines = _found(site, session, document)
    if found.kind != "transfer":
        raise HTTPException(404)
    under_way = [one for one in lines if one.on_its_way]
    return _listing(found, under_way, name="arrive", send="stock.arrive")


def _entering(site: Site, session: Session, document: int) -> LinesForm:
    found, lines = _found(site, session, document)
    if found.kind != "count":
        raise HTTPException(404)
    # Of what is counted again, the others are done, and nobody sees what was found before.
    again = [one for one in lines if one.first_by is not None]
    return _listing(found, again or lines, name="count", send="stock.enter_send")


def _listing(
    found: DocumentRow, lines: Sequence[DocumentLine], *, name: str, send: str
) -> LinesForm:
    """Make the form of a document's own lines, and of batches that are not among them."""
    title = "stock.arrive" if name == "arrive" else "stock.enter"
    frame = FormFrame(f"stock_{name}", title, send, (), "stock_listed.html")
    address = f"/stock/documents/{found.id}"
    return LinesForm(
        frame,
        f"{address}/{name}",
        address,
        _DATED,
        lambda _: [],
        ref=str(found.id),
        asks_lines=False,
        comes_in=name == "arrive",
        listed=lines,
    )


def _found(
    site: Site, session: Session, document: int
) -> tuple[DocumentRow, Sequence[DocumentLine]]:
    """Read a document that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_document(connection, document, scope=session.scope)
        lines = list_lines(connection, document, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found, lines
