"""Targets as what reports are made from, beside what was worked out of each."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    String,
    and_,
    case,
    column,
    false,
    func,
    literal,
    or_,
    select,
    values,
)
from sqlalchemy import (
    cast as cast_to,
)

from hub.desk.parties.tables import party
from hub.desk.people.tables import user_account
from hub.desk.reports.model.requests import FilterValue, Named
from hub.desk.reports.reads.rows.buyers import buyer, is_named
from hub.desk.reports.reads.sources import (
    NO_NAME,
    Asked,
    Fact,
    FilterBy,
    Grain,
    Join,
    Of,
    Part,
    Source,
)
from hub.desk.reports.reads.spans import SPANS, SpanOf
from hub.desk.targets.reads import targets_of
from hub.desk.targets.tables import target

_T: Final = target.c
_seller: Final = party.alias("seller")
_PARTED: Final = " \N{MIDDLE DOT} "
"""What stands between whose a target is and of what."""
_COLUMNS: Final = (
    column("id", BigInteger),
    column("achieved", BigInteger),
    column("due", BigInteger),
    column("needed", BigInteger),
    column("pace", String),
)


def targets(asked: Asked) -> Source:
    """Give the targets that a reader sees, with what was worked out of each beforehand."""
    reached = _reached(asked.known).c
    figures: Mapping[str, Of] = {
        "target": _T.amount,
        "achieved": reached.achieved,
        "due": reached.due,
        "needed": reached.needed,
    }
    return Source(
        target,
        (
            Join(reached.id.table, reached.id == _T.id),
            Join(buyer, buyer.c.id == _T.party_id, outer=True),
            Join(_seller, _seller.c.id == _T.seller_id),
        ),
        [targets_of(asked.scope, day=asked.today), _T.active, reached.id == _T.id],
        grains=_grains(reached.pace),
        parts={
            f"{name}_{unit}": Part(of, alike=_series())
            for name, of in figures.items()
            for unit in ("amount", "count")
        },
        filters=_filters(asked, pace=reached.pace),
        in_period=and_(
            _T.first <= (asked.last or asked.today), _T.last >= (asked.first or asked.today)
        ),
    )


def _reached(known: Sequence[tuple[object, ...]]) -> CTE:
    """Write rows of figures as a table; all of them are ours, and none is a text of a person."""
    if known:
        return values(*_COLUMNS, name="reached", literal_binds=True).data(known).cte("reached")
    nothing = [literal(None, one.type).label(one.name) for one in _COLUMNS]
    return select(*nothing).where(false()).cte("reached")


def _series() -> Of:
    """Name what targets add up with: as others of the same, never with one that holds another."""
    depth = func.length(_T.who) - func.length(func.replace(_T.who, "/", ""))
    below = func.length(_T.thing) - func.length(func.replace(_T.thing, "/", ""))
    parts = (
        cast_to(_T.seller_id, String),
        *(_T.measure, _T.kind, cast_to(case((_T.kind == "area", depth), else_=0), String)),
        *(_T.goods, cast_to(case((_T.goods == "category", below), else_=0), String), _T.span),
    )
    found: Of = parts[0]
    for one in parts[1:]:
        found = found + ":" + one
    return found


def _grains(pace: Of) -> Mapping[str, Grain]:
    whose = case(
        (_T.kind == "customer", func.coalesce(buyer.c.name, _T.who)),
        (_T.kind == "house", _seller.c.name),
        else_=_T.who,
    )
    one = Grain(
        _T.id,
        case((_T.thing == "", whose), else_=whose + _PARTED + _T.thing),
        code=_T.who,
        facts=(
            Fact("aimed", _T.kind, "word", "target_kind"),
            Fact("span", _T.span, "word", "target_span"),
            Fact("begins", _T.first, "day"),
            Fact("pace", pace, "word", "report_status"),
        ),
        alone=True,
        link="/targets/",
        linked=_T.id,
    )
    return {
        "target": one,
        **{name: _named(_T.kind == name, _T.who) for name in ("rep", "area")},
        "customer": _named(_T.kind == "customer", _T.who, func.coalesce(buyer.c.name, _T.who)),
        **{name: _named(_T.goods == name, _T.thing) for name in ("brand", "category", "product")},
        "status": Grain(pace, pace, kind="word", family="report_status"),
        **{
            span: Grain(SpanOf(span, _T.first), SpanOf(span, _T.first), kind="day")
            for span in SPANS
        },
    }


def _named(is_of: ColumnElement[bool], code: Of, label: Of | None = None) -> Grain:
    """Put targets together by a name that some of them have."""
    key = case((is_of, code), else_=NO_NAME)
    shown = key if label is None else case((is_of, label), else_=NO_NAME)
    return Grain(key, shown, code=key)


def _filters(asked: Asked, *, pace: Of) -> Mapping[str, FilterBy]:
    def whose(kind: str) -> FilterBy:
        return lambda value: and_(_T.kind == kind, func.lower(_T.who) == _wanted(value))

    def of_goods(goods: str) -> FilterBy:
        return lambda value: and_(_T.goods == goods, func.lower(_T.thing) == _wanted(value))

    return {
        **{kind: whose(kind) for kind in ("area", "beat")},
        **{goods: of_goods(goods) for goods in ("brand", "category", "product")},
        "customer": lambda value: and_(
            _T.kind == "customer", is_named(value, buyer.c.code, buyer.c.name)
        ),
        "rep": lambda value: and_(_T.kind == "rep", _is_rep(value)),
        "mine": lambda _: and_(_T.kind == "rep", _T.who == asked.reader),
        "measure": lambda value: _T.measure == value,
        "aimed": lambda value: _T.kind == value,
        "span": lambda value: _T.span == value,
        "status": lambda value: pace == value,
    }


def _is_rep(value: FilterValue) -> ColumnElement[bool]:
    """Say that a target is of the person that is named, by sign-in name or the name shown."""
    wanted = _wanted(value)
    shown = select(user_account.c.name).where(func.lower(user_account.c.shown) == wanted)
    return or_(func.lower(_T.who) == wanted, _T.who.in_(shown))


def _wanted(value: FilterValue) -> str:
    named = cast("Named", value)
    return (named.key or named.name).strip().lower()
