"""Say how much of a product is kept in a warehouse."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.stock.model.levels import read_level
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.levels import ids_of_products, write_levels


@dataclass(slots=True)
class SetLevel:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, warehouse: str, sku: str, texts: Texts, *, by: str, scope: Scope
    ) -> Refused | None:
        """Set `reorder` and `maximum` in base units; blank is as the product has it."""
        level = read_level(texts)
        if isinstance(level, list):
            return Refused(tuple(level))
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            place = find_place(t, warehouse, scope=scope)
            if place is None:
                return refused("stock_warehouse_unknown", field="warehouse", warehouse=warehouse)
            products = ids_of_products(t.connection, [sku])
            if sku not in products:
                return refused("stock_product_unknown", field="code", code=sku)
            why = texts.get("note", "").strip()[:500]
            write_levels(t, place, {sku: level}, products=products, why=why)
            t.commit()
        return None
