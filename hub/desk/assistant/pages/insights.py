"""Three kinds of computed sentences: what moved, what crossed a limit, what is about to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords
from hub.desk.reports.model.answers import Answer
from hub.desk.reports.model.periods import before, period_of
from hub.desk.reports.model.requests import Named, ReportRequest
from hub.desk.reports.pages.addresses import address_of
from hub.desk.reports.pages.showing import said_figure
from hub.desk.reports.reads.asking import ask, local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.desk.reports.reads.engine import answer_report
from hub.desk.reports.reads.planning import Page

MOVERS: Final = 3
_SOON_DAYS: Final = 30
_ONE: Final = Page(0, 1)
_COUNTED: Final[Sequence[tuple[str, str, str, str | int]]] = (
    ("crossed", "credit", "status", "over_limit"),
    ("crossed", "low_stock", "status", "out_of_stock"),
    ("coming", "low_stock", "", ""),
    ("coming", "batch_expiry", "expiring_within_days", _SOON_DAYS),
    ("coming", "scheme_performance", "status", "running_out"),
    ("coming", "targets", "status", "behind"),
)
"""What is counted: its kind, the report and the filter whose rows are meant."""


@dataclass(frozen=True, slots=True)
class Insight:
    """A sentence of a kind (`moved`, `crossed`, `coming`), and the address of its rows."""

    kind: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, in which words, and when."""

    session: Session
    words: PageWords
    now_ms: int
    zone: ZoneInfo


def read_insights(connection: Connection, looking: Looking) -> Sequence[Insight]:
    """Read those that the reader may see; each is the rows of the report that it leads to."""
    found = list(_movers(connection, looking))
    for kind, report, name, value in _COUNTED:
        request = ReportRequest(report, _filters(name, value))
        found += _count(connection, looking, request, kind=kind)
    return found


def _filters(name: str, value: str | int) -> tuple[tuple[str, str | int], ...]:
    return ((name, value),) if name else ()


def _movers(connection: Connection, looking: Looking) -> Iterator[Insight]:
    """Name the customers whose orders moved most against the week before."""
    if not looking.session.may(DEFINITIONS["customer_sales"].permission):
        return
    week = period_of("last_7_days", local_date(looking.now_ms, looking.zone))
    now = _answer(connection, looking, ReportRequest("customer_sales", (), week, "customer"))
    then = _answer(connection, looking, replace(now.request, period=before(week)))
    if not now.currency and not then.currency:
        return
    figures = {one.code: _value(one.values["order_value"]) for one in now.lines}
    earlier = {one.code: _value(one.values["order_value"]) for one in then.lines}
    names = {one.code: str(one.values["label"]) for one in (*then.lines, *now.lines)}
    moved = {code: figures.get(code, 0) - earlier.get(code, 0) for code in names}
    ranked = sorted(moved, key=lambda code: (-abs(moved[code]), code))
    for code in ranked[:MOVERS]:
        if not moved[code]:
            return
        said = {
            "customer": names[code],
            "now": said_figure(now, figures.get(code, 0), looking.words),
            "then": said_figure(now, earlier.get(code, 0), looking.words),
        }
        way = "risen" if moved[code] > 0 else "fallen"
        request = now.request.having("customer", Named(names[code], code))
        address = address_of(replace(request, group_by="day"))
        yield Insight("moved", looking.words.text(f"insight.{way}", **said), address)


def _count(
    connection: Connection, looking: Looking, request: ReportRequest, *, kind: str
) -> Iterator[Insight]:
    """Count the rows of a report; none is no sentence."""
    report = request.report
    if not looking.session.may(DEFINITIONS[report].permission):
        return
    answer = _answer(connection, looking, request, page=_ONE)
    if answer.count:
        name = next((name for name, _ in request.filters), "any")
        text = looking.words.counted(f"insight.{report}_{name}", answer.count)
        yield Insight(kind, text, address_of(request))


def _answer(
    connection: Connection, looking: Looking, request: ReportRequest, *, page: Page | None = None
) -> Answer:
    session = looking.session
    asked = ask(
        request, reader=session.user, roles=session.roles, now_ms=looking.now_ms, zone=looking.zone
    )
    if page is not None:
        return answer_report(connection, asked, scope=session.scope, page=page)
    return answer_report(connection, asked, scope=session.scope, measures=("order_value",))


def _value(value: object) -> int:
    return value if isinstance(value, int) else 0
