"""What schemes gave, beside what was sold of their goods and what is left of their limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import TypeEngine

from hub.base.access import Scope
from hub.desk.claims.tables import scheme_given
from hub.desk.products.tables import product
from hub.desk.reports.model.periods import before
from hub.desk.reports.model.requests import Period, ReportRequest, code_of, names_of
from hub.desk.reports.reads.known import table_of_known
from hub.desk.reports.reads.rows.given import given
from hub.desk.reports.reads.rows.kept import Stretch, kept_goods
from hub.desk.reports.reads.rows.orders import lines
from hub.desk.reports.reads.rows.sums import sees_whole_sellers
from hub.desk.reports.reads.sources import (
    NO_NAME,
    AnswerAsked,
    Asked,
    FilterBy,
    Of,
    Part,
    Source,
    narrowed_by,
)
from hub.desk.rulepacks.reads import read_scheme_terms
from hub.desk.rulepacks.tables import serving_pack
from hub.desk.schemes.tables import scheme_counter
from rules.engine.schemes.periods import EVERYBODY, scope_of
from rules.engine.schemes.terms import SchemeTerms

_FIGURES: Final = (
    *("scheme_sold", "scheme_before", "uplift"),
    *("budget_left", "uses_left", "pieces_left"),
)
_TOLD: Final = {"scheme": "text", "funder": "text", **dict.fromkeys(_FIGURES, "number")}
_LIMITS: Final = (("amount", "spent"), ("uses", "used"), ("pieces", "pieces"))
"""What a limit of a scheme may be of, and the column of its counter that it is held against."""
_OF_GOODS: Final = ("sku", "category", "brand", "tax_class")
_ROW: Final = (
    *("invoice_id", "line", "order_id", "customer_id", "claim_id", "quantity", "amount"),
    *("seller_id", "day", "scheme", "funder", "kind"),
)
_NEARLY: Final = 10
"""A limit of which one part in so many is left, or less, is running out."""
_TEXTS: Final[Mapping[str, TypeEngine[Any]]] = {
    "scheme": String(),
    "funder": String(),
    "kind": String(),
    "day": Date(),
}


@dataclass(frozen=True, slots=True)
class _Left:
    """What the limits of a scheme leave today: money, uses, pieces; None of no such limit."""

    figures: tuple[int | None, ...] = (None, None, None)
    running_out: bool = False


@dataclass(frozen=True, slots=True)
class _Sold:
    """What was sold of goods that are alike to every scheme, in the period and just before."""

    goods: Mapping[str, str]
    now: int
    before: int


def is_by_scheme(request: ReportRequest) -> bool:
    """Say whether a row of what schemes gave is a scheme, and not a customer or a month of it."""
    return request.group_by in {None, "scheme"}


def work_out_schemes(
    connection: Connection, asked: Asked, *, answer: AnswerAsked, scope: Scope
) -> Asked:
    """Work out, for each scheme that a report shows, its sales and what is left of its limits.

    Shown are those that gave something in the period; up to today also those in force that have a
    total limit, or that are asked about by name, unless other filters narrow what is meant.
    """
    del answer
    period = asked.request.period
    if period is None or not is_by_scheme(asked.request):
        return replace(asked, known=())
    serving = connection.execute(serving_pack(asked.now_ms)).first()
    in_force = read_scheme_terms(connection, serving.hash) if serving is not None else {}
    gave = _read_gave(connection, asked, period)
    terms: dict[str, SchemeTerms | None] = {
        scheme: in_force.get(scheme) or read_scheme_terms(connection, digest).get(scheme)
        for scheme, digest in gave.items()
    }
    limited = {name: one for name, one in in_force.items() if one.shared and scope.sees_network}
    if _is_of_all(asked.request) and period.last >= asked.today:
        named = _schemes_asked(asked.request)
        running = in_force if named else limited
        terms |= {name: one for name, one in running.items() if not named or name.lower() in named}
    left = _read_left(connection, {name: limited[name] for name in terms if name in limited}, asked)
    if asked.request.find("status"):
        terms = {
            name: one for name, one in terms.items() if name in left and left[name].running_out
        }
    if not terms:
        return replace(asked, known=())
    sold = _read_sold(connection, asked, period, named=_named(terms.values()))
    return replace(
        asked,
        known=[
            (
                name,
                one.funder if one else NO_NAME,
                *_lifted(one, sold),
                *left.get(name, _Left()).figures,
            )
            for name, one in sorted(terms.items())
        ],
    )


def _is_of_all(request: ReportRequest) -> bool:
    """Say that no filter but those of the schemes themselves narrows a request."""
    return all(name in {"scheme", "status"} for name, _ in request.filters)


def _schemes_asked(request: ReportRequest) -> frozenset[str]:
    """Give the schemes that a request names, in small letters."""
    wanted = request.find("scheme")
    return frozenset(map(code_of, names_of(wanted) or (wanted,))) if wanted else frozenset()


def _named(terms: Collection[SchemeTerms | None]) -> frozenset[str]:
    return frozenset(sku for one in terms if one is not None for sku in one.named)


def _read_gave(connection: Connection, asked: Asked, period: Period) -> Mapping[str, str]:
    """Name the schemes that gave something to whom is asked about, each with its newest pack."""
    source, one = given(asked), scheme_given.c
    days = (one.day >= period.first, one.day <= period.last)
    query = source.select(
        [one.scheme, one.pack_hash, func.max(one.id).label("newest")],
        [*narrowed_by(asked.request.without("status"), source), *days],
    ).group_by(one.scheme, one.pack_hash)
    rows = sorted(connection.execute(query), key=lambda row: int(row.newest))
    return {row.scheme: row.pack_hash for row in rows}


def _read_sold(
    connection: Connection, asked: Asked, period: Period, *, named: frozenset[str]
) -> list[_Sold]:
    """Read what was sold in a period and just before, by what tells goods apart for schemes.

    Goods that no scheme names by their SKU are put together: all of one category, brand and tax.
    """
    filters = asked.request.without("scheme").without("status").filters
    wanted = replace(
        asked, request=ReportRequest("product_contribution", filters, period, "product")
    )
    days = {"now": period, "before": before(period)}
    kept: Sequence[Source] = ()
    if sees_whole_sellers(asked.scope):
        stretches = [Stretch(one.first, one.last, name) for name, one in days.items()]
        kept = kept_goods(wanted, "brand", standing=True, stretches=stretches)
    if kept:
        source, conditions = kept[0], []
        is_now = source.start.c.stretch == literal_column("'now'")
    else:
        source = lines(wanted, kept="standing")
        day = source.day
        assert day is not None  # noqa: S101 -- orders have days
        conditions = [day >= days["before"].first, day <= period.last]
        is_now = day >= period.first
    skus = table_of_known("named", {"sku": "text"}, [(sku,) for sku in sorted(named)])
    is_named = product.c.sku.in_(select(skus.c.sku))
    alike = [
        (case((is_named, product.c.sku), else_=NO_NAME) if named else literal(NO_NAME)),
        *(func.coalesce(product.c[name], NO_NAME) for name in _OF_GOODS[1:]),
    ]
    labelled = [of.label(name) for of, name in zip(alike, _OF_GOODS, strict=True)]
    value = source.parts["goods_value"].of
    sums = [
        func.sum(case((is_now, value), else_=0)).label("now"),
        func.sum(case((is_now, 0), else_=value)).label("before"),
    ]
    conditions = [*narrowed_by(wanted.request, source), *conditions]
    query = source.select([*labelled, *sums], conditions).group_by(*labelled)
    return [
        _Sold({name: row[name] for name in _OF_GOODS}, int(row["now"]), int(row["before"]))
        for row in connection.execute(query).mappings()
    ]


def _lifted(terms: SchemeTerms | None, sold: Sequence[_Sold]) -> tuple[int | None, ...]:
    """Give what was sold of a scheme's goods, what just before, and how much more it is now."""
    if terms is None:  # the pack of its sales is not kept
        return None, None, None
    mine = [one for one in sold if terms.covers(one.goods)]
    now, earlier = sum(one.now for one in mine), sum(one.before for one in mine)
    return now, earlier, now - earlier


def _read_left(
    connection: Connection, limited: Mapping[str, SchemeTerms], asked: Asked
) -> Mapping[str, _Left]:
    """Give what the limits of each of these schemes leave today.

    Of 1,000.00 in all and 100.00 a day, of which 950.00 and 20.00 are gone, 50.00 are left.
    """
    counter = scheme_counter.c
    scopes = {
        scope_of(EVERYBODY, one.each, asked.today) for t in limited.values() for one in t.shared
    }
    query = select(scheme_counter).where(
        counter.scope.in_(sorted(scopes)), counter.rule.in_(sorted(limited))
    )
    used = {(row["rule"], row["scope"]): row for row in connection.execute(query).mappings()}
    found: dict[str, _Left] = {}
    for name, terms in limited.items():
        left: dict[str, list[int]] = {}
        shares: list[tuple[int, int]] = []
        for shared in terms.shared:
            row = used.get(shared.key(asked.today))
            for limit, column in _LIMITS:
                most = getattr(shared, limit)
                if most is not None:
                    gone = int(row[column]) if row is not None else 0
                    rest = max(most - gone, 0)
                    left.setdefault(limit, []).append(rest)
                    shares.append((rest, most))
        figures = tuple(min(left[limit]) if limit in left else None for limit, _ in _LIMITS)
        found[name] = _Left(figures, _is_running_out(shares))
    return found


def _is_running_out(shares: Sequence[tuple[int, int]]) -> bool:
    """Tell whether some limit has a tenth or less left, and each has some: 10.00 of 100.00."""
    return all(rest for rest, _ in shares) and any(rest * _NEARLY <= most for rest, most in shares)


def schemes(asked: Asked) -> Source:
    """Give what schemes gave, and beside it one row of each with what was worked out of it.

    Of a scheme that gave nothing yet, that row is all there is.
    """
    told = table_of_known("told", _TOLD, asked.known)
    one, period = scheme_given.c, asked.request.period
    days = [] if period is None else [one.day >= period.first, one.day <= period.last]
    gave = select(
        *(one[name].label(name) for name in _ROW),
        *(cast(null(), BigInteger).label(name) for name in _FIGURES),
        literal_column("0").label("is_told"),
    ).where(and_(True, *days))
    own: Mapping[str, Of] = {"scheme": told.c.scheme, "funder": told.c.funder}
    worked = select(
        *(own.get(name, _nothing(name, asked.today)).label(name) for name in _ROW),
        *(told.c[name] for name in _FIGURES),
        literal_column("1").label("is_told"),
    )
    rows = union_all(gave, worked).subquery("given_and_told")
    row = rows.c
    source = given(asked, rows=rows)
    is_told = row.is_told == literal_column("1")

    def or_told(by: FilterBy) -> FilterBy:
        return lambda value: or_(is_told, by(value))

    return replace(
        source,
        joins=tuple(replace(join, outer=True) for join in source.joins),
        where=[or_(is_told, and_(*source.where))],
        grains={"scheme": source.grains["scheme"]},
        parts={
            **source.parts,
            **{name: Part(row[name], alike=row.scheme) for name in _FIGURES},
        },
        filters={
            **{name: or_told(by) for name, by in source.filters.items()},
            "status": lambda _: row.scheme.in_([one[0] for one in asked.known]),
        },
        day=None,
    )


def _nothing(name: str, today: date) -> Any:  # noqa: ANN401 -- a column
    """Give what a row of no document has in a column."""
    if name == "day":
        return literal(today, Date())
    if name in {"quantity", "amount"}:
        return literal_column("0")
    return cast(null(), _TEXTS.get(name, BigInteger()))
