"""What this hub has, as the linter holds rules against it: products, customers, people."""

from sqlalchemy import Connection, select

from hub.desk.parties.tables import HOUSE, party
from hub.desk.people.store.standing import held_roles
from hub.desk.products.model import read_pack_sizes
from hub.desk.products.tables import product
from rules.tools.lint.catalogue import Catalogue


def read_known(connection: Connection, warehouses: frozenset[str]) -> Catalogue:
    """Give all products on sale, with their costs and units, all who buy, and the roles held.

    The `warehouses` are another noun's.
    """
    known = connection.execute(select(product)).all()
    goods = [one for one in known if one.active]
    buyers = connection.execute(select(party).where(party.c.code != HOUSE)).all()
    return Catalogue(
        products={
            one.sku: _said(
                {
                    "sku": one.sku,
                    "category": one.category,
                    "brand": one.brand,
                    "tax_class": one.tax_class,
                }
            )
            for one in goods
        },
        customers={
            one.code: _said({"customer": one.code, "customer.type": one.type, "geo": one.geo})
            for one in buyers
        },
        costs={one.sku: one.cost for one in goods if one.cost is not None},
        units=frozenset(
            unit for one in goods for unit in (one.base_unit, *read_pack_sizes(one.pack_sizes))
        ),
        unsold=frozenset(one.sku for one in known if not one.active),
        warehouses=warehouses,
        roles=held_roles(connection),
    )


def _said(entry: dict[str, str | None]) -> dict[str, str]:
    """Leave out what nothing is said of."""
    return {key: value for key, value in entry.items() if value}
