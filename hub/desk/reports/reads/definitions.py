"""Which source, rows, measures and sorts each report is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.base.access import Permission, Scope
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import FilterValue, Period, ReportRequest
from hub.desk.reports.reads.achieving import reach_targets
from hub.desk.reports.reads.results.activity import activity
from hub.desk.reports.reads.results.attending import attendance, work_out_attendance
from hub.desk.reports.reads.results.schemes import is_by_scheme, schemes, work_out_schemes
from hub.desk.reports.reads.results.sellers import sellers
from hub.desk.reports.reads.results.trends import goods_trends, trends
from hub.desk.reports.reads.results.visiting import visits, work_out_visits
from hub.desk.reports.reads.results.waiting import find_waiting, is_decided, waiting
from hub.desk.reports.reads.rows.cover import buying, cover
from hub.desk.reports.reads.rows.given import given
from hub.desk.reports.reads.rows.orders import by_goods, lines, orders
from hub.desk.reports.reads.rows.others import customers, decisions, terminals
from hub.desk.reports.reads.rows.owed import owed, payments
from hub.desk.reports.reads.rows.sent import notes, steps
from hub.desk.reports.reads.rows.stock import batches, low, movements
from hub.desk.reports.reads.rows.targets import targets
from hub.desk.reports.reads.sources import AnswerAsked, Asked, Source
from hub.desk.targets.model import AIMS


class Prepare(Protocol):
    """Works out what a report shows beside its own rows, in the scope of who asks."""

    def __call__(
        self, connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
    ) -> Asked:
        """Give what is asked for with what was worked out."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to make a report: `grain` is a row's where nobody groups, `main` its first measure.

    `sorts` say which measure or fact each word of a sort means; `usual` is the sort where none is
    asked for. One that `compares` has other times in its rows: its totals stand beside none.
    """

    source: Callable[[Asked], Source]
    grain: str
    measures: tuple[str, ...]
    sorts: Mapping[str, str]
    usual: str
    own: tuple[str, ...] = ()
    compares: bool = False

    def shown(self, grain: str) -> tuple[str, ...]:
        """Give the measures of a grain: `own` where each row is one of the source's."""
        return self.own if self.own and grain == self.grain else self.measures

    @property
    def main(self) -> str:
        """Give the measure that charts are made of."""
        return self.measures[0]


@dataclass(frozen=True, slots=True)
class Definition:
    """A report: who may ask for it, which shape it takes, and over what where nobody says.

    `period` is the usual one (`today`, `last_30_days`), empty for all time or where none counts;
    `usual` are filters that are set so where nobody sets them. `prepare` works out what of a report
    is not in its own rows, by other reports.
    """

    permission: Permission
    shape: Callable[[Asked], Shape]
    period: str = ""
    area: str = "orders"
    usual: tuple[tuple[str, FilterValue], ...] = ()
    prepare: Prepare | None = None


def _always(shape: Shape) -> Callable[[Asked], Shape]:
    return lambda _asked: shape


_AGES: Final = ("not_due", "d1_30", "d31_60", "d61_90", "d90_more")
_STEPPED: Final = ("orders_to_delivery", "orders_to_invoice", "orders_to_payment")
_ORDER_SORTS: Final = {"amount": "payable", "count": "orders", "quantity": "orders"}
_LIST: Final = Shape(
    orders,
    "order",
    ("orders", "payable"),
    {**_ORDER_SORTS, "days": "order_day"},
    "-days",
    own=("payable",),
)
_LIST_OF_LINES: Final = Shape(
    lines,
    "order",
    ("line_orders", "goods_value", "quantity"),
    {
        "amount": "goods_value",
        "count": "line_orders",
        "quantity": "quantity",
        "days": "goods_value",
    },
    "-amount",
)
_SUMMARY: Final = Shape(
    orders, "status", ("orders", "payable", "average_asked"), _ORDER_SORTS, "-count"
)
_BY_CUSTOMER: Final = Shape(
    orders,
    "customer",
    ("orders", "order_value", "average_order"),
    {"amount": "order_value", "count": "orders", "quantity": "orders"},
    "-amount",
)
_SALES: Final = Shape(
    partial(orders, kept="standing"),
    "day",
    ("order_value", "standing_orders", "average_order", "customers"),
    {"amount": "order_value", "count": "standing_orders", "quantity": "standing_orders"},
    "-amount",
)
_GOODS: Final = Shape(
    partial(lines, kept="standing"),
    "product",
    ("goods_value", "share", "quantity", "free_quantity", "line_orders", "customers"),
    {"amount": "goods_value", "count": "line_orders", "quantity": "quantity"},
    "-amount",
)
_UNFILLED: Final = Shape(
    lines,
    "product",
    ("cut", "asked", "served", "waiting", "turned_away", "fill_rate", "cut_value"),
    {"amount": "cut_value", "quantity": "cut", "count": "asked"},
    "-quantity",
)
_HELD: Final = Shape(
    partial(orders, kept="held"),
    "order",
    ("held", "held_value"),
    {"amount": "held_value", "count": "held", "days": "since"},
    "days",
    own=("held_value",),
)
_WAITING: Final = replace(_HELD, source=waiting)
_STOCK: Final = Shape(
    batches,
    "product",
    ("on_hand", "reserved", "available", "damaged", "quarantine", "in_transit"),
    {"amount": "on_hand", "quantity": "on_hand"},
    "",
)
_EXPIRY: Final = Shape(
    batches,
    "batch",
    ("on_hand", "reserved", "batches"),
    {"amount": "on_hand", "quantity": "on_hand", "expiry": "expiry"},
    "expiry",
    own=("on_hand", "reserved"),
)
_LOW: Final = Shape(
    low,
    "low",
    ("low", "available", "inbound"),
    {"amount": "available", "quantity": "available"},
    "quantity",
    own=("available", "inbound", "reorder_level"),
)
_MOVED: Final = Shape(
    movements,
    "movement",
    ("came_in", "went_out", "moved_inside", "movements"),
    {"amount": "came_in", "count": "movements", "quantity": "went_out"},
    "-count",
    own=("came_in", "went_out", "moved_inside"),
)
_CREDIT: Final = Shape(
    customers,
    "customer",
    ("exposure", "credit_limit", "credit_left", "customers_shown"),
    {"amount": "exposure", "count": "customers_shown", "days": "exposure"},
    "-amount",
    own=("exposure", "credit_limit", "credit_left"),
)
_OWED: Final = Shape(
    owed,
    "customer",
    ("outstanding", "overdue", *_AGES, "unallocated"),
    {"amount": "outstanding", "count": "open_documents", "days": "overdue"},
    "-amount",
)
_PAID: Final = Shape(
    payments,
    "day",
    ("received", "in_clearing", "bounced", "refunded", "written_off", "receipts"),
    {"amount": "received", "count": "receipts"},
    "-amount",
)
_SENT: Final = Shape(
    notes,
    "note",
    ("notes", "planned", "sent", "brought", "came_back", "went_lost"),
    {"amount": "planned", "count": "notes", "days": "note_day"},
    "-days",
)
_CASHED: Final = Shape(
    steps,
    "month",
    ("days_to_delivery", "days_to_invoice", "days_to_payment", *_STEPPED),
    {"days": "to_payment", "count": "orders_to_delivery"},
    "-count",
)
_COVER: Final = Shape(
    cover,
    "cover",
    ("available", "sold_30", "cover_days", "slow", "dead"),
    {"amount": "available", "quantity": "available", "days": "cover_stock"},
    "",
)
_BUYING: Final = Shape(
    buying,
    "customer",
    (
        *("order_value", "earlier_value", "growth", "standing_orders", "lines_an_order"),
        *("overdue", "bounced_cheques", "customers_shown"),
    ),
    {"amount": "order_value", "count": "standing_orders", "days": "last_order"},
    "-amount",
    own=(
        *("order_value", "earlier_value", "growth", "standing_orders", "lines_an_order"),
        *("overdue", "bounced_cheques"),
    ),
    compares=True,
)
_TRENDS: Final = Shape(
    trends,
    "month",
    ("order_value", "earlier_value", "growth", "year_value", "year_growth"),
    {"amount": "order_value", "change": "growth"},
    "-amount",
    compares=True,
)
_GOODS_TRENDS: Final = Shape(
    goods_trends,
    "month",
    ("goods_value", "earlier_goods", "goods_growth", "year_goods", "year_goods_growth"),
    {"amount": "goods_value", "change": "goods_growth"},
    "-amount",
    compares=True,
)
_SELLING: Final = Shape(
    sellers,
    "seller",
    (
        *("order_value", "earlier_value", "growth", "standing_orders", "average_order"),
        *("lines_an_order", "served_customers", "own_customers", "coverage"),
    ),
    {"amount": "order_value", "change": "growth", "count": "standing_orders"},
    "-amount",
    compares=True,
)
_USED: Final = Shape(
    activity,
    "terminal",
    ("sent_orders", "turned_down", "active_days", "silent", "terminals"),
    {"count": "sent_orders", "days": "last_order"},
    "-count",
    own=("sent_orders", "turned_down", "active_days"),
    compares=True,
)
_DECIDED: Final = Shape(
    decisions,
    "decision",
    ("decisions", "granted", "refused"),
    {"amount": "decisions", "count": "decisions", "days": "since"},
    "-days",
    own=("decisions",),
)
_GIVEN_SORTS: Final = {
    "amount": "scheme_cost",
    "count": "scheme_orders",
    "quantity": "scheme_pieces",
    "change": "scheme_cost",
}
_GIVEN: Final = Shape(
    given, "scheme", ("scheme_cost", "scheme_pieces", "scheme_orders"), _GIVEN_SORTS, "-amount"
)
_SCHEMES: Final = Shape(
    schemes,
    "scheme",
    (
        *("scheme_cost", "scheme_pieces", "scheme_orders"),
        *("scheme_sold", "scheme_before", "uplift", "uplift_rate"),
        *("budget_left", "uses_left", "pieces_left"),
    ),
    {**_GIVEN_SORTS, "change": "uplift"},
    "-amount",
    compares=True,
)
_CLAIMS: Final = Shape(
    given,
    "funder",
    ("scheme_cost", "claimed", "to_claim", "own_cost", "scheme_pieces"),
    {"amount": "scheme_cost", "count": "to_claim", "quantity": "scheme_pieces"},
    "-amount",
)
_AIMED: Final = {
    unit: Shape(
        targets,
        "target",
        (f"target_{unit}", f"achieved_{unit}", f"{unit}_rate", f"due_{unit}", f"needed_{unit}"),
        {"amount": f"target_{unit}", "quantity": f"achieved_{unit}", "days": "begins"},
        "-amount",
    )
    for unit in ("amount", "count")
}
_PLANNED: Final = Shape(
    visits,
    "rep",
    (
        *("planned_visits", "kept_visits", "missed_visits", "visit_rate", "made_visits"),
        *("verified_visits", "covered_outlets", "beat_outlets", "beat_coverage"),
    ),
    {"amount": "visit_rate", "count": "missed_visits"},
    "-count",
)
_MISSED: Final = replace(_PLANNED, grain="customer", measures=("missed_visits",))
_STRUCK: Final = Shape(
    visits,
    "rep",
    (
        *("made_visits", "productive_visits", "strike_rate", "planned_visits", "kept_productive"),
        *("planned_strike_rate", "visit_minutes"),
    ),
    {"amount": "strike_rate", "count": "productive_visits"},
    "-count",
)
_ATTENDED: Final = Shape(
    attendance,
    "rep",
    ("working_days", "days_at_work", "leave_days", "absent_days", "attendance_rate"),
    {"count": "days_at_work", "days": "absent_days"},
    "-days",
)
_TERMINALS: Final = Shape(
    terminals, "terminal", ("terminals",), {"count": "terminals", "days": "terminals"}, ""
)


def _or_lines(
    plain: Shape, with_goods: Shape, *, filtered: bool = False
) -> Callable[[Asked], Shape]:
    return lambda asked: with_goods if by_goods(asked, filtered=filtered) else plain


def _sales(grain: str) -> Callable[[Asked], Shape]:
    """Make sales of orders, or of lines where products are asked about."""
    return _or_lines(replace(_SALES, grain=grain), replace(_GOODS, grain=grain), filtered=True)


def _targets(asked: Asked) -> Shape:
    """Give targets as they are counted: the measure that is asked about is money, or a count."""
    aim = AIMS.get(str(asked.request.find("measure")))
    return _AIMED["count" if aim and not aim.money else "amount"]


def _schemes(asked: Asked) -> Shape:
    """Give schemes with what was sold of their goods; by customer or month, what they gave."""
    return _SCHEMES if is_by_scheme(asked.request) else _GIVEN


def _visits(asked: Asked) -> Shape:
    """Give visits beside their plan by person; what was missed, by the outlet that waited."""
    return _MISSED if asked.request.find("status") == "missed" else _PLANNED


def _approvals(asked: Asked) -> Shape:
    """Give what waits, unless what was decided, or a period, is asked about."""
    return _DECIDED if is_decided(asked.request) else _WAITING


DEFINITIONS: Final[Mapping[str, Definition]] = MappingProxyType(
    {
        "order_summary": Definition(
            "orders.read", _or_lines(_SUMMARY, _LIST_OF_LINES), "last_30_days"
        ),
        "orders": Definition("orders.read", _or_lines(_LIST, _LIST_OF_LINES), "last_7_days"),
        "customer_orders": Definition(
            "orders.read", _or_lines(_BY_CUSTOMER, _LIST_OF_LINES), "last_30_days"
        ),
        "held_orders": Definition("orders.read", _always(_HELD)),
        "approvals": Definition("approvals.read", _approvals, prepare=find_waiting),
        "sales": Definition("orders.read", _sales("day"), "last_30_days", area="sales"),
        "customer_sales": Definition(
            "orders.read", _sales("customer"), "last_30_days", area="sales"
        ),
        "product_contribution": Definition(
            "orders.read", _always(_GOODS), "last_30_days", area="sales"
        ),
        "trends": Definition(
            "orders.read", _or_lines(_TRENDS, _GOODS_TRENDS, filtered=True), "fy", area="sales"
        ),
        "distributor_productivity": Definition(
            "orders.read", _always(_SELLING), "this_month", area="sales"
        ),
        "scheme_performance": Definition(  # what it costs, and who pays, is the house's to know
            "products.read", _schemes, "last_30_days", area="sales", prepare=work_out_schemes
        ),
        "claims": Definition("claims.read", _always(_CLAIMS), "last_30_days", area="money"),
        "unfilled": Definition("orders.read", _always(_UNFILLED), "last_30_days", area="stock"),
        "stock_summary": Definition("stock.read", _always(_STOCK), area="stock"),
        "stock_movement": Definition("stock.read", _always(_MOVED), "last_7_days", area="stock"),
        "low_stock": Definition("stock.read", _always(_LOW), area="stock"),
        "batch_expiry": Definition("stock.read", _always(_EXPIRY), area="stock"),
        "credit": Definition("customers.read", _always(_CREDIT), area="money"),
        "outstanding": Definition("customers.read", _always(_OWED), area="money"),
        "payments": Definition("payments.read", _always(_PAID), "last_30_days", area="money"),
        "customer_performance": Definition(
            "orders.read", _always(_BUYING), "last_30_days", area="sales"
        ),
        "stock_cover": Definition("stock.read", _always(_COVER), area="stock"),
        "delivery_notes": Definition("deliveries.read", _always(_SENT), "last_7_days"),
        "order_to_cash": Definition("invoices.read", _always(_CASHED), "fy", area="money"),
        "targets": Definition(
            "targets.read",
            _targets,
            "this_month",
            area="sales",
            usual=(("measure", "order_value"),),
            prepare=reach_targets,
        ),
        "visit_compliance": Definition(
            "field.read", _visits, "this_month", area="field", prepare=work_out_visits
        ),
        "productivity": Definition(
            "field.read", _always(_STRUCK), "this_month", area="field", prepare=work_out_visits
        ),
        "attendance": Definition(
            "field.read",
            _always(_ATTENDED),
            "this_month",
            area="field",
            prepare=work_out_attendance,
        ),
        "terminals": Definition("terminals.read", _always(_TERMINALS), area="network"),
        "terminal_activity": Definition(
            "terminals.read", _always(_USED), "last_7_days", area="network"
        ),
    }
)
"""The reports that are answered, in the order in which they are offered."""


def measures_of(report: str) -> frozenset[str]:
    """Name every measure that a report shows, however it is asked for."""
    form, shape = REPORTS[report], DEFINITIONS[report].shape
    today = date(2000, 1, 1)
    filters: list[tuple[tuple[str, FilterValue], ...]] = [()]
    if "measure" in form.filters:
        filters += [(("measure", name),) for name in AIMS]
    asked = [
        ReportRequest(report, some, period, group)
        for some in filters
        for period in ((None, Period("day", today, today)) if form.dated else (None,))
        for group in (None, *sorted(form.groups))
    ]
    shapes = [shape(Asked(one, "", today, 0, ZoneInfo("UTC"))) for one in asked]
    return frozenset(name for one in shapes for name in (*one.measures, *one.own))
