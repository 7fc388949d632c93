"""The terminals: who is there, what waits in them, who is behind."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Sorting, Wanted
from hub.base.words import Look, PageWords
from hub.desk.terminals.reads.alarms import count_alarms, list_alarms
from hub.desk.terminals.reads.awaited import list_awaited
from hub.desk.terminals.reads.terminals import (
    TerminalRow,
    count_by_presence,
    list_remarks,
    list_terminals,
    read_up_to_date,
)
from hub.desk.terminals.words import (
    FRESHNESS,
    PRESENCES,
    PRINTERS,
    REVOKED,
    look_of_pack_held,
)
from hub.web import formats
from hub.web.frames.cells import Cell, Count, Moment, State, Text
from hub.web.frames.filters import Choice
from hub.web.frames.lists import Column, Listed, ListFrame, look_options, show_list
from hub.web.noun import Found, Router, WorkItem
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("terminals.read"))]
_AHEAD: Final = Look("terminals.ahead", "ow-bad", "alert-triangle")
_AWAITED: Final = Look("terminals.awaited", "ow-wait", "clock")


def _presence(row: TerminalRow, _words: PageWords) -> Cell:
    if row.revoked:
        return State(REVOKED)
    if row.presence == "copied" or not (row.ahead or row.awaited):
        return State(PRESENCES[row.presence])
    return State(_AHEAD if row.ahead else _AWAITED)


def _waiting(row: TerminalRow, words: PageWords) -> Cell:
    if row.presence == "never":
        return Count(None)
    oldest = words.text("terminals.oldest", span=formats.span(row.oldest_ms, words))
    return Count(row.queued, sub=oldest if row.queued else "")


def _printer(row: TerminalRow, words: PageWords) -> Cell:
    if row.presence == "never":
        return Text("")
    note = words.counted("terminals.slips", row.slips_waiting) if row.slips_waiting else ""
    if row.presence == "online":
        return State(PRINTERS[row.printer], note)
    state = words.text(PRINTERS[row.printer].words).lower()
    return Text(words.text("terminals.printer_last", state=state), sub=note)


def _pack(row: TerminalRow, words: PageWords) -> Cell:
    if row.pack_reason and row.pack != "not_here":
        return State(look_of_pack_held(row.pack_reason), words.named("pack_held", row.pack_reason))
    return State(FRESHNESS[row.pack])


def _last_order(row: TerminalRow, words: PageWords) -> Cell:
    if row.last_order is None:
        return Text(words.text("terminals.no_order"))
    return Text(row.last_order.number, href=f"/orders/{row.last_order.uuid}")


TERMINALS: Final[ListFrame[TerminalRow]] = ListFrame(
    name="terminals",
    address="/terminals",
    title="terminals.title",
    icon="devices",
    columns=(
        Column(
            "terminal",
            "word.terminal",
            lambda row, _: Text(row.id, href=f"/terminals/{row.id}"),
            sort="terminal",
            phone="lead",
        ),
        Column(
            "customer",
            "word.customer",
            lambda row, _: Text(row.customer),
            sort="customer",
            phone="lead",
        ),
        Column(
            "counter",
            "counter_set.column",
            lambda row, words: Text(
                words.text("counter_set.open"), href=f"/terminals/{row.id}/counter"
            ),
            phone="desk",
            usual=False,
        ),
        Column("presence", "terminals.presence", _presence, sort="presence", groups=True),
        Column(
            "seen",
            "terminals.seen",
            lambda row, _: Moment(row.seen_at, ago=True),
            sort="seen",
            phone="desk",
        ),
        Column("waiting", "terminals.waiting", _waiting, sort="waiting", figures=True),
        Column("printer", "terminals.printer", _printer),
        Column("pack", "word.rule_pack", _pack),
        Column("catalogue", "terminals.catalogue", lambda row, _: State(FRESHNESS[row.catalogue])),
        Column("last_order", "terminals.last_order", _last_order, phone="desk", usual=False),
        Column(
            "software",
            "terminals.software",
            lambda row, _: Text(row.software),
            phone="desk",
            usual=False,
        ),
    ),
    key=lambda row: row.id,
    sort=Sorting("terminal"),
    topics=("terminals", "orders"),
    every_s=30,
    empty="terminals.none",
    command="hub terminal claim",
    add="/terminals/new",
    add_label="terminals.add",
    may_add="terminals.enrol",
    search="terminals.search_hint",
    tabs="presence",
    filters=(Choice("presence", "terminals.presence", look_options(PRESENCES)),),
    above="terminals_above.html",
    below="terminals_below.html",
)


@router.get("/terminals")
def terminals(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the terminals, what is live of the page, or a file of them."""
    now_ms, scope = site.now_ms(), session.scope
    with site.ground.database.read() as connection:
        best = read_up_to_date(connection, now_ms)
        shown = {
            "best": best,
            "remarks": list_remarks(connection, scope=scope),
            "awaited": list_awaited(connection, scope=scope),
            "alarms": list_alarms(connection, scope=scope),
            "alarm_count": count_alarms(connection, scope=scope),
        }

    def read(connection: Connection, wanted: Wanted) -> Listed[TerminalRow]:
        page = list_terminals(connection, wanted, now_ms=now_ms, best=best, scope=scope)
        presences = count_by_presence(connection, now_ms, scope=scope)
        return Listed(page, counts={str(one): count for one, count in presences.items()})

    return show_list(request, site, session, frame=TERMINALS, read=read, shown=shown)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many terminals fell silent."""
    silent = count_by_presence(connection, now_ms, scope=session.scope).get("lost", 0)
    if not silent:
        return None
    said = words.counted("terminals.silent", silent)
    return WorkItem(silent, said, "/terminals?presence=lost")


def read_copies(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page of how many terminals two machines run."""
    copied = count_by_presence(connection, now_ms, scope=session.scope).get("copied", 0)
    if not copied:
        return None
    said = words.counted("terminals.copied", copied)
    return WorkItem(copied, said, "/terminals?presence=copied")


def find_terminals(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find terminals for the search box of every page, by id or customer."""
    wanted = Wanted(Sorting("terminal"), text, size=most)
    best = read_up_to_date(connection, 0)
    page = list_terminals(connection, wanted, now_ms=0, best=best, scope=session.scope)
    return [Found(row.id, row.customer, f"/terminals/{row.id}", "devices") for row in page.rows]
