"""Updates of terminals' software: handed over, offered in stages; who runs what, who failed."""

from collections.abc import Callable, Sequence
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, File, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from broker.contract import MAX_MANIFEST_BYTES
from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON
from hub.base.history import Entry
from hub.base.listing import Slice, Sorting, Wanted
from hub.base.words import PageWords
from hub.desk.terminals.acts.software import LARGEST_UPDATE, SoftwareActs
from hub.desk.terminals.model.software import SOFTWARE_FAULTS, STEPS, USUAL_SHARE, Step, UpdateFault
from hub.desk.terminals.reads.software import (
    RunRow,
    UpdateRow,
    list_runs,
    list_stopped,
    list_tries,
    list_updates,
    read_changes,
    read_update,
)
from hub.desk.terminals.words import PRESENCES, TRIES, UPDATES, say_fault, say_machine
from hub.web.frames.cells import Count, Moment, State, Text
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Record,
    keep_note,
    show_record,
    told_of,
)
from hub.web.noun import Router, WorkItem
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("software.read"))]
Offerer = Annotated[Session, Depends(signed_in_for("software.offer"))]
Acts = Annotated[SoftwareActs, Depends(acts_of(SoftwareActs))]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
_LIST: Final = "/software"
_SHOWN: Final = 300


def _of_machine(row: UpdateRow, words: PageWords) -> Text:
    return Text(*say_machine(row.update.machine, row.update.python, words))


UPDATE_LIST: Final[ListFrame[UpdateRow]] = ListFrame(
    name="software",
    address=_LIST,
    title="software.title",
    icon="refresh",
    columns=(
        Column(
            "number",
            "software.number",
            lambda row, _: Text(
                str(row.update.number), row.update.version, f"{_LIST}/{row.update.name}"
            ),
            phone="lead",
        ),
        Column("machine", "software.machine", _of_machine),
        Column("stage", "software.stage", lambda row, _: State(UPDATES[row.update.stage])),
        Column("taken", "software.taken", lambda row, _: Count(row.taken), figures=True),
        Column("open", "software.open", lambda row, _: Count(row.open), figures=True),
        Column("bad", "software.bad", lambda row, _: Count(row.bad), figures=True),
        Column("unasked", "software.unasked", lambda row, _: Count(row.unasked), figures=True),
        Column("by", "software.added_by", lambda row, _: Text(row.update.added_by), phone="desk"),
        Column(
            "added",
            "software.added",
            lambda row, _: Moment(row.update.added_at, ago=True),
            phone="desk",
        ),
    ),
    key=lambda row: row.update.name,
    sort=Sorting("added", descending=True),
    topics=("software", "terminals"),
    every_s=30,
    empty="software.none",
    text="software.text",
    command="terminal bundle",
    add=f"{_LIST}/new",
    add_label="software.add",
    may_add="software.offer",
    below="software_below.html",
)


@router.get("/software")
def software(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the updates and what terminals run, what is live of it, or a file of the updates."""
    scope = session.scope
    with site.ground.database.read() as connection:
        runs = list_runs(connection, scope=scope)

    def read(connection: Connection, _wanted: Wanted) -> Listed[UpdateRow]:
        return Listed(Slice(tuple(list_updates(connection, scope=scope))))

    words = words_of(request)
    rows = [(one, _share(one, runs), say_machine(one.machine, one.python, words)) for one in runs]
    shown = {"runs": rows}
    return show_list(request, site, session, frame=UPDATE_LIST, read=read, shown=shown)


def _share(one: RunRow, runs: Sequence[RunRow]) -> int:
    """Give the percent of all terminals that run a software."""
    return one.terminals * 100 // (sum(each.terminals for each in runs) or 1)


@router.get("/software/new")
def new(request: Request, session: Offerer) -> Response:
    """Show the form for an update's two files."""
    return _form(request, session)


@router.post("/software/new", max_body_size=LARGEST_UPDATE)
def add(
    request: Request,
    session: Offerer,
    *,
    acts: Acts,
    manifest: Annotated[UploadFile, File()],
    bundle: Annotated[UploadFile, File()],
) -> Response:
    """Keep an update; nobody is offered it yet."""
    content = manifest.file.read(MAX_MANIFEST_BYTES + 1)
    try:
        name = acts.add(content, bundle.file, by=session.actor)
    except UpdateFault as error:
        fault = say_fault(error, words_of(request))
        return _form(request, session, fault=fault, status=SOFTWARE_FAULTS[error.code])
    return RedirectResponse(f"{_LIST}/{name}", 303)


@router.get("/software/{name}")
def show(request: Request, site: SiteOf, session: Reader, *, name: str) -> Response:
    """Show an update: how far it is, whom it was offered to, who failed and why."""
    return _page(Asking(request, site, session, name))


@router.post("/software/{name}/offer")
def offer(
    request: Request,
    site: SiteOf,
    session: Offerer,
    *,
    acts: Acts,
    name: str,
    share: Annotated[int, Form()],
    most_failed: Annotated[int, Form()],
    why: Why = "",
) -> Response:
    """Offer it to the first terminals."""
    return _do(
        Asking(request, site, session, name),
        lambda: acts.stage.offer(
            name, share=share, most_failed=most_failed, why=why, by=session.actor
        ),
    )


@router.post("/software/{name}/widen")
def widen(
    request: Request,
    site: SiteOf,
    session: Offerer,
    *,
    acts: Acts,
    name: str,
    most_failed: Annotated[int, Form()],
    why: Why = "",
) -> Response:
    """Offer it to all."""
    return _do(
        Asking(request, site, session, name),
        lambda: acts.stage.widen(name, most_failed=most_failed, why=why, by=session.actor),
    )


@router.post("/software/{name}/pause")
def pause(
    request: Request, site: SiteOf, session: Offerer, *, acts: Acts, name: str, why: Why = ""
) -> Response:
    """Have nobody begin with it for now."""
    return _do(
        Asking(request, site, session, name),
        lambda: acts.stage.pause(name, why=why, by=session.actor),
    )


@router.post("/software/{name}/resume")
def resume(
    request: Request,
    site: SiteOf,
    session: Offerer,
    *,
    acts: Acts,
    name: str,
    most_failed: Annotated[int, Form()],
    why: Why = "",
) -> Response:
    """Go on with it."""
    return _do(
        Asking(request, site, session, name),
        lambda: acts.stage.resume(name, most_failed=most_failed, why=why, by=session.actor),
    )


@router.post("/software/{name}/end")
def end(
    request: Request, site: SiteOf, session: Offerer, *, acts: Acts, name: str, why: Why = ""
) -> Response:
    """Take it back."""
    return _do(
        Asking(request, site, session, name),
        lambda: acts.stage.end(name, why=why, by=session.actor),
    )


@router.post("/software/{name}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    name: str,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at an update."""
    _find(site, session, name)
    return keep_note(
        *(site, session),
        record="update",
        key=name,
        text=text,
        address=f"{_LIST}/{name}",
        topic="software",
    )


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page of updates that stopped by themselves."""
    del now_ms
    stopped = list_stopped(connection, scope=session.scope)
    if not stopped:
        return None
    said = words.counted("software.stopped_work", len(stopped))
    return WorkItem(len(stopped), said, f"{_LIST}/{stopped[0]}")


class Asking(NamedTuple):
    """Who asks for something about which update."""

    request: Request
    site: Site
    session: Session
    name: str


def _form(request: Request, session: Session, *, fault: str = "", status: int = 200) -> Response:
    return draw(request, "software_new.html", session=session, status=status, fault=fault)


def _find(site: Site, session: Session, name: str) -> UpdateRow:
    with site.ground.database.read() as connection:
        found = read_update(connection, name, scope=session.scope) if name.isprintable() else None
    if found is None:
        raise HTTPException(404)
    return found


def _do(asking: Asking, act: Callable[[], None]) -> Response:
    """Do an act and show the update; where it was not done, with the reason."""
    try:
        act()
    except UpdateFault as error:
        return _page(asking, error=error)
    return RedirectResponse(f"{_LIST}/{asking.name}", 303)


def _page(asking: Asking, *, error: UpdateFault | None = None) -> Response:
    request, site, session, name = asking
    seen, words = site.feed.number, words_of(request)
    found = _find(site, session, name)
    now_ms, scope = site.now_ms(), session.scope
    with site.ground.database.read() as connection:
        tries = list_tries(connection, found.update, now_ms=now_ms, most=_SHOWN, scope=scope)
        changes = read_changes(connection, name, scope=scope)
    update = found.update
    kind = ", ".join(say_machine(update.machine, update.python, words))
    record = Record(
        noun="update",
        key=name,
        number=str(update.number),
        name=f"{update.version}, {kind}",
        address=f"{_LIST}/{name}",
        back=_LIST,
        topics=("software", "terminals"),
        every_s=30,
        state=UPDATES[update.stage],
        actions=_actions(found, session, words),
        timeline=told_of(
            (_worded(one, words) for one in changes),
            lambda field: words.named("update_field", field),
        ),
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="software_update.html",
        fault=say_fault(error, words) if error else "",
        status=SOFTWARE_FAULTS[error.code] if error else 200,
        seen=seen,
        it=found,
        tries=tries,
        looks=TRIES,
        presences=PRESENCES,
        most=_SHOWN,
        has_file=site.ground.part(SoftwareActs).files.has(update.bundle),
        usual_share=USUAL_SHARE,
        next_limit=max(update.most_failed, found.bad + 1),
    )


_DIALOGS: Final[tuple[tuple[Step, str, str], ...]] = (
    ("offer", "software.offer", "check"),
    ("widen", "software.widen", "check"),
    ("resume", "software.resume", "refresh"),
    ("pause", "software.pause", "player-pause"),
    ("end", "software.end", "ban"),
)


def _actions(found: UpdateRow, session: Session, words: PageWords) -> Actions:
    """Say what can be done: to go on is the next step, to pause and take back are beside it."""
    if not session.may("software.offer"):
        return Actions()
    ways = [
        Action(words.text(text), icon, opens=step, danger=step == "end")
        for step, text, icon in _DIALOGS
        if found.update.stage in STEPS[step]
    ]
    ahead = [one for one in ways if one.opens not in {"pause", "end"}]
    beside = [one for one in ways if one not in ahead]
    return Actions(ahead[0] if ahead else None, tuple(beside))


def _worded(entry: Entry, words: PageWords) -> Entry:
    """Word a stage of a change; figures stand as they are."""
    if entry.field != "stage":
        return entry
    old, new = (
        words.named("update_stage", value) if value else None for value in (entry.old, entry.new)
    )
    return Entry(entry.field, old, new, entry.at_ms, entry.who, entry.why)
