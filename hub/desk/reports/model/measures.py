"""The measures: every number that people decide by, defined once.

Tiles, lists, reports, files and the assistant read this file. A measure's name and what is counted
in it are worded in the catalogue as `measure.NAME` and `measure_said.NAME`.
"""

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["orders", "money", "base_units", "customers", "lines", "percent", "days", "rows"]
"""What a measure is counted in; money is of the minor unit, a percent in hundredths of one."""
Total = Literal["sum", "distinct", "ratio", "share"]
"""How a total is made of the rows: added up, counted again, divided again, or the whole of a share.

Two shops that each ordered on two days are 2 customers in all, not 4: `distinct`. 30.00 over one
order and 10.00 over three are 10.00 an order in all, not 16.67: `ratio`.
"""
Counted = Literal["order_date", "movement_date", "decision_date", "now"]
"""Which date says whether something belongs to a period; `now` belongs to none."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number: its unit, which date counts, and how its total is made.

    `of` names the measures that a ratio divides, the first by the second.
    """

    name: str
    unit: Unit
    counted: Counted
    total: Total = "sum"
    of: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        """Give the id of its name's words."""
        return f"measure.{self.name}"

    @property
    def said(self) -> str:
        """Give the id of the words that say what is counted in it."""
        return f"measure_said.{self.name}"


_ORDERS: Final = (
    Measure("orders", "orders", "order_date"),
    Measure("standing_orders", "orders", "order_date"),
    Measure("order_value", "money", "order_date"),
    Measure("customers", "customers", "order_date", "distinct"),
    Measure("average_order", "money", "order_date", "ratio", ("order_value", "standing_orders")),
    Measure("payable", "money", "order_date"),
    Measure("average_asked", "money", "order_date", "ratio", ("payable", "orders")),
    Measure("held", "orders", "now"),
    Measure("held_value", "money", "now"),
)
_LINES: Final = (
    Measure("goods_value", "money", "order_date"),
    Measure("share", "percent", "order_date", "share", ("goods_value", "goods_value")),
    Measure("quantity", "base_units", "order_date"),
    Measure("free_quantity", "base_units", "order_date"),
    Measure("line_orders", "orders", "order_date", "distinct"),
    Measure("asked", "base_units", "order_date"),
    Measure("served", "base_units", "order_date"),
    Measure("cut", "base_units", "order_date"),
    Measure("waiting", "base_units", "order_date"),
    Measure("turned_away", "base_units", "order_date"),
    Measure("fill_rate", "percent", "order_date", "ratio", ("served", "asked")),
    Measure("cut_value", "money", "order_date"),
)
_STOCK: Final = (
    Measure("on_hand", "base_units", "now"),
    Measure("reserved", "base_units", "now"),
    Measure("available", "base_units", "now"),
    Measure("damaged", "base_units", "now"),
    Measure("quarantine", "base_units", "now"),
    Measure("in_transit", "base_units", "now"),
    Measure("batches", "rows", "now"),
    Measure("came_in", "base_units", "movement_date"),
    Measure("went_out", "base_units", "movement_date"),
    Measure("movements", "rows", "movement_date"),
    Measure("moved_inside", "base_units", "movement_date"),
    Measure("inbound", "base_units", "now"),
    Measure("low", "rows", "now"),
    Measure("reorder_level", "base_units", "now"),
)
_MONEY: Final = (
    Measure("exposure", "money", "now"),
    Measure("credit_limit", "money", "now"),
    Measure("credit_left", "money", "now"),
    Measure("opening_owed", "money", "now"),
    Measure("customers_shown", "customers", "now"),
)
_OTHERS: Final = (
    Measure("decisions", "rows", "decision_date"),
    Measure("granted", "rows", "decision_date"),
    Measure("refused", "rows", "decision_date"),
    Measure("scheme_uses", "rows", "order_date"),
    Measure("scheme_cost", "money", "order_date"),
    Measure("scheme_pieces", "base_units", "order_date"),
    Measure("scheme_orders", "orders", "order_date", "distinct"),
    Measure("terminals", "rows", "now"),
)
MEASURES: Final = {one.name: one for one in (*_ORDERS, *_LINES, *_STOCK, *_MONEY, *_OTHERS)}
"""All measures by name."""
