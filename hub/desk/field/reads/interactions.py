"""What was said and seen at outlets, and the tasks that came of it, in a person's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from hub.base import history
from hub.base.access import Scope, visible
from hub.base.listing import Slice, Sorting, Wanted, page_of
from hub.desk.field.reads.visits import person_of
from hub.desk.field.tables import field_entry, field_photo, interaction, interactions_of, shelf_seen
from hub.desk.parties.reads.customers import customers_with
from hub.desk.parties.tables import party
from hub.desk.people.tables import user_account
from hub.desk.products.tables import product

NEWEST: Final = Sorting("at", descending=True)
SOONEST: Final = Sorting("due")
TASK: Final = "field_task"
_MOST_OF_OUTLET: Final = 20
_TABLE: Final = interaction.c
_OWNER: Final = user_account.alias("owner")
_PHOTOS: Final = (
    select(func.count()).where(field_photo.c.entry == _TABLE.uuid).scalar_subquery().label("photos")
)
_ROW: Final = (
    *(_TABLE.uuid, _TABLE.about, user_account.c.name, party.c.code, party.c.name.label("outlet")),
    *(_TABLE.at, _TABLE.day, _TABLE.text, _TABLE.price, _OWNER.c.name.label("owner")),
    *(_TABLE.due_day, _TABLE.done_at, _TABLE.visit, _PHOTOS, _TABLE.condition),
)


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One interaction; a complaint has an owner and a day, and is open until `done_at`.

    `shelf` are the SKUs and base units that stood on the shelf, or are given back in `condition`.
    """

    uuid: str
    about: str
    user: str
    code: str
    outlet: str
    at: int
    day: date
    text: str
    price: int | None
    owner: str | None
    due_day: date | None
    done_at: int | None
    visit: str | None
    photos: int
    condition: str | None = None
    shelf: tuple[tuple[str, int], ...] = ()

    def state(self, day: date) -> str:
        """Say how a task stands on a day: `open`, `late` after its day, or `done`."""
        if self.done_at is not None:
            return "done"
        return "late" if self.due_day is not None and self.due_day < day else "open"


@dataclass(frozen=True, slots=True)
class InteractionDetail:
    """One interaction with its photos' ids and what was changed in it as a task."""

    row: InteractionRow
    photos: tuple[str, ...]
    history: tuple[history.Entry, ...]


def list_interactions(
    connection: Connection, wanted: Wanted, *, day: date, scope: Scope
) -> Slice[InteractionRow]:
    """Read one page of interactions; `day` says which tasks are late."""
    page = page_of(
        connection,
        _filtered(select(*_ROW), wanted, day=day, scope=scope),
        wanted,
        sorts={
            "at": _TABLE.at,
            "due": func.coalesce(_TABLE.due_day, literal(date.max)),
            "user": user_account.c.name,
            "owner": func.coalesce(_OWNER.c.name, ""),
            "outlet": party.c.name,
        },
        key=_TABLE.uuid,
        make=lambda row: InteractionRow(*row[: len(_ROW)]),
    )
    return _with_shelves(connection, page, scope=scope)


def count_interactions(
    connection: Connection, wanted: Wanted, *, by: str, day: date, scope: Scope
) -> Mapping[str, int]:
    """Count interactions by `about`, or tasks by `state`; "" has all."""
    chosen = {name: one for name, one in wanted.chosen.items() if name != by}
    what = _state(day) if by == "state" else _TABLE.about
    grouped: Select[Any] = select(what.label("what"), func.count())
    plain = Wanted(wanted.sort, wanted.text, chosen)
    query = _filtered(grouped, plain, day=day, scope=scope)
    counts = {code: int(count) for code, count in connection.execute(query.group_by("what"))}
    return {**counts, "": sum(counts.values())}


def read_interaction(
    connection: Connection, uuid: str, *, scope: Scope
) -> InteractionDetail | None:
    """Read one interaction; None where nobody sees one of this id."""
    query = _joined(select(*_ROW), scope=scope).where(_TABLE.uuid == uuid)
    found = connection.execute(query).first()
    if found is None:
        return None
    row = InteractionRow(*found)
    shelf = _shelves(connection, [uuid], scope=scope).get(uuid, ())
    photos = select(field_photo.c.uuid).where(field_photo.c.entry == uuid)
    return InteractionDetail(
        replace(row, shelf=shelf),
        tuple(connection.execute(photos.order_by(field_photo.c.uuid)).scalars()),
        tuple(history.read(connection, TASK, uuid)),
    )


def read_of_outlet(connection: Connection, code: str, *, scope: Scope) -> Sequence[InteractionRow]:
    """Read the newest interactions of one outlet, 20 at most."""
    query = _joined(select(*_ROW), scope=scope).where(party.c.code == code)
    query = query.order_by(_TABLE.at.desc(), _TABLE.uuid).limit(_MOST_OF_OUTLET)
    rows = [InteractionRow(*row) for row in connection.execute(query)]
    shelves = _shelves(connection, [one.uuid for one in rows], scope=scope)
    return [_on(one, shelves) for one in rows]


def read_first_photos(connection: Connection, code: str, *, scope: Scope) -> Sequence[str]:
    """Give the ids of the photos that an outlet was found with."""
    entry = field_entry.c
    query = (
        select(field_photo.c.uuid)
        .join(field_entry, entry.uuid == field_photo.c.entry)
        .join(party, party.c.id == entry.party_id)
        .where(party.c.code == code, entry.kind == "outlet_added")
        .where(visible(scope, seller=party.c.parent_id, party=entry.party_id, user=entry.user_id))
    )
    return list(connection.execute(query.order_by(field_photo.c.uuid)).scalars())


def read_own_tasks(connection: Connection, *, user: int, scope: Scope) -> Sequence[InteractionRow]:
    """Read the tasks that a person has open, the soonest first."""
    query = _joined(select(*_ROW), scope=scope)
    query = query.where(_TABLE.owner_id == user, _TABLE.done_at.is_(None))
    rows = connection.execute(query.order_by(_TABLE.due_day, _TABLE.uuid))
    return [InteractionRow(*row) for row in rows]


def count_late(connection: Connection, *, day: date, scope: Scope) -> int:
    """Count the tasks that are due on a day or were before, and are not done."""
    query = _joined(select(func.count()), scope=scope)
    query = query.where(_TABLE.done_at.is_(None), _TABLE.due_day <= day)
    return int(connection.execute(query).scalar_one())


def read_photo_digest(connection: Connection, uuid: str, *, scope: Scope) -> str | None:
    """Give the hash of a photo's file; None where nobody sees one of this id."""
    entry = field_entry.c
    seen = visible(scope, seller=party.c.parent_id, party=entry.party_id, user=entry.user_id)
    query = (
        select(field_photo.c.digest)
        .join(field_entry, entry.uuid == field_photo.c.entry)
        .join(user_account, user_account.c.id == entry.user_id)
        .outerjoin(party, party.c.id == entry.party_id)
        .where(field_photo.c.uuid == uuid)
        # With a day that begins it is of the person, whose days are seen as attendance is.
        .where(or_(seen & party.c.id.is_not(None), person_of(scope) & (entry.kind == "day_begun")))
    )
    return connection.execute(query).scalar()


def _state(day: date) -> ColumnElement[str]:
    late = and_(_TABLE.done_at.is_(None), _TABLE.due_day < day)
    return case((late, "late"), (_TABLE.done_at.is_(None), "open"), else_="done")


def _joined(query: Select[Any], *, scope: Scope) -> Select[Any]:
    return (
        query.select_from(interaction)
        .join(user_account, user_account.c.id == _TABLE.user_id)
        .join(party, party.c.id == _TABLE.party_id)
        .outerjoin(_OWNER, _OWNER.c.id == _TABLE.owner_id)
        .where(interactions_of(scope))
    )


def _filtered(query: Select[Any], wanted: Wanted, *, day: date, scope: Scope) -> Select[Any]:
    query = _joined(query, scope=scope)
    if wanted.text.strip():
        query = query.where(_TABLE.party_id.in_(customers_with(wanted.text.strip())))
    if about := wanted.chosen.get("about"):
        query = query.where(_TABLE.about.in_(about))
    if states := wanted.chosen.get("state"):
        query = query.where(_TABLE.owner_id.is_not(None), _state(day).in_(states))
    if user := wanted.one("user"):
        query = query.where(user_account.c.name == user)
    if owner := wanted.one("owner"):
        query = query.where(_OWNER.c.name == owner)
    if customer := wanted.one("customer"):
        query = query.where(party.c.code == customer)
    for name, column in (("day", _TABLE.day), ("due", _TABLE.due_day)):
        first, last = wanted.dates(name)
        if first is not None:
            query = query.where(column >= first)
        if last is not None:
            query = query.where(column <= last)
    return query


def _with_shelves(
    connection: Connection, page: Slice[InteractionRow], *, scope: Scope
) -> Slice[InteractionRow]:
    shelves = _shelves(connection, [one.uuid for one in page.rows], scope=scope)
    return replace(page, rows=tuple(_on(one, shelves) for one in page.rows))


def _on(row: InteractionRow, shelves: Mapping[str, tuple[tuple[str, int], ...]]) -> InteractionRow:
    return replace(row, shelf=shelves[row.uuid]) if row.uuid in shelves else row


def _shelves(
    connection: Connection, uuids: Sequence[str], *, scope: Scope
) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Read what stood on the shelves of interactions that were read in this scope."""
    del scope
    query = (
        select(shelf_seen.c.interaction, product.c.sku, shelf_seen.c.pieces)
        .join(product, product.c.id == shelf_seen.c.product_id)
        .where(shelf_seen.c.interaction.in_(uuids))
        .order_by(product.c.sku)
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for uuid, sku, pieces in connection.execute(query) if uuids else ():
        found[uuid] = (*found.get(uuid, ()), (sku, pieces))
    return found
