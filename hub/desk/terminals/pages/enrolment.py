"""A terminal's own page, on which a device is led in, replaced, and let in no more."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from broker.contract.enrolment import Claim, write_claim
from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.history import Entry
from hub.base.papers.paper import encode_code
from hub.base.words import PageWords
from hub.desk.stock.reads.overview import list_warehouses
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.model.enrolment import CLAIM_HOURS, FAULTS, LOCAL
from hub.desk.terminals.reads.claims import TerminalDetail, list_waiting, read_terminal
from hub.desk.terminals.reads.software import read_own
from hub.desk.terminals.words import (
    CLAIMS,
    PRESENCES,
    REVOKED,
    ROTATIONS,
    TRIES,
    say_machine,
)
from hub.web.frames.filters import Option
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.frames.records import Action, Actions, Linked, Record, keep_note, show_record, told_of
from hub.web.noun import Router, WorkItem
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("terminals.read"))]
Enroller = Annotated[Session, Depends(signed_in_for("terminals.enrol"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
Number = Annotated[str, Form(max_length=8)]
_FIELD_OF: Final = {
    "terminal_id_invalid": "terminal",
    "terminal_there": "terminal",
    "terminal_customer_unknown": "customer",
    "terminal_warehouse_unknown": "warehouse",
}


class Asking(NamedTuple):
    """Who asks for something about which terminal."""

    request: Request
    site: Site
    session: Session
    terminal: str


def address_of(terminal: str) -> str:
    """Name a terminal's page."""
    return f"/terminals/{quote(terminal, safe='')}"


@router.get("/terminals/new")
def new(request: Request, site: SiteOf, session: Enroller) -> Response:
    """Show the form for a new terminal."""
    return open_form(_place(request, site, session), {})


@router.post("/terminals/new")
def add(request: Request, site: SiteOf, session: Enroller, *, given: Given, acts: Acts) -> Response:
    """Add a terminal, and lead to its page."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    terminal = given.get("terminal", "").strip()
    try:
        acts.claim.add(
            terminal,
            customer=given.get("customer", "").strip(),
            warehouse=given.get("warehouse", ""),
            by=session.actor,
        )
    except EnrolmentError as error:
        said = words_of(request).named("enrol_fault", error.code)
        return refuse_form(place, given, errors={_FIELD_OF.get(error.code, ""): said})
    return finish_form(place, sent=sent, led_to=address_of(terminal))


@router.get("/terminals/{terminal}")
def show(request: Request, site: SiteOf, session: Reader, *, terminal: str) -> Response:
    """Show a terminal: whose it is, whether it is there, and how its device got in."""
    return _page(request, site, session, terminal=terminal)


@router.post("/terminals/{terminal}/claim")
def claim(
    request: Request,
    site: SiteOf,
    session: Enroller,
    *,
    acts: Acts,
    terminal: str,
    approve: Annotated[bool, Form()] = False,
    hours: Annotated[int, Form()] = CLAIM_HOURS,
) -> Response:
    """Make a claim, and show its slip, this once."""
    address = str(request.base_url).rstrip("/")
    try:
        made = acts.claim.make(
            terminal, by=session.actor, hours=hours, asks=approve, address=address
        )
    except EnrolmentError as error:
        return _page(request, site, session, terminal=terminal, error=error)
    return _slip(request, site, session, terminal=terminal, made=made)


@router.get("/terminals/{terminal}/progress")
def progress(request: Request, site: SiteOf, session: Reader, *, terminal: str) -> Response:
    """Show how far a claim has come, for the page of its slip."""
    found = _find(site, session, terminal)
    shown = _shown(site, found)
    return draw(request, "terminal_progress.html", session=session, on_slip=True, **shown)


@router.post("/terminals/{terminal}/withdraw")
def withdraw(
    request: Request, site: SiteOf, session: Enroller, *, acts: Acts, terminal: str
) -> Response:
    """Withdraw the claim that no device has used."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.claim.withdraw(terminal, by=session.actor),
    )


@router.post("/terminals/{terminal}/approve")
def approve(
    request: Request,
    site: SiteOf,
    session: Enroller,
    *,
    acts: Acts,
    terminal: str,
    number: Number,
) -> Response:
    """Let the device in that waits."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.claim.approve(terminal, number=number, by=session.actor),
    )


@router.post("/terminals/{terminal}/refuse")
def refuse(
    request: Request,
    site: SiteOf,
    session: Enroller,
    *,
    acts: Acts,
    terminal: str,
    number: Number,
) -> Response:
    """Turn the device away that waits."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.claim.refuse(terminal, number=number, by=session.actor),
    )


@router.post("/terminals/{terminal}/revoke")
def revoke(
    request: Request, site: SiteOf, session: Enroller, *, acts: Acts, terminal: str
) -> Response:
    """Take a terminal's access away."""
    return do_on_page(
        Asking(request, site, session, terminal),
        act=lambda: acts.enrol.revoke(terminal, by=session.actor),
    )


@router.post("/terminals/{terminal}/notes")
def note(
    site: SiteOf, session: Reader, *, terminal: str, text: Annotated[str, Form(max_length=1_000)]
) -> Response:
    """Keep a note at a terminal."""
    _find(site, session, terminal)
    return keep_note(
        site,
        session,
        record="terminal",
        key=terminal,
        text=text,
        address=address_of(terminal),
        topic="terminals",
    )


def read_waiting(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page of devices that wait for a person."""
    waiting = list_waiting(connection, now_ms, scope=session.scope)
    if not waiting:
        return None
    said = words.counted("terminals.devices_wait", len(waiting))
    return WorkItem(len(waiting), said, address_of(waiting[0].terminal))


def do_on_page(asking: Asking, *, act: Callable[[], object]) -> Response:
    """Do an act and show the terminal; where it was not done, with the reason."""
    request, site, session, terminal = asking
    try:
        act()
    except EnrolmentError as error:
        return _page(request, site, session, terminal=terminal, error=error)
    return RedirectResponse(address_of(terminal), 303)


def _find(site: Site, session: Session, terminal: str) -> TerminalDetail:
    now_ms = site.now_ms()
    found = None
    if terminal.isprintable():
        with site.ground.database.read() as connection:
            found = read_terminal(connection, terminal, now_ms=now_ms, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def _shown(site: Site, found: TerminalDetail) -> dict[str, Any]:
    look = found.look(site.now_ms())
    return {
        "it": found,
        "look": look,
        "claim_look": CLAIMS[look],
        "rotation_look": ROTATIONS[found.rotation.state] if found.rotation else None,
        "presence": REVOKED if found.row.revoked else PRESENCES[found.row.presence],
    }


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    terminal: str,
    error: EnrolmentError | None = None,
) -> Response:
    seen, words = site.feed.number, words_of(request)
    found = _find(site, session, terminal)
    shown = _shown(site, found)
    with site.ground.database.read() as connection:
        own = read_own(connection, terminal, scope=session.scope)
    record = Record(
        noun="terminal",
        key=terminal,
        number=terminal,
        name=found.row.customer,
        name_href=f"/customers/{quote(found.row.customer_code, safe='')}",
        address=address_of(terminal),
        back="/terminals",
        topics=("terminals",),
        every_s=30,
        actions=_actions(found, str(shown["look"]), session, words=words),
        linked=tuple(_linked(found, session, words)),
        timeline=told_of(
            (_worded(one, words) for one in found.history),
            lambda name: words.named("terminal_field", name),
        ),
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="terminal.html",
        fault=words.named("enrol_fault", error.code) if error else "",
        status=FAULTS[error.code] if error else 200,
        seen=seen,
        hours=CLAIM_HOURS,
        may_enrol=session.may("terminals.enrol"),
        own=own,
        own_kind=say_machine(own.machine, own.python, words) if own else (),
        looks=TRIES,
        **shown,
    )


def _linked(found: TerminalDetail, session: Session, words: PageWords) -> list[Linked]:
    if not session.may("orders.read"):
        return []
    text = words.text("customers.orders")
    return [Linked(text, found.row.id, f"/orders?q={quote(found.row.id)}&days=0")]


def _actions(found: TerminalDetail, look: str, session: Session, *, words: PageWords) -> Actions:
    """Say what can be done: approve who waits before all, else make a claim."""
    if not session.may("terminals.enrol"):
        return Actions(waits=words.text("terminals.device_waits") if look == "waiting" else "")
    address = address_of(found.row.id)
    claim = Action(words.text("terminals.make_claim"), "tag", opens="claim")
    others = [claim]
    if look in {"open", "waiting"}:
        text = words.text("terminals.withdraw_claim")
        others.append(Action(text, "x", address=f"{address}/withdraw", fields=(("of", "claim"),)))
    if found.rotation and found.rotation.state == "asked":
        text = words.text("rotation.withdraw")
        others.append(Action(text, "x", address=f"{address}/rotate/withdraw"))
    elif found.has_access:
        others.append(Action(words.text("rotation.ask"), "refresh", opens="rotate"))
    if not found.row.revoked:
        text = words.text("terminals.revoke")
        others.append(Action(text, "ban", opens="revoke", danger=True))
    if look == "waiting" and found.claim:
        number = (("number", found.claim.number),)
        yes = Action(
            words.text("terminals.approve_device"),
            "check",
            address=f"{address}/approve",
            fields=number,
        )
        no = Action(
            words.text("terminals.refuse_device"), "x", address=f"{address}/refuse", fields=number
        )
        return Actions(yes, (no,), tuple(others))
    return Actions(claim, (), tuple(others[1:]))


def _worded(entry: Entry, words: PageWords) -> Entry:
    """Word what was changed of a terminal: states have words, names stand as they are."""
    if entry.field not in {"claim", "access", "diagnosis", "rotation"}:
        return entry
    old, new = (
        words.named(f"{entry.field}_state", str(value)) if value else None
        for value in (entry.old, entry.new)
    )
    why = entry.why
    if entry.field == "access" and why:
        why = words.named("access_by", why)
    return Entry(entry.field, old, new, entry.at_ms, entry.who, why)


def _slip(
    request: Request, site: Site, session: Session, *, terminal: str, made: Claim
) -> Response:
    """Show the slip of a claim: where the hub is reached, the code to scan, and how far it is."""
    found, text = _find(site, session, terminal), write_claim(made)
    host = urlsplit(made.hub).hostname or ""
    with site.ground.database.read() as connection:
        warehouses = list_warehouses(connection, scope=session.scope)
    return draw(
        request,
        "terminal_claim.html",
        session=session,
        text=text,
        typed=write_claim(Claim(made.code)),
        hub=made.hub,
        code=Markup(encode_code(text, fits=True)),  # noqa: S704  # drawn by us
        is_local=host in LOCAL,
        is_reached=site.ground.part(EnrolmentActs).claim.leads_to_broker(made),
        warehouse=warehouses.get(found.warehouse, found.warehouse),
        seen=site.feed.number,
        on_slip=True,
        **_shown(site, found),
    )


def _place(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    with site.ground.database.read() as connection:
        found = list_warehouses(connection, scope=session.scope)
    options = tuple(Option(code, name) for code, name in found.items())
    fields = (
        Field("terminal", "terminals.id", hint="terminals.id_hint", required=True, longest=32),
        Field("customer", "terminals.customer_code", required=True, longest=64),
        Field("warehouse", "terminals.warehouse", kind="choice", options=options, required=True),
    )
    frame = FormFrame("terminal_new", "terminals.add", "terminals.add", fields, icon="plus")
    return FormPlace(
        *(request, site, session, frame, "/terminals/new", "/terminals"),
        lambda values: Checked(dict(values)),
    )
