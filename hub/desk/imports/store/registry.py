"""The kinds of masters that files are taken into: a new one is a module of its own and a line."""

from collections.abc import Mapping
from typing import Final

from hub.desk.imports.store.kinds import MastersKind
from hub.desk.imports.store.masters.customers import CUSTOMERS
from hub.desk.imports.store.masters.levels import LEVELS
from hub.desk.imports.store.masters.openings import OPENINGS
from hub.desk.imports.store.masters.orders import ORDERS
from hub.desk.imports.store.masters.prices import PRICES
from hub.desk.imports.store.masters.products import PRODUCTS
from hub.desk.imports.store.masters.stock import STOCK
from hub.desk.imports.store.masters.targets import TARGETS
from hub.desk.imports.store.masters.workdays import WORKDAYS

KINDS: Final[Mapping[str, MastersKind]] = {
    one.spec.name: one
    for one in (
        CUSTOMERS,
        PRODUCTS,
        OPENINGS,
        STOCK,
        LEVELS,
        ORDERS,
        TARGETS,
        WORKDAYS,
        PRICES,
    )
}
"""By name; the table of runs has the same names in its CHECK."""
