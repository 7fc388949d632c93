"""The lists of visits, interactions and tasks in the frame of lists."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.listing import Wanted
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.field.model.entries import NOT_ENDED, NOTE_KINDS, OUTCOMES, TASKS
from hub.desk.field.reads.interactions import (
    NEWEST as NEWEST_SEEN,
)
from hub.desk.field.reads.interactions import (
    SOONEST,
    InteractionRow,
    count_interactions,
    count_late,
    list_interactions,
)
from hub.desk.field.reads.visits import (
    NEWEST,
    VisitRow,
    count_asked,
    count_visits,
    list_visits,
)
from hub.desk.field.words import TASKS as TASK_LOOKS
from hub.desk.field.words import VERDICTS
from hub.desk.parties.reads import read_distributor
from hub.web import formats
from hub.web.frames.cells import Cell, Count, Day, Moment, State, Text
from hub.web.frames.columns import customer_cell
from hub.web.frames.filters import Choice, Dates, Match, worded
from hub.web.frames.lists import Column, Listed, ListFrame, look_options
from hub.web.noun import WorkItem

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
        Column(
            "user",
            "visits.user",
            lambda row, _: Text(row.user, href=f"/field/visits/{row.uuid}"),
            sort="user",
            groups=True,
        ),
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
        Choice("outcome", "visits.outcome", worded("visit_outcome", (*OUTCOMES, NOT_ENDED))),
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


def _what(row: InteractionRow, words: PageWords, *, money: HouseMoney) -> Cell:
    """Say what an interaction is about: its text, what stood on the shelf, the price."""
    shelf = ", ".join(f"{sku}\N{NO-BREAK SPACE}{pieces}" for sku, pieces in row.shelf)
    price = "" if row.price is None else money.write(row.price)
    photos = words.counted("seen.photos", row.photos) if row.photos else ""
    said = row.text or shelf or words.named("field_note", row.about)
    below = (shelf if row.text else "", price, photos)
    return Text(said, sub=" · ".join(filter(None, below)), href=f"/field/interactions/{row.uuid}")


_OUTLET: Final[Column[InteractionRow]] = Column(
    "outlet",
    "visits.outlet",
    lambda row, _: customer_cell(row.outlet, row.code),
    sort="outlet",
    phone="lead",
    groups=True,
)
_USER: Final[Column[InteractionRow]] = Column(
    "user", "seen.by", lambda row, _: Text(row.user), sort="user", groups=True
)


def interactions_frame(money: HouseMoney) -> ListFrame[InteractionRow]:
    """Make the list of interactions; `money` writes prices that were seen."""
    return ListFrame(
        name="interactions",
        address="/field/interactions",
        title="seen.title",
        icon="message",
        columns=(
            _OUTLET,
            Column(
                "about",
                "seen.about",
                lambda row, words: Text(words.named("field_note", row.about)),
                groups=True,
            ),
            Column("what", "seen.what", partial(_what, money=money)),
            _USER,
            Column("at", "seen.at", lambda row, _: Moment(row.at), sort="at"),
        ),
        key=lambda row: row.uuid,
        sort=NEWEST_SEEN,
        topics=("field",),
        empty="seen.none",
        search="visits.search_hint",
        tabs="about",
        filters=(
            Choice("about", "seen.about", worded("field_note", NOTE_KINDS)),
            Match("user", "seen.by"),
            Match("customer", "word.customer"),
            Dates("day", "visits.day"),
        ),
    )


def tasks_frame(day: date, money: HouseMoney) -> ListFrame[InteractionRow]:
    """Make the list of tasks as of a day, by which it is said what is late.

    `money` writes prices that were seen.
    """
    return ListFrame(
        name="tasks",
        address="/field/tasks",
        title="tasks.title",
        icon="alert-triangle",
        columns=(
            _OUTLET,
            Column("what", "seen.what", partial(_what, money=money)),
            Column("due", "tasks.due", lambda row, _: Day(row.due_day), sort="due", groups=True),
            Column(
                "owner",
                "tasks.owner",
                lambda row, _: Text(row.owner or ""),
                sort="owner",
                groups=True,
            ),
            Column(
                "state",
                "word.status",
                lambda row, _: State(TASK_LOOKS[row.state(day)]),
                phone="bare",
            ),
            _USER,
            Column("at", "seen.at", lambda row, _: Moment(row.at), sort="at", phone="desk"),
        ),
        key=lambda row: row.uuid,
        sort=SOONEST,
        topics=("field",),
        empty="tasks.none",
        search="visits.search_hint",
        tabs="state",
        filters=(
            Choice("state", "word.status", look_options(TASK_LOOKS)),
            Match("owner", "tasks.owner"),
            Match("customer", "word.customer"),
            Dates("due", "tasks.due"),
        ),
    )


def read_seen(
    connection: Connection, wanted: Wanted, *, day: date, scope: Scope
) -> Listed[InteractionRow]:
    """Read the list of interactions with its counts."""
    return _read(connection, wanted, by="about", day=day, scope=scope)


def read_tasks(
    connection: Connection, wanted: Wanted, *, day: date, scope: Scope
) -> Listed[InteractionRow]:
    """Read the list of tasks with its counts."""
    tasks = replace(wanted, chosen={**wanted.chosen, "about": TASKS})
    return _read(connection, tasks, by="state", day=day, scope=scope)


def _read(
    connection: Connection, wanted: Wanted, *, by: str, day: date, scope: Scope
) -> Listed[InteractionRow]:
    page = list_interactions(connection, wanted, day=day, scope=scope)
    counts = count_interactions(connection, wanted, by=by, day=day, scope=scope)
    chosen = wanted.chosen.get(by, ())
    count = sum(counts.get(one, 0) for one in chosen) if chosen else counts[""]
    return Listed(page, count, {}, counts)


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many tasks are due by today, and not done."""
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    count = count_late(connection, day=day, scope=session.scope)
    if not count:
        return None
    address = f"/field/tasks?state=late&state=open&due_from=&due_to={day}"
    return WorkItem(count, words.counted("home.tasks", count), address)


def read_leaves(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many days of leave wait for a word, from this week's Monday on."""
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    first = day - timedelta(days=day.weekday())
    count = count_asked(connection, first=first, scope=session.scope)
    if not count:
        return None
    return WorkItem(count, words.counted("home.leaves", count), "/field/team#leaves")
