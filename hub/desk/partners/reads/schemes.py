"""What schemes gave a partner's last orders, and what the newest of them almost earned."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.base.money import OF_HOUSE
from hub.desk.orders.model.life import OPEN_OR_DONE
from hub.desk.orders.reads.order import OrderDetail, read_order
from hub.desk.orders.reads.scope import orders_of
from hub.desk.orders.tables import order_
from hub.desk.partners.reads.parties import list_own

MOST_ORDERS: Final = 20
"""So many of the newest orders are looked at, rejected and cancelled ones left out."""
_STAGES: Final = frozenset({"line_schemes", "basket_schemes", "order_schemes"})


@dataclass(frozen=True, slots=True)
class Earned:
    """What a scheme gave over some orders: money off, and free goods by their products' names.

    `name` is what the rule pack calls it for people, empty where it has no name.
    """

    name: str
    orders: int
    amount: int
    gifts: Mapping[str, int]
    currency: str
    scale: int


@dataclass(frozen=True, slots=True)
class Nearly:
    """What an order almost earned, in the words that the counter has for it."""

    uuid: str
    number: str
    customer: str
    text: str


@dataclass(frozen=True, slots=True)
class Schemes:
    """What was earned over the last orders, the most first, and what was nearly earned."""

    orders: int
    earned: tuple[Earned, ...]
    nearly: tuple[Nearly, ...]


def read_schemes(connection: Connection, *, language: str, scope: Scope) -> Schemes:
    """Read it of the orders that the partner's own parties placed."""
    own = [one.id for one in list_own(connection, scope=scope)]
    query = (
        select(order_.c.uuid)
        .where(order_.c.customer_id.in_(own), order_.c.status.in_(OPEN_OR_DONE), orders_of(scope))
        .order_by(order_.c.id.desc())
        .limit(MOST_ORDERS)
    )
    uuids = connection.execute(query).scalars().all()
    read = (read_order(connection, one, scope=scope, language=language) for one in uuids)
    orders = [one for one in read if one is not None]
    return Schemes(len(orders), tuple(_earned(orders)), tuple(_nearly(orders)))


def _earned(orders: list[OrderDetail]) -> list[Earned]:
    money: Counter[str] = Counter()
    gifts: dict[str, Counter[str]] = {}
    seen: Counter[str] = Counter()
    for order in orders:
        own = set()
        for step in order.trace:
            if step.stage in _STAGES and step.rule and step.amount:
                name = order.names.get(step.rule, "")
                money[name] += abs(step.amount)
                own.add(name)
        for line in order.newest.free:
            name = order.names.get(line.rule, "")
            gifts.setdefault(name, Counter())[line.name or line.sku] += line.quantity
            own.add(name)
        seen.update(own)
    currency, scale = _unit(orders)
    found = [
        Earned(name, seen[name], money[name], gifts.get(name, Counter()), currency, scale)
        for name in seen
    ]
    return sorted(found, key=lambda one: (-one.amount, one.name))


def _nearly(orders: list[OrderDetail]) -> list[Nearly]:
    """Give each text once, of the newest order that it was said of."""
    found: dict[str, Nearly] = {}
    for order in orders:
        for near in order.near:
            head = order.head
            one = Nearly(head.uuid, head.number, head.customer or head.customer_code, near.text)
            found.setdefault(near.text, one)
    return list(found.values())


def _unit(orders: list[OrderDetail]) -> tuple[str, int]:
    return (orders[0].newest.currency, orders[0].newest.scale) if orders else OF_HOUSE
