"""The measures: every number that people decide by, defined once.

Tiles, lists, reports, files and the assistant read this file. A measure's name and what is counted
in it are worded in the catalogue as `measure.NAME` and `measure_said.NAME`.
"""

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["orders", "money", "base_units", "customers", "lines", "percent", "days", "rows"]
"""What a measure is counted in; money is of the minor unit, a percent in hundredths of one."""
Total = Literal["sum", "distinct", "ratio", "share", "alike"]
"""How a total is made of the rows: added up, counted again, divided again, the whole of a share, or
added up where the rows are of one kind, and none where they are not.

Two shops that each ordered on two days are 2 customers in all, not 4: `distinct`. 30.00 over one
order and 10.00 over three are 10.00 an order in all, not 16.67: `ratio`. The targets of two people
for November are one sum; a person's and that of the company, which holds it, are none: `alike`.
So are what was sold of the goods of two schemes, which may be the same goods.
"""
Counted = Literal[
    "order_date",
    "movement_date",
    "decision_date",
    "receipt_date",
    "note_date",
    "document_date",
    "field_day",
    "now",
]
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
    Measure("outstanding", "money", "now"),
    Measure("overdue", "money", "now"),
    Measure("not_due", "money", "now"),
    Measure("d1_30", "money", "now"),
    Measure("d31_60", "money", "now"),
    Measure("d61_90", "money", "now"),
    Measure("d90_more", "money", "now"),
    Measure("unallocated", "money", "now"),
    Measure("open_documents", "rows", "now"),
    Measure("received", "money", "receipt_date"),
    Measure("in_clearing", "money", "receipt_date"),
    Measure("bounced", "money", "receipt_date"),
    Measure("refunded", "money", "receipt_date"),
    Measure("written_off", "money", "receipt_date"),
    Measure("receipts", "rows", "receipt_date"),
)
_STEPS: Final = (
    Measure("notes", "rows", "note_date", "distinct"),
    Measure("planned", "base_units", "note_date"),
    Measure("sent", "base_units", "note_date"),
    Measure("brought", "base_units", "note_date"),
    Measure("came_back", "base_units", "note_date"),
    Measure("went_lost", "base_units", "note_date"),
    Measure("to_delivery", "days", "order_date"),
    Measure("to_invoice", "days", "order_date"),
    Measure("to_payment", "days", "order_date"),
    Measure("orders_to_delivery", "orders", "order_date"),
    Measure("orders_to_invoice", "orders", "order_date"),
    Measure("orders_to_payment", "orders", "order_date"),
    Measure(
        "days_to_delivery", "days", "order_date", "ratio", ("to_delivery", "orders_to_delivery")
    ),
    Measure("days_to_invoice", "days", "order_date", "ratio", ("to_invoice", "orders_to_invoice")),
    Measure("days_to_payment", "days", "order_date", "ratio", ("to_payment", "orders_to_payment")),
    Measure("sold_30", "base_units", "now"),
    Measure("cover_stock", "base_units", "now"),
    Measure("cover_days", "days", "now", "ratio", ("cover_stock", "sold_30")),
    Measure("slow", "rows", "now"),
    Measure("dead", "rows", "now"),
    Measure("earlier_value", "money", "order_date"),
    Measure("value_change", "money", "order_date"),
    Measure("growth", "percent", "order_date", "ratio", ("value_change", "earlier_value")),
    Measure("year_value", "money", "order_date"),
    Measure("year_change", "money", "order_date"),
    Measure("year_growth", "percent", "order_date", "ratio", ("year_change", "year_value")),
    Measure("earlier_goods", "money", "order_date"),
    Measure("goods_change", "money", "order_date"),
    Measure("goods_growth", "percent", "order_date", "ratio", ("goods_change", "earlier_goods")),
    Measure("year_goods", "money", "order_date"),
    Measure("year_goods_more", "money", "order_date"),
    Measure(
        "year_goods_growth", "percent", "order_date", "ratio", ("year_goods_more", "year_goods")
    ),
    Measure("served_customers", "customers", "order_date"),
    Measure("own_customers", "customers", "now"),
    Measure("served_own", "customers", "order_date"),
    Measure("coverage", "percent", "order_date", "ratio", ("served_own", "own_customers")),
    Measure("bounced_cheques", "rows", "receipt_date"),
    Measure("lines_of_orders", "lines", "order_date"),
    Measure(
        "lines_an_order", "lines", "order_date", "ratio", ("lines_of_orders", "standing_orders")
    ),
)
_OTHERS: Final = (
    Measure("decisions", "rows", "decision_date"),
    Measure("granted", "rows", "decision_date"),
    Measure("refused", "rows", "decision_date"),
    Measure("scheme_cost", "money", "document_date"),
    Measure("scheme_pieces", "base_units", "document_date"),
    Measure("scheme_orders", "orders", "document_date", "distinct"),
    Measure("scheme_sold", "money", "order_date", "alike"),
    Measure("scheme_before", "money", "order_date", "alike"),
    Measure("uplift", "money", "order_date", "alike"),
    Measure("uplift_rate", "percent", "order_date", "ratio", ("uplift", "scheme_before")),
    Measure("budget_left", "money", "now", "alike"),
    Measure("uses_left", "rows", "now", "alike"),
    Measure("pieces_left", "base_units", "now", "alike"),
    Measure("claimed", "money", "document_date"),
    Measure("to_claim", "money", "document_date"),
    Measure("own_cost", "money", "document_date"),
    Measure("terminals", "rows", "now"),
    Measure("sent_orders", "orders", "order_date"),
    Measure("turned_down", "orders", "order_date"),
    Measure("active_days", "days", "order_date"),
    Measure("silent", "rows", "order_date"),
)
_TARGETS: Final = (
    Measure("target_amount", "money", "now", "alike"),
    Measure("achieved_amount", "money", "now", "alike"),
    Measure("due_amount", "money", "now", "alike"),
    Measure("needed_amount", "money", "now", "alike"),
    Measure("amount_rate", "percent", "now", "ratio", ("achieved_amount", "target_amount")),
    Measure("target_count", "base_units", "now", "alike"),
    Measure("achieved_count", "base_units", "now", "alike"),
    Measure("due_count", "base_units", "now", "alike"),
    Measure("needed_count", "base_units", "now", "alike"),
    Measure("count_rate", "percent", "now", "ratio", ("achieved_count", "target_count")),
)
_FIELD: Final = (
    Measure("planned_visits", "rows", "field_day"),
    Measure("kept_visits", "rows", "field_day"),
    Measure("missed_visits", "rows", "field_day"),
    Measure("visit_rate", "percent", "field_day", "ratio", ("kept_visits", "planned_visits")),
    Measure("made_visits", "rows", "field_day"),
    Measure("verified_visits", "rows", "field_day"),
    Measure("productive_visits", "rows", "field_day"),
    Measure("strike_rate", "percent", "field_day", "ratio", ("productive_visits", "made_visits")),
    Measure("kept_productive", "rows", "field_day"),
    Measure(
        "planned_strike_rate",
        "percent",
        "field_day",
        "ratio",
        ("kept_productive", "planned_visits"),
    ),
    Measure("covered_outlets", "customers", "field_day", "distinct"),
    Measure("beat_outlets", "customers", "field_day", "distinct"),
    Measure("beat_coverage", "percent", "field_day", "ratio", ("covered_outlets", "beat_outlets")),
    Measure("visit_minutes", "rows", "field_day"),
    Measure("working_days", "days", "field_day"),
    Measure("days_at_work", "days", "field_day"),
    Measure("leave_days", "days", "field_day"),
    Measure("absent_days", "days", "field_day"),
    Measure("attendance_rate", "percent", "field_day", "ratio", ("days_at_work", "working_days")),
)
MEASURES: Final = {
    one.name: one
    for one in (*_ORDERS, *_LINES, *_STOCK, *_MONEY, *_STEPS, *_OTHERS, *_TARGETS, *_FIELD)
}
"""All measures by name."""
