"""The typed request of a report: which one, of what, over which days, grouped and sorted how.

A request names things as people do (`customer`: `City Mart`); `Named.key` holds the code or SKU
where it is known, since two customers may bear one name. What each report takes is in `forms`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from hub.desk.reports.model.forms import (
    CHOICES,
    ENTITIES,
    NUMBERS,
    REPORTS,
    ReportForm,
)

MOST_ROWS: Final = 10_000
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""So that what a period is compared with, as long before it, has dates, too."""
MOST_DAYS: Final = 36_500
MOST_AMOUNT: Final = 10**13
"""What a filter may name: a day so far away is a date, and an amount in its least unit fits."""
_PERIOD_FIELDS: Final = ("period", "from", "to")
MOST_NAMES: Final = 4
"""So many records of a kind may stand beside one another: Pune, Mumbai and two more."""
_OTHERS: Final = range(2, MOST_NAMES + 1)
_FILTERS: Final = (*ENTITIES, *NUMBERS, *CHOICES, "mine", "status")
FIELDS: Final = frozenset(
    (
        *(*_FILTERS, *(f"{name}.key" for name in ENTITIES)),
        *(f"{name}.{n}{more}" for name in ENTITIES for n in _OTHERS for more in ("", ".key")),
        *(*_PERIOD_FIELDS, "group_by", "sort", "limit"),
    )
)
"""The fields of an address that say what is asked of a report."""


class RequestError(Exception):
    """A report is asked for in a way that it does not take; `faults` says each of them."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults: Final = tuple(faults)
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are asked about, both ends included; `expr` says how: `last_week`, `fy`."""

    expr: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise RequestError([f"a period ends before it begins: {self.first} to {self.last}"])


@dataclass(frozen=True, slots=True)
class Named:
    """A record of the masters by its name, and by its code or SKU where this is known."""

    name: str
    key: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Several:
    """Records of one kind that stand beside one another: rows of any of them count."""

    names: tuple[Named, ...]

    def __str__(self) -> str:
        return ", ".join(one.name for one in self.names)


FilterValue = Named | Several | str | int | bool


def code_of(value: FilterValue) -> str:
    """Give the code that a filter names, in small letters: of a record its key where it is known.

    `Ten plus one` with the key `SCH-10-PLUS-1` is `sch-10-plus-1`.
    """
    code = value.key if isinstance(value, Named) else ""
    return (code or str(value)).strip().lower()


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report as somebody wants it; whoever makes one that the report does not take, is told.

    `filters` are pairs of a name and its value, sorted by name: `(("area", Named("Andheri")),
    ("status", "pending"))`; several records of a kind are one value, `Several`. Raises RequestError
    with every fault at once.
    """

    report: str
    filters: tuple[tuple[str, FilterValue], ...] = ()
    period: Period | None = None
    group_by: str | None = None
    sort: str | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", tuple(sorted(self.filters, key=lambda pair: pair[0])))
        faults = tuple(_faults(self))
        if faults:
            raise RequestError(faults)

    @property
    def form(self) -> ReportForm:
        """Give what the report takes."""
        return REPORTS[self.report]

    def find(self, name: str) -> FilterValue | None:
        """Give the value of a filter, None where it is not set."""
        return dict(self.filters).get(name)

    def having(self, name: str, value: FilterValue) -> "ReportRequest":
        """Give the request with a filter set to a value."""
        return replace(self, filters=(*self.without(name).filters, (name, value)))

    def without(self, name: str) -> "ReportRequest":
        """Give the request without a filter, or without `period`, `group_by`, `sort`, `limit`."""
        if name in {"period", "group_by", "sort", "limit"}:
            return replace(self, **{name: None})  # type: ignore[arg-type]
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] != name))


def _faults(request: ReportRequest) -> Iterable[str]:
    form = REPORTS.get(request.report)
    if form is None:
        yield f"there is no report '{request.report}'"
        return
    names = [name for name, _ in request.filters]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"'{name}' is set twice"
    for name, value in request.filters:
        if name not in form.filters:
            yield f"'{form.name}' takes no '{name}'"
        elif not _fits(form, name, value):
            yield f"'{name}' cannot be {value!r} in '{form.name}'"
    if request.period is not None:
        yield from _period_faults(form, request.period)
    if request.group_by is not None and request.group_by not in form.groups:
        yield f"'{form.name}' is not grouped by '{request.group_by}'"
    if request.sort is not None and request.sort not in form.sorts:
        yield f"'{form.name}' is not sorted by '{request.sort}'"
    if request.limit is not None and not 1 <= request.limit <= MOST_ROWS:
        yield f"a limit is from 1 to {MOST_ROWS}, not {request.limit}"


def _period_faults(form: ReportForm, period: Period) -> Iterable[str]:
    if not form.dated:
        yield f"'{form.name}' is of now and takes no period"
    if period.first < FIRST_DAY or period.last > LAST_DAY:
        yield f"days are from {FIRST_DAY} to {LAST_DAY}"


def _fits(form: ReportForm, name: str, value: FilterValue) -> bool:
    if name in ENTITIES:
        names = names_of(value)
        return 0 < len(names) <= MOST_NAMES and all(one.name.strip() for one in names)
    if name in NUMBERS:
        most = MOST_DAYS if "days" in name else MOST_AMOUNT
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    if name == "mine":
        return value is True
    allowed = form.statuses if name == "status" else CHOICES[name]
    return isinstance(value, str) and value in allowed


def names_of(value: FilterValue) -> tuple[Named, ...]:
    """Give the records that a filter names; none where it is no name."""
    if isinstance(value, Several):
        return value.names
    return (value,) if isinstance(value, Named) else ()


def write_request(request: ReportRequest) -> dict[str, Any]:
    """Write a request as JSON has it; names stand for records, a list of them for several."""
    filters: dict[str, Any] = {name: _plain(value) for name, value in request.filters}
    if request.period is not None:
        days = request.period
        filters["period"] = {
            "expr": days.expr,
            "from": days.first.isoformat(),
            "to": days.last.isoformat(),
        }
    return {
        "report": request.report,
        "filters": filters,
        "group_by": request.group_by,
        "sort": request.sort,
        "limit": request.limit,
    }


def _plain(value: FilterValue) -> object:
    if isinstance(value, Several):
        return [one.name for one in value.names]
    return value.name if isinstance(value, Named) else value


def write_fields(request: ReportRequest) -> tuple[tuple[str, str], ...]:
    """Write all of a request but its report as the fields of an address, for `read_fields`.

    `customer=City Mart`, with `customer.key=C-17` where the code is known; the second of several is
    `customer.2`.
    """
    fields: list[tuple[str, str]] = []
    for name, value in request.filters:
        for number, one in enumerate(names_of(value), 1):
            place = name if number == 1 else f"{name}.{number}"
            fields.append((place, one.name))
            fields += [(f"{place}.key", one.key)] if one.key else []
        if not names_of(value):
            fields.append((name, "yes" if value is True else str(value)))
    if request.period is not None:
        days = request.period
        told = (days.expr, days.first.isoformat(), days.last.isoformat())
        fields.extend(zip(_PERIOD_FIELDS, told, strict=True))
    shape = (("group_by", request.group_by), ("sort", request.sort), ("limit", request.limit))
    fields.extend((name, str(value)) for name, value in shape if value is not None)
    return tuple(fields)


def read_fields(report: str, fields: Mapping[str, str]) -> ReportRequest:
    """Read a request from the fields of an address; raises RequestError, ignores other fields."""
    try:
        filters = [
            (name, _read_value(name, fields[name], fields)) for name in _FILTERS if fields.get(name)
        ]
        limit = int(fields["limit"]) if fields.get("limit") else None
        period = _read_period(fields)
    except ValueError as error:
        raise RequestError([f"not a number or a date: {error}"]) from error
    return ReportRequest(
        report,
        tuple(filters),
        period,
        fields.get("group_by") or None,
        fields.get("sort") or None,
        limit,
    )


def _read_value(name: str, text: str, fields: Mapping[str, str]) -> FilterValue:
    if name in ENTITIES:
        places = [name, *(f"{name}.{n}" for n in _OTHERS if fields.get(f"{name}.{n}"))]
        found = [Named(fields[one], fields.get(f"{one}.key", "")) for one in places]
        return Several(tuple(found)) if len(found) > 1 else found[0]
    if name in NUMBERS:
        return int(text)
    return text == "yes" if name == "mine" else text


def _read_period(fields: Mapping[str, str]) -> Period | None:
    expr, first, last = (fields.get(name, "") for name in _PERIOD_FIELDS)
    if not first and not last:
        return None
    return Period(expr or f"{first}..{last}", date.fromisoformat(first), date.fromisoformat(last))
