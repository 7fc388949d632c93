"""How far a new hub has come."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, func, select

from hub.base.access import Scope
from hub.base.engine.columns import table_of
from hub.desk.orders.tables import order_
from hub.desk.parties.tables import HOUSE, SAMPLE, party, setting
from hub.desk.people.tables import user_account, user_grant
from hub.desk.products.tables import product
from hub.desk.rulepacks.tables import rule_pack
from hub.desk.stock.tables import warehouse
from hub.desk.terminals.model.sample import OwnKind, SampleStanding, sample_house
from hub.desk.terminals.tables import Terminal

Step = Literal["house", "store", "goods", "rules", "counter", ""]
STEPS: Final[tuple[Step, ...]] = ("house", "store", "goods", "rules", "counter")

_NEEDED: Final[Mapping[Step, ColumnElement[Any]]] = {
    "store": warehouse.c.id,
    "goods": product.c.id,
    "rules": rule_pack.c.id,
    "counter": table_of(Terminal).c.id,
}
"""What there is of once a step is done."""
_ANY_DAY: Final = date(2026, 1, 1)
"""The names of the sample are the same on each."""


def next_step(connection: Connection, *, scope: Scope) -> Step:
    """Name what is to be done next, of the steps of a new hub; empty for nothing.

    It is of the whole network, so that somebody who sees only rows of their own is told of nothing.
    """
    named = select(setting.c.key).where(setting.c.key == "distributor")
    if connection.execute(named).first() is None:
        return "house"
    if not scope.sees_network:
        return ""
    for step, key in _NEEDED.items():
        if connection.execute(select(key).limit(1)).first() is None:
            return step
    return ""


def has_trade(connection: Connection, *, scope: Scope) -> bool:
    """Say whether the hub has a distributor, or anything that a distributor has."""
    del scope  # whatever there is counts, seen or not
    named = select(setting.c.key).where(setting.c.key == "distributor")
    others = select(party.c.id).where(party.c.code != HOUSE).limit(1)
    queries = [named, others, *(select(key).limit(1) for key in _NEEDED.values())]
    return any(connection.execute(query).first() is not None for query in queries)


def read_sample(connection: Connection, *, scope: Scope) -> SampleStanding | None:
    """Read how the sample stands; None where there is none, or somebody sees only own rows."""
    found = connection.execute(select(setting.c.value).where(setting.c.key == SAMPLE)).scalar()
    if found is None or not scope.sees_network:
        return None
    orders = connection.execute(select(func.count()).select_from(order_)).scalar_one()
    return SampleStanding(int(found), orders, _own(connection))


def _own(connection: Connection) -> Mapping[OwnKind, tuple[str, ...]]:
    """Name what is not of the sample: what has another code, and what was given another name."""
    house, terminals = sample_house(_ANY_DAY), table_of(Terminal).c
    packs, grants = rule_pack.c, user_grant.c
    named: Mapping[OwnKind, tuple[Select[Any], set[tuple[str, str]]]] = {
        "products": (
            select(product.c.sku, product.c.name),
            {(one.sku, one.name) for one in house.products},
        ),
        "customers": (
            select(party.c.code, party.c.name).where(party.c.code != HOUSE),
            {(one.code, one.name) for one in house.customers},
        ),
        "warehouses": (
            select(warehouse.c.code, warehouse.c.name),
            {(one.code, one.name) for one in house.warehouses},
        ),
        "terminals": (
            select(terminals.id, terminals.id),
            {(one.id, one.id) for one in house.terminals},
        ),
        "packs": (
            select(packs.version, packs.version).where(
                packs.origin != "set_up", packs.dropped_at.is_(None)
            ),
            set(),
        ),
        "users": (
            select(user_account.c.name, user_account.c.name)
            .join(user_grant, grants.user_id == user_account.c.id)
            .where(grants.kind == "customer")
            .distinct(),
            set(),
        ),
    }
    own = {
        kind: tuple(
            str(code)
            for code, name in connection.execute(query.order_by(query.selected_columns[0]))
            if (code, name) not in sample
        )
        for kind, (query, sample) in named.items()
    }
    return {kind: codes for kind, codes in own.items() if codes}
