"""What orders show on the first page, and the step that holds several of them at once."""

from collections.abc import Sequence

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.ground import Ground
from hub.base.listing import Sorting, Wanted
from hub.base.words import PageWords
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.model.events import Refused
from hub.desk.orders.model.life import RESERVING
from hub.desk.orders.reads.listing import (
    OrderRow,
    count_held,
    list_orders,
    read_rows,
)
from hub.desk.orders.words import look_of, sentence
from hub.desk.parties.reads import read_distributor
from hub.web import formats
from hub.web.noun import Foreseen, WorkItem


def read_panel(
    connection: Connection, key: str, session: Session, *, now_ms: int
) -> Sequence[OrderRow] | None:
    """Read the newest orders of the day, as the first page shows them."""
    del key
    if not session.may("orders.read"):
        return None
    day = formats.local(now_ms, read_distributor(connection).zone).date()
    # By the day, not by the order alone: on a day without orders all others would be gone through.
    newest = Wanted(Sorting("date", descending=True), size=10)
    return list_orders(connection, newest, since=day, scope=session.scope).rows


def read_work(
    connection: Connection, session: Session, words: PageWords, *, now_ms: int
) -> WorkItem | None:
    """Tell the first page how many orders are held, and why."""
    del now_ms
    held = count_held(connection, scope=session.scope)
    if not held:
        return None
    address = "/orders?status=held&days=0"
    count = sum(held.values())
    parts = tuple(
        WorkItem(number, words.named("label", code), f"{address}&reason={code}")
        for code, number in sorted(held.items(), key=lambda one: (-one[1], one[0]))
    )
    return WorkItem(count, words.counted("home.held", count), address, parts)


def foresee_hold(
    connection: Connection,
    keys: Sequence[str],
    session: Session,
    *,
    ground: Ground,
    words: PageWords,
    now_ms: int,
) -> Sequence[Foreseen]:
    """Tell which orders can be held, and of the others why not."""
    del ground, now_ms
    return [
        Foreseen(
            row.uuid,
            row.number,
            row.customer,
            words.text("order.hold_effect"),
            address=f"/orders/{row.uuid}",
            token=str(row.revision),
            why_not="" if row.status in RESERVING else _stands(row, words),
        )
        for row in read_rows(connection, keys, scope=session.scope)
    ]


def _stands(row: OrderRow, words: PageWords) -> str:
    status = words.text(look_of(row.status, changed=row.changed).words)
    return words.text("order.not_holdable", status=status)


def hold_row(ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords) -> str:
    """Hold one order of several."""
    hold = ground.part(OrderActs).hold
    done = hold(row.key, by=session.user, why=why, seen=int(row.token))
    return sentence(done.reason, language=words.language) if isinstance(done, Refused) else ""
