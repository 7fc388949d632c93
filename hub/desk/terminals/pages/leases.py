"""The leases: what each terminal may give of limited schemes while it is offline."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Sorting, Wanted
from hub.base.money import OF_HOUSE
from hub.base.words import PageWords
from hub.desk.terminals.reads.leases import LeaseRow, Part, list_leases
from hub.web.frames.cells import Amount, Cell, Count, Moment, Text
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("packs.read"))]


def _scheme(row: LeaseRow, words: PageWords) -> Cell:
    period = words.text("leases.period", period=row.period) if row.period else ""
    return Text(row.rule, sub=period, href=f"/leases?q={quote(row.rule)}")


def _terminal(row: LeaseRow, _words: PageWords) -> Cell:
    return Text(row.terminal, sub=row.customer, href=f"/leases?q={row.terminal}")


def _count(part: Part | None, words: PageWords, of: str) -> Cell:
    return Count(part.held, words.counted(of, part.limit)) if part else Count(None)


def _amount(minor: int | None) -> Cell:
    return Amount(minor, *OF_HOUSE)


LEASES: Final[ListFrame[LeaseRow]] = ListFrame(
    name="leases",
    address="/leases",
    title="leases.title",
    icon="gift",
    columns=(
        Column("scheme", "leases.scheme", _scheme, sort="scheme", phone="lead", groups=True),
        Column("terminal", "word.terminal", _terminal, sort="terminal", groups=True),
        Column(
            "uses",
            "leases.uses",
            lambda row, words: _count(row.uses, words, "leases.of_uses"),
            figures=True,
        ),
        Column(
            "amount",
            "leases.amount",
            lambda row, _: _amount(row.amount.held if row.amount else None),
            figures=True,
        ),
        Column(
            "budget",
            "leases.budget",
            lambda row, _: _amount(row.amount.limit if row.amount else None),
            figures=True,
        ),
        Column(
            "pieces",
            "leases.pieces",
            lambda row, words: _count(row.pieces, words, "leases.of_pieces"),
            figures=True,
        ),
        Column(
            "until",
            "leases.until",
            lambda row, _: Moment(row.until, whole=True),
            sort="until",
            figures=True,
        ),
    ),
    key=lambda row: "-".join(row.key),
    sort=Sorting("scheme"),
    topics=("terminals", "orders"),
    every_s=30,
    empty="leases.none",
    search="leases.search_hint",
    text="leases.text",
)


@router.get("/leases")
def leases(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the open leases, what is live of the page, or a file of them."""
    now_ms = site.now_ms()

    def read(connection: Connection, wanted: Wanted) -> Listed[LeaseRow]:
        return Listed(list_leases(connection, wanted, now_ms=now_ms, scope=session.scope))

    return show_list(request, site, session, frame=LEASES, read=read)
