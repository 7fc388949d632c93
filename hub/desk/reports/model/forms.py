"""The closed list of reports, with the filters, groups and sorts that each takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.desk.targets.model import AIMS, KINDS, SPANS

GROUPS: Final = (
    *("area", "beat", "brand", "category", "customer", "customer_type", "product", "rep"),
    *("scheme", "funder", "status", "terminal", "warehouse", "order", "batch", "reason", "age"),
    *("document", "mode", "collector", "receipt", "note", "seller"),
    *("day", "week", "month", "quarter"),
)
"""What rows may be put together by; the last four are stretches of time."""
ENTITIES: Final = (
    *("area", "beat", "brand", "category", "customer", "funder", "product", "rep", "scheme"),
    "warehouse",
)
"""The filters that name a record of the masters."""
NUMBERS: Final = ("amount_gt", "amount_lt", "overdue_days_gt", "expiring_within_days")
"""The filters that hold a whole number; amounts are whole units of the currency (rupees)."""
CUSTOMER_TYPES: Final = ("distributor", "retailer", "super_stockist")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"customer_type": CUSTOMER_TYPES, "measure": tuple(AIMS), "aimed": KINDS, "span": SPANS}
)
"""The filters that are one of some words, beside the status, which each report has its own of."""
SORTED_BY: Final = ("amount", "change", "count", "days", "expiry", "quantity")
SORTS: Final = tuple(f"{what}_{way}" for what in SORTED_BY for way in ("asc", "desc"))


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What a report takes: filters, the words of its status, groups and sorts.

    `by` names what has the day that a period narrows it by: orders, documents, receipts; empty
    where it is of now alone. `row` is what one line of it is where it is not grouped.
    """

    name: str
    row: str
    filters: frozenset[str]
    statuses: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()
    by: str = "order"

    @property
    def dated(self) -> bool:
        """Say whether a period narrows it."""
        return bool(self.by)


def _form(
    name: str,
    row: str,
    filters: str,
    *,
    statuses: str = "",
    groups: str = "",
    sorts: str = "amount",
    by: str = "order",
) -> ReportForm:
    given = filters.split()
    if statuses:
        given.append("status")
    times = ("day", "week", "month", "quarter") if by else ()
    ways = (f"{what}_{way}" for what in sorts.split() for way in ("asc", "desc"))
    grouped = frozenset((*groups.split(), *times))
    return ReportForm(
        name, row, frozenset(given), tuple(statuses.split()), grouped, frozenset(ways), by
    )


_BUYERS: Final = "customer customer_type area beat rep mine"
_GOODS: Final = "product brand category"
_BY_BUYER: Final = "customer customer_type area beat rep"
_ORDER_WORDS: Final = "pending processing delivered cancelled"
_ORDERS: Final = f"{_BUYERS} {_GOODS} warehouse scheme amount_gt amount_lt"
_SALES: Final = f"{_BUYERS} {_GOODS} warehouse scheme amount_gt amount_lt"
_SOLD_BY: Final = f"{_BY_BUYER} {_GOODS} warehouse order"
_STOCK: Final = f"{_GOODS} warehouse"

REPORTS: Final[Mapping[str, ReportForm]] = MappingProxyType(
    {
        one.name: one
        for one in (
            _form(
                "orders",
                "order",
                _ORDERS,
                statuses=_ORDER_WORDS,
                groups=f"{_SOLD_BY} status",
                sorts="amount count quantity days",
            ),
            _form(
                "order_summary",
                "total",
                _ORDERS,
                statuses=_ORDER_WORDS,
                groups=f"{_SOLD_BY} status",
                sorts="amount count quantity",
            ),
            _form(
                "customer_orders",
                "order",
                _ORDERS,
                statuses=_ORDER_WORDS,
                groups=f"{_SOLD_BY} status",
                sorts="amount count quantity",
            ),
            _form(
                "held_orders",
                "order",
                f"{_BUYERS} {_STOCK} amount_gt amount_lt",
                groups=f"{_BY_BUYER} warehouse reason age",
                sorts="amount count days",
            ),
            _form(
                "approvals",
                "request",
                f"{_BUYERS} amount_gt amount_lt",
                statuses="pending approved rejected",
                groups=f"{_BY_BUYER} status",
                sorts="amount count days",
                by="decision",
            ),
            _form("sales", "total", _SALES, groups=_SOLD_BY, sorts="amount count quantity"),
            _form(
                "customer_sales", "customer", _SALES, groups=_SOLD_BY, sorts="amount count quantity"
            ),
            _form(
                "product_contribution",
                "product",
                _SALES,
                groups=_SOLD_BY,
                sorts="amount count quantity",
            ),
            _form(
                "trends",
                "month",
                _SALES,
                groups=f"{_BY_BUYER} {_GOODS} warehouse",
                sorts="amount change",
            ),
            _form(
                "distributor_productivity",
                "seller",
                "",
                groups="seller area",
                sorts="amount change count",
            ),
            _form(
                "unfilled",
                "product",
                _SALES,
                groups=_SOLD_BY,
                sorts="amount count quantity",
            ),
            _form(
                "stock_summary",
                "product",
                _STOCK,
                statuses="reserved damaged in_transit",
                groups=f"{_STOCK} batch",
                sorts="amount quantity",
                by="",
            ),
            _form(
                "stock_movement",
                "movement",
                _STOCK,
                groups=_STOCK,
                sorts="amount count quantity",
                by="movement",
            ),
            _form(
                "low_stock",
                "product",
                _STOCK,
                statuses="out_of_stock",
                groups=_STOCK,
                sorts="amount quantity",
                by="",
            ),
            _form(
                "batch_expiry",
                "batch",
                f"{_STOCK} expiring_within_days",
                statuses="expired",
                groups=_STOCK,
                sorts="amount expiry quantity",
                by="expiry",
            ),
            _form(
                "outstanding",
                "customer",
                f"{_BUYERS} amount_gt amount_lt overdue_days_gt",
                groups=f"{_BY_BUYER} document",
                sorts="amount days count",
                by="document",
            ),
            _form(
                "payments",
                "receipt",
                f"{_BUYERS} amount_gt amount_lt",
                groups=f"{_BY_BUYER} mode collector",
                sorts="amount count",
                by="receipt",
            ),
            _form(
                "customer_performance",
                "customer",
                f"{_BUYERS} amount_gt amount_lt",
                statuses="quiet",
                groups=_BY_BUYER,
                sorts="amount count days",
            ),
            _form(
                "stock_cover",
                "product",
                _STOCK,
                statuses="slow dead",
                groups=_STOCK,
                sorts="amount days quantity",
                by="",
            ),
            _form(
                "credit",
                "customer",
                f"{_BUYERS} amount_gt amount_lt",
                statuses="over_limit",
                groups=_BY_BUYER,
                sorts="amount count",
                by="",
            ),
            _form(
                "delivery_notes",
                "delivery_note",
                f"{_BUYERS} {_STOCK} amount_gt amount_lt",
                statuses="pending dispatched",
                groups=f"{_BY_BUYER} {_GOODS} warehouse status note",
                sorts="amount count days",
                by="note",
            ),
            _form(
                "order_to_cash",
                "total",
                f"{_BUYERS} warehouse",
                groups=f"{_BY_BUYER} warehouse order",
                sorts="days count",
            ),
            _form(
                "scheme_performance",
                "scheme",
                f"{_BUYERS} {_GOODS} scheme",
                statuses="running_out",
                groups=f"{_SOLD_BY} scheme funder",
                sorts="amount count quantity change",
            ),
            _form(
                "claims",
                "funder",
                f"{_BUYERS} {_GOODS} scheme funder",
                groups=f"{_SOLD_BY} scheme funder",
                sorts="amount count quantity",
                by="given",
            ),
            _form(
                "visit_compliance",
                "rep",
                _BUYERS,
                statuses="missed",
                groups=_BY_BUYER,
                sorts="amount count",
                by="field",
            ),
            _form(
                "productivity", "rep", _BUYERS, groups=_BY_BUYER, sorts="amount count", by="field"
            ),
            _form(
                "attendance",
                "rep",
                "area beat rep mine",
                statuses="absent",
                groups="area beat rep",
                sorts="count days",
                by="field",
            ),
            _form(
                "targets",
                "target",
                "customer area beat rep mine brand category product measure aimed span",
                statuses="reached ahead behind missed to_come",
                groups="rep area customer brand category product status",
                sorts="amount quantity days",
                by="target",
            ),
            _form(
                "terminals",
                "terminal",
                "customer customer_type area beat rep mine",
                statuses="offline",
                groups="customer area status",
                sorts="count days",
                by="",
            ),
            _form(
                "terminal_activity",
                "terminal",
                "customer customer_type area beat rep mine",
                statuses="silent",
                groups="customer area status terminal",
                sorts="count days",
            ),
        )
    }
)
"""The reports that can be asked for, by name."""
