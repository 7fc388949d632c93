"""The list of visits in the frame of lists."""

from typing import Final

from hub.base.access import Scope
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.field.model.entries import OUTCOMES
from hub.desk.field.reads.visits import NEWEST, VisitRow, count_visits, list_visits
from hub.desk.field.words import VERDICTS
from hub.desk.invoices.pages.listing import customer_cell
from hub.web.frames.cells import Count, Day, Moment, State, Text
from hub.web.frames.filters import Choice, Dates, Match, worded
from hub.web.frames.lists import Column, Listed, ListFrame, look_options

VISITS: Final[ListFrame[VisitRow]] = ListFrame(
    name="visits",
    address="/field/visits",
    title="visits.title",
    icon="map-pin",
    columns=(
        Column(
            "outlet",
            "visits.outlet",
            lambda row, _: customer_cell(row.outlet, row.code),
            sort="outlet",
            phone="lead",
            groups=True,
        ),
        Column("user", "visits.user", lambda row, _: Text(row.user), sort="user", groups=True),
        Column("day", "visits.day", lambda row, _: Day(row.day), sort="day", groups=True),
        Column("begun", "visits.begun", lambda row, _: Moment(row.begun_at), sort="begun"),
        Column("minutes", "visits.minutes", lambda row, _: Count(row.minutes), figures=True),
        Column(
            "verdict",
            "visits.place",
            lambda row, words: State(VERDICTS[row.verdict], _metres(row, words)),
            phone="bare",
        ),
        Column(
            "outcome",
            "visits.outcome",
            lambda row, words: Text(
                words.named("visit_outcome", row.outcome) if row.outcome else "", sub=row.why
            ),
            groups=True,
        ),
    ),
    key=lambda row: row.uuid,
    sort=NEWEST,
    topics=("field",),
    empty="visits.none",
    search="visits.search_hint",
    tabs="verdict",
    filters=(
        Choice("verdict", "visits.place", look_options(VERDICTS)),
        Choice("outcome", "visits.outcome", worded("visit_outcome", OUTCOMES)),
        Choice("ordered", "visits.ordered", worded("visit_ordered", ("yes", "no"))),
        Match("user", "visits.user"),
        Match("customer", "word.customer"),
        Dates("day", "visits.day"),
    ),
)


def read_list(connection: Connection, wanted: Wanted, *, scope: Scope) -> Listed[VisitRow]:
    """Read the list with its counts."""
    page = list_visits(connection, wanted, scope=scope)
    counts = count_visits(connection, wanted, scope=scope)
    chosen = wanted.chosen.get("verdict", ())
    count = sum(counts.get(one, 0) for one in chosen) if chosen else counts[""]
    return Listed(page, count, {}, counts)


def _metres(row: VisitRow, words: PageWords) -> str:
    if row.distance_m is None or row.verdict == "verified":
        return ""
    return words.text("visits.metres", metres=row.distance_m)
