"""The lists of notes and of orders to be picked, the step that picks several, the day's work."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.base.access import Scope, Session
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.listing import Wanted
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.reads.notes import (
    NEWEST_FIRST,
    NoteRow,
    count_notes,
    count_work,
    find_note,
    list_drivers,
    list_notes,
)
from hub.desk.deliveries.reads.queue import (
    BY_DAY,
    QueuedOrder,
    count_queue,
    list_queue,
    list_towns,
    read_queued,
)
from hub.desk.deliveries.words import STATES
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.reads.listing import list_warehouses, read_rows
from hub.desk.orders.words import look_of
from hub.desk.parties.reads import read_distributor
from hub.web import formats
from hub.web.frames.cells import Count, Day, Moment, State, Text
from hub.web.frames.filters import Asking, Choice, Dates, Match, Option, worded
from hub.web.frames.lists import Column, Listed, ListFrame
from hub.web.noun import Foreseen, Found, WorkItem

TO_PICK: Final = "/deliveries/to-pick"
_OPEN: Final = frozenset({"picking", "picked", "dispatched"})


def _warehouses(asking: Asking) -> Sequence[Option]:
    found = list_warehouses(asking.connection, scope=asking.session.scope)
    return [Option(code, name or code) for code, name in found]


def _states(asking: Asking) -> Sequence[Option]:
    return [Option(state, asking.words.text(look.words)) for state, look in STATES.items()]


def _drivers(asking: Asking) -> Sequence[Option]:
    found = list_drivers(asking.connection, scope=asking.session.scope)
    return [Option(name, name) for name in found]


def _towns(asking: Asking) -> Sequence[Option]:
    return [
        Option(name, name) for name in list_towns(asking.connection, scope=asking.session.scope)
    ]


NOTES: Final[ListFrame[NoteRow]] = ListFrame(
    name="deliveries",
    address="/deliveries",
    title="delivery.title",
    icon="truck",
    columns=(
        Column(
            "number",
            "delivery.note",
            lambda row, _: Text(row.number, href=f"/deliveries/{row.id}"),
            sort="number",
            phone="bare",
        ),
        Column(
            "customer",
            "word.customer",
            lambda row, _: Text(row.customer, sub=row.town),
            sort="customer",
            phone="lead",
            groups=True,
        ),
        Column(
            "order",
            "word.order",
            lambda row, _: Text(row.order_number, href=f"/orders/{row.order}"),
            phone="desk",
        ),
        Column("state", "word.status", lambda row, _: State(STATES[row.state]), sort="state",
               phone="bare", groups=True),
        Column("day", "delivery.day", lambda row, _: Day(row.day), sort="day", groups=True),
        Column("driver", "delivery.driver", lambda row, _: Text(row.driver, sub=row.vehicle),
               sort="driver", phone="desk", groups=True),
        Column("warehouse", "order.warehouse", lambda row, _: Text(row.warehouse),
               sort="warehouse", phone="desk", usual=False, groups=True),
        Column("lines", "word.lines", lambda row, _: Count(row.lines), phone="desk", figures=True),
        Column("pieces", "delivery.pieces", lambda row, _: Count(row.planned), phone="desk",
               figures=True),
        Column("delivered", "delivery.delivered", lambda row, _: Count(row.delivered),
               phone="desk", figures=True, usual=False),
        Column("made", "delivery.made", lambda row, _: Moment(row.made_at, ago=True), sort="made",
               phone="corner", figures=True),
    ),
    key=lambda row: str(row.id),
    sort=NEWEST_FIRST,
    topics=("deliveries",),
    empty="delivery.none",
    search="delivery.search_hint",
    tabs="state",
    filters=(
        Choice("state", "word.status", _states),
        Choice("warehouse", "order.warehouse", _warehouses),
        Match("customer", "word.customer"),
        Choice("driver", "delivery.driver", _drivers),
        Choice("late", "delivery.late", worded("delivery_late", ("yes",))),
        Dates("day", "delivery.day"),
    ),
    add=TO_PICK,
    add_label="delivery.to_pick",
    may_add="deliveries.pick",
)  # fmt: skip

QUEUE: Final[ListFrame[QueuedOrder]] = ListFrame(
    name="to_pick",
    address=TO_PICK,
    title="delivery.to_pick",
    icon="package",
    columns=(
        Column(
            "number",
            "word.order",
            lambda row, _: Text(row.number, href=f"/orders/{row.uuid}"),
            sort="number",
            phone="bare",
        ),
        Column("customer", "word.customer", lambda row, _: Text(row.customer), sort="customer",
               phone="lead", groups=True),
        Column("town", "customer_field.city", lambda row, _: Text(row.town), sort="town",
               groups=True),
        Column("day", "delivery.day", lambda row, _: Day(row.day), sort="day", groups=True),
        Column("ordered", "order.business_date", lambda row, _: Day(row.ordered), sort="ordered",
               phone="desk"),
        Column("warehouse", "order.warehouse", lambda row, _: Text(row.warehouse),
               sort="warehouse", phone="desk", groups=True),
        Column("lines", "word.lines", lambda row, _: Count(row.lines), sort="lines", phone="desk",
               figures=True),
        Column(
            "waits",
            "delivery.waits",
            lambda row, words: Text(words.text("delivery.waits_for_goods") if row.waits else ""),
            phone="desk",
        ),
    ),
    key=lambda row: row.uuid,
    sort=BY_DAY,
    topics=("orders", "deliveries"),
    empty="delivery.nothing_to_pick",
    search="delivery.search_hint",
    filters=(
        Choice("warehouse", "order.warehouse", _warehouses),
        Choice("town", "customer_field.city", _towns),
        Match("customer", "word.customer"),
        Choice("late", "delivery.late", worded("delivery_late", ("yes",))),
        Dates("day", "delivery.day"),
    ),
)  # fmt: skip


def read_note_list(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[NoteRow]:
    """Read the list of notes with the counts of its tabs."""
    counts = count_notes(connection, wanted, today=today, scope=scope)
    page = list_notes(connection, wanted, today=today, scope=scope)
    chosen = wanted.chosen.get("state")
    count = sum(counts.get(one, 0) for one in chosen) if chosen else counts[""]
    return Listed(page, count, counts=counts, tabs=_OPEN)


def read_queue_list(
    connection: Connection, wanted: Wanted, *, today: date, scope: Scope
) -> Listed[QueuedOrder]:
    """Read the list of orders to be picked."""
    count = count_queue(connection, wanted, today=today, scope=scope)
    return Listed(list_queue(connection, wanted, today=today, scope=scope), count)


def foresee_pick(
    connection: Connection,
    keys: Sequence[str],
    session: Session,
    *,
    ground: Ground,
    words: PageWords,
    now_ms: int,
) -> Sequence[Foreseen]:
    """Tell which orders can be picked, and of the others why not."""
    del ground, now_ms
    queued = {row.uuid: row for row in read_queued(connection, keys, scope=session.scope)}
    found = []
    for row in read_rows(connection, keys, scope=session.scope):
        one = queued.get(row.uuid)
        status = words.text(look_of(row.status, changed=row.changed).words)
        why_not = words.text("delivery.not_pickable", status=status)
        if row.status in RESERVING:
            why_not = words.text("delivery.on_a_note")
        found.append(
            Foreseen(
                row.uuid,
                row.number,
                row.customer,
                words.text("delivery.pick_effect", warehouse=row.warehouse),
                address=f"/orders/{row.uuid}",
                token=str(row.revision),
                why_not="" if one else why_not,
            )
        )
    return found


def pick_row(ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords) -> str:
    """Put one order of several on the pick list that is made of them."""
    del why
    begin = ground.part(DeliveryActs).begin
    done = begin([row.key], by=session.user, scope=session.scope, join=True)
    if not isinstance(done, Refused):
        return ""
    return sentence(done.reasons[0], language=words.language)


def find_notes(
    connection: Connection, text: str, session: Session, *, most: int
) -> Sequence[Found]:
    """Find notes for the search box of every page."""
    return [
        Found(row.number, row.customer, f"/deliveries/{row.id}", "truck")
        for row in find_note(connection, text, scope=session.scope)[:most]
    ]


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page what is to be picked, to be sent, on the road, and late."""
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    counts = count_work(connection, today=day, scope=session.scope)
    queued = count_queue(connection, Wanted(BY_DAY), today=day, scope=session.scope)
    said = (
        (queued, "home.to_pick", TO_PICK),
        (counts.get("picking", 0), "home.picking", "/deliveries?state=picking"),
        (counts.get("picked", 0), "home.to_dispatch", "/deliveries?state=picked"),
        (counts.get("dispatched", 0), "home.on_the_road", "/deliveries?state=dispatched"),
        (counts["late"], "home.delivery_late", "/deliveries?state=dispatched&late=yes"),
    )
    parts = tuple(
        WorkItem(many, words.counted(name, many), address) for many, name, address in said if many
    )
    if not parts:
        return None
    total = queued + sum(counts.get(state, 0) for state in _OPEN)
    return WorkItem(total, words.counted("home.deliveries", total), parts[0].address, parts)
