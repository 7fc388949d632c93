"""Say how much of a product is kept in a warehouse, and where."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Refused, refused
from hub.base.transaction import Transactions
from hub.desk.stock.model.levels import read_level
from hub.desk.stock.model.lines import Texts
from hub.desk.stock.store.finding import find_place
from hub.desk.stock.store.levels import ids_of_products, levels_in, write_levels


@dataclass(slots=True)
class SetLevel:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock

    def __call__(
        self, warehouse: str, sku: str, texts: Texts, *, by: str, scope: Scope
    ) -> Refused | None:
        """Set `reorder` and `maximum` in base units, and the `bin` where the product lies.

        Blank is as the product has it, or no bin; what is left out stays.
        """
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            place = find_place(t, warehouse, scope=scope)
            if place is None:
                return refused("stock_warehouse_unknown", field="warehouse", warehouse=warehouse)
            products = ids_of_products(t.connection, [sku])
            if sku not in products:
                return refused("stock_product_unknown", field="code", code=sku)
            now = levels_in(t, place, [products[sku]])[products[sku]]
            level = read_level(texts, now=now)
            if isinstance(level, list):
                return Refused(tuple(level))
            why = texts.get("note", "").strip()[:500]
            write_levels(t, place, {sku: level}, products=products, why=why)
            t.commit()
        return None
