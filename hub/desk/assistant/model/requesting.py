"""What was heard in a question becomes a request: report, filters, days, groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, pairwise
from typing import Final

from hub.desk.assistant.model.amounts import ReadAmounts
from hub.desk.assistant.model.choosing import Heard, choose_report, choose_shape
from hub.desk.assistant.model.comparing import Beside, compare_days, is_compared
from hub.desk.assistant.model.names import Entry, Mention
from hub.desk.assistant.model.replies import (
    Asker,
    Declined,
    Reading,
    Reply,
    Unclear,
    Understood,
)
from hub.desk.assistant.model.spelling import Word, fold
from hub.desk.reports.model.forms import REPORTS
from hub.desk.reports.model.requests import (
    FilterValue,
    Named,
    ReportRequest,
    RequestError,
    Several,
    names_of,
)

_JOINED: Final = (["and"], ["aur"], ["or"], ["ya"], ["और"], ["या"], ["with"])
_NEXT: Final = frozenset((fold("next"), fold("agle"), fold("coming")))
_AIMED: Final = (("payments", "received"), ("orders", "standing_orders"))
"""What a target is of where the question names another report beside it: `collection target`."""
_TOMORROW: Final = fold("tomorrow")
_COUNTED: Final = frozenset(
    (
        *("orders", "order_summary", "customer_orders", "sales", "customer_sales", "payments"),
        *("product_contribution", "stock_movement", "visit_compliance", "scheme_performance"),
    )
)
"""The reports of what happened: who did *not* is in none of them."""
_30_DAYS: Final = 30
_OF_30_DAYS: Final = frozenset({"stock_cover", "customer_performance"})
"""Stock cover divides by what was ordered in so many days, and a customer is quiet after them."""
_COMING: Final = {
    fold(word): days
    for days, words in ((7, ("week", "hafte", "hafta")), (30, ("month", "mahine", "mahina")))
    for word in words
}


def request_of(reading: Reading, heard: Heard, asker: Asker, *, today: date) -> Reply:
    """Put a request together from what was heard; asks back where two things may be meant."""
    if asker.narrowed and (heard.cue("rest") or "rep" in heard.kinds):
        return Declined("others")
    report = choose_report(heard)
    if report is None and heard.cue("compare") and len(reading.mentions) > 1:
        report = "sales"  # `Amul vs Britannia`
    if report is None:
        trade = heard.said or reading.mentions or heard.period
        return Unclear("report") if trade or len(reading.words) <= 3 else Declined("outside")  # noqa: PLR2004
    filters = dict(plain_filters(report, heard))
    form = REPORTS[report]
    for mention in reading.mentions:
        entry = choose_entry(mention, form.filters, heard, reading=reading)
        if isinstance(entry, Unclear):
            return entry
        other = filters.get(entry.kind)
        if other is not None and not stands_beside(reading, heard):
            return Unclear("name", entry.name)
        filters[entry.kind] = join_names(other, Named(entry.name, entry.key))
    several = [kind for kind, value in filters.items() if isinstance(value, Several)]
    compared = is_compared(heard) and not several
    times = compare_days(report, heard, today) if compared or heard.two else None
    if (heard.two and (times is None or not compared)) or (
        times is None and has_odd_days(report, heard, reading.words, compares=compared)
    ):
        return Unclear("days", "two periods" if heard.two else "")
    return _make(report, filters, heard, times=times, several=several)


def stands_beside(reading: Reading, heard: Heard) -> bool:
    """Say whether two names of a kind are both meant: `Pune vs Mumbai`, `Pune and Mumbai`."""
    if heard.cue("compare"):
        return True
    places = sorted((min(one.places), max(one.places)) for one in reading.mentions)
    return any(
        [word.text for word in reading.words[end + 1 : start]] in _JOINED
        for (_, end), (start, _) in pairwise(places)
    )


def join_names(other: FilterValue | None, name: Named) -> FilterValue:
    """Put a name beside those that a filter has."""
    names = () if other is None else names_of(other)
    return Several((*names, name)) if names else name


def of_all_seen(reply: Reply, asker: Asker) -> Reply:
    """Ask for all that somebody sees, where `my` would mean customers of whom this person has none.

    An owner's `my sales` are the house's. What is of persons stays theirs: `my target`, `did I
    approve`, `waiting for my approval`.
    """
    if asker.serves or not isinstance(reply, Understood):
        return reply
    request = reply.request
    if request.report == "approvals" or "customer_type" not in request.form.filters:
        return reply
    return replace(reply, request=request.without("mine"))


def _denied(heard: Heard) -> bool:
    """Say whether a `not` stands in the question that no phrase of a report or status explains."""
    telling = [one for one in heard.said if one.tag[0] in {"reports", "status"}]
    explained = {at for one in telling for at in one.places}
    return any(one.tag == ("cues", "negation") and not one.places & explained for one in heard.said)


def has_odd_days(report: str, heard: Heard, words: Sequence[Word], *, compares: bool) -> bool:
    """Say whether days are named that the report has no place for, or that may be two things.

    `kal` is yesterday and tomorrow; of what expires it says nothing sure. No report tells of
    tomorrow alone.
    """
    if any(word.fold == _TOMORROW for word in words):
        return True
    counted = heard.amounts.days_above is not None or heard.amounts.days_within is not None
    if compares or (_denied(heard) and report in _COUNTED):
        return True
    if report == "batch_expiry":
        return any(word.fold == "kal" for word in words)
    if report in _OF_30_DAYS:
        return counted and heard.amounts.days_within != _30_DAYS
    return counted and report != "outstanding"


def _make(
    report: str,
    filters: Mapping[str, FilterValue],
    heard: Heard,
    *,
    times: Beside | None,
    several: Sequence[str],
) -> Reply:
    report, period = (report, heard.period) if times is None else (times.report, times.period)
    shape = choose_shape(report, heard)
    by = shape.group_by or (times.span if times else None)
    groups = REPORTS[report].groups
    by = by or next(
        (kind for kind in several if kind in groups and kind != REPORTS[report].row), None
    )
    try:
        return Understood(
            ReportRequest(report, tuple(filters.items()), period, by, shape.sort, shape.limit)
        )
    except RequestError as error:
        return Unclear("report", str(error))


def plain_filters(report: str, heard: Heard) -> Iterable[tuple[str, FilterValue]]:
    """Give the filters that are no names: status, kind of customer, amounts, days."""
    form = REPORTS[report]
    amounts: ReadAmounts = heard.amounts
    tags = {one.tag for one in heard.said}
    status = heard.status_of(report)
    if status:
        yield "status", status
    for kind in ("retailer", "distributor", "super_stockist"):
        if ("types", kind) in tags and "customer_type" in form.filters:
            yield "customer_type", kind
            break
    if "measure" in form.filters:
        aims = (aim for name, aim in _AIMED if ("reports", name) in tags)
        yield from (("measure", aim) for aim in islice(aims, 1))
    if ("cues", "mine") in tags and "mine" in form.filters and "rep" not in heard.kinds:
        yield "mine", True
    if amounts.above is not None:
        yield "amount_gt", amounts.above
    if amounts.below is not None:
        yield "amount_lt", amounts.below
    yield from _day_filters(report, heard, status)


def _day_filters(
    report: str, heard: Heard, status: str | None
) -> Iterable[tuple[str, FilterValue]]:
    amounts: ReadAmounts = heard.amounts
    above, within = amounts.days_above, amounts.days_within
    if report == "outstanding":
        days = within if above is None else above
        if days is not None:
            yield "overdue_days_gt", days
        elif heard.cue("overdue"):
            yield "overdue_days_gt", 0
    if report == "batch_expiry" and status != "expired":
        days = above if within is None else within
        days = _coming(heard) if days is None else days
        if days is not None:
            yield "expiring_within_days", days


def _coming(heard: Heard) -> int | None:
    """Give the days of `next week` and `agle mahine`."""
    for word, after in pairwise(heard.folds):
        if word in _NEXT and after in _COMING:
            return _COMING[after]
    return None


def choose_entry(
    mention: Mention, filters: frozenset[str], heard: Heard, *, reading: Reading
) -> Entry | Unclear:
    """Choose among the names that words may mean, of those that the report is narrowed by.

    A funder has an account as customers do: in a report of claims, its name means the funder.
    """
    typed = " ".join(reading.words[at].typed for at in sorted(mention.places))
    fit = [one for one in mention.entries if one.kind in filters]
    cue = heard.kind_beside(mention.places)
    cued = [one for one in fit if one.kind == cue]
    fit = cued or [one for one in fit if one.kind == "funder"] or fit
    if len(fit) > 1 and len({one.kind for one in fit}) > 1:
        order = (
            ("warehouse", "area")
            if "warehouse" in filters and "customer" not in filters
            else ("area", "warehouse")
        )
        preferred = [one for one in fit if one.kind == order[0]]
        fit = preferred or fit
    if len(fit) != 1:
        return Unclear("name", typed, tuple(fit or mention.entries)[:5])
    return fit[0]
