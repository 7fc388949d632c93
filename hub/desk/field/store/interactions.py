"""What was said and seen at outlets, and the tasks that came of it, in a given transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from hub.base import history
from hub.base.access import Scope
from hub.base.fields import Refused, refused
from hub.base.transaction import LockRank, Transaction
from hub.desk.field.model.entries import (
    Complained,
    GoodsBack,
    Interaction,
    Noted,
    PriceSeen,
    SeenLine,
    StockSeen,
    VisitMissed,
    about_of,
)
from hub.desk.field.store.beats import find_user
from hub.desk.field.store.entries import TOPIC, Moments, Outlet
from hub.desk.field.store.telling import end_task, tell_of_task
from hub.desk.field.tables import interaction, interactions_of, shelf_seen, visit_missed
from hub.desk.parties.store import business_day
from hub.desk.parties.tables import party
from hub.desk.people.model.reporting import pairs_on
from hub.desk.people.store.lines import lines_of
from hub.desk.people.tables import user_account

TASK: Final = "field_task"
"""What the history of a task is kept under."""
_COLUMNS: Final = (
    *("uuid", "user_id", "party_id", "visit", "day", "at", "about", "text", "price"),
    *("owner_id", "due_day", "condition"),
)
_SKUS: Final = "SELECT sku, id FROM product WHERE sku IN"
_SETTLE: Final = "UPDATE interaction SET owner_id = ?, due_day = ?, done_at = ? WHERE uuid = ?"
_NAME: Final = "SELECT name FROM user_account WHERE id = ?"
_DAYS_FOR_GOODS: Final = timedelta(days=3)
_MISSED: Final = """
INSERT INTO visit_missed (uuid, user_id, party_id, day, reason, text) VALUES (?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class LockedTask:
    """A task that is held for a change: whose it is, by when, and when it was done."""

    uuid: str
    owner: str
    owner_id: int
    due_day: date
    done_at: int | None
    author_id: int
    party_id: int
    text: str


def check_interaction(t: Transaction, entry: Interaction) -> Refused | None:
    """Say what an interaction names that is not there: an owner, or a product; None if nothing."""
    if isinstance(entry, Complained) and entry.owner and find_user(t, entry.owner) is None:
        return refused("task_owner", field="owner", owner=entry.owner)
    if isinstance(entry, StockSeen | GoodsBack):
        there = _products(t, entry.lines)
        unknown = [one.sku for one in entry.lines if one.sku not in there]
        if unknown:
            return refused("shelf_product", field="lines", sku=unknown[0])
    return None


def write_interaction(
    t: Transaction,
    entry: Interaction,
    *,
    user: tuple[int, str],
    outlet: Outlet,
    visit: str | None,
    moments: Moments,
) -> None:
    """Write an interaction of a user, given as row id and name, once its entry is there."""
    owner, due = _owner_of(t, entry, user=user, day=moments.day)
    price = entry.price if isinstance(entry, PriceSeen) else None
    row = (
        *(entry.id, user[0], outlet.id, visit, moments.day, moments.at),
        *(about_of(entry), entry.text, price, owner[0] if owner else None, due),
        entry.condition if isinstance(entry, GoodsBack) else None,
    )
    t.insert(interaction, _COLUMNS, [row])
    if isinstance(entry, StockSeen | GoodsBack):
        there = _products(t, entry.lines)
        seen = [(entry.id, there[one.sku], one.pieces) for one in entry.lines]
        t.insert(shelf_seen, ("interaction", "product_id", "pieces"), seen)
    if owner and due:
        history.record(
            t, TASK, entry.id, before={}, after={"owner": owner[1], "due": due, "done": False}
        )
        tell_of_task(
            t, "task_given", entry.id, user=owner[0], outlet=outlet.id, due=due, text=entry.text
        )
    t.changed(TOPIC)


def _owner_of(
    t: Transaction, entry: Interaction, *, user: tuple[int, str], day: date
) -> tuple[tuple[int, str] | None, date | None]:
    """Give who deals with a complaint or with goods, and by when; nobody with anything else."""
    if isinstance(entry, GoodsBack):
        above = pairs_on(lines_of(t), business_day(t)).get(user[0])
        name = t.rows(_NAME, (above,)) if above is not None else []
        return (user if above is None else (above, str(name[0][0]))), day + _DAYS_FOR_GOODS
    if isinstance(entry, Complained):
        named = find_user(t, entry.owner) if entry.owner else None
        return (user if named is None else (named, str(entry.owner))), entry.due
    if isinstance(entry, Noted) and entry.about == "complaint":
        return user, day
    return None, None


def _products(t: Transaction, lines: Sequence[SeenLine]) -> dict[str, int]:
    return {sku: int(number) for sku, number in t.rows_in(_SKUS, [one.sku for one in lines])}


def lock_task(t: Transaction, uuid: str, *, scope: Scope) -> LockedTask | None:
    """Lock a task; None where there is none, or none that the person sees."""
    t.lock(LockRank.DOCUMENT, [f"task:{uuid}"])
    table = interaction.c
    query = (
        select(table.uuid, user_account.c.name, table.owner_id, table.due_day, table.done_at)
        .add_columns(table.user_id, table.party_id, table.text)
        .join(user_account, user_account.c.id == table.owner_id)
        .join(party, party.c.id == table.party_id)
        .where(table.uuid == uuid, table.owner_id.is_not(None), interactions_of(scope))
    )
    query = query.with_for_update(of=interaction) if t.writes else query
    row = t.connection.execute(query).first()
    return None if row is None else LockedTask(*row)


def settle_task(
    t: Transaction, task: LockedTask, *, owner: tuple[int, str], due: date, done: bool, why: str
) -> None:
    """Give a task another owner or day, or write that it is done or open again, with its history.

    `owner` is a user's row id and name. What was done first keeps its moment. Who has the task by
    now, and who noted it, are told.
    """
    done_at = (task.done_at or t.at_ms) if done else None
    t.many(_SETTLE, [(owner[0], due, done_at, task.uuid)])
    history.record(
        t,
        TASK,
        task.uuid,
        before={"owner": task.owner, "due": task.due_day, "done": task.done_at is not None},
        after={"owner": owner[1], "due": due, "done": done},
        why=why,
    )
    _tell_settled(t, task, owner=owner[0], due=due, done=done, why=why)
    t.changed(TOPIC)


def _tell_settled(
    t: Transaction, task: LockedTask, *, owner: int, due: date, done: bool, why: str
) -> None:
    """Tell who has a task by now, or again, that it is there; of a task that is done its author."""
    was_done = task.done_at is not None
    tell = partial(tell_of_task, t, uuid=task.uuid, outlet=task.party_id, due=due)
    if owner != task.owner_id or done:
        end_task(t, task.uuid)
    if done and not was_done:
        tell("task_done", user=task.author_id, text=why)
    elif not done and (was_done or owner != task.owner_id):
        tell("task_given", user=owner, text=task.text)


def write_missed(
    t: Transaction, entry: VisitMissed, *, user: int, outlet: Outlet, day: date
) -> None:
    """Write why an outlet was not visited on a day; what was said last counts."""
    own = (
        (visit_missed.c.user_id == user)
        & (visit_missed.c.party_id == outlet.id)
        & (visit_missed.c.day == day)
    )
    t.connection.execute(visit_missed.delete().where(own))
    t.many(_MISSED, [(entry.id, user, outlet.id, day, entry.reason, entry.text)])
    t.changed(TOPIC)
