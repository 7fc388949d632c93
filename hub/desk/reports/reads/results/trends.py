"""Orders of a period beside those of the period before and of the year before, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import CTE, BigInteger, String, and_, case, column, values

from hub.desk.reports.model.requests import Period
from hub.desk.reports.model.spells import Spell, spells_of, whole_spells
from hub.desk.reports.reads.rows.kept import Stretch, beside, kept_buyers, kept_goods
from hub.desk.reports.reads.rows.orders import lines, orders
from hub.desk.reports.reads.rows.sums import sees_whole_sellers
from hub.desk.reports.reads.sources import Asked, Grain, Join, Part, Source, keep_nothing
from hub.desk.reports.reads.spans import SPANS, EpochDay

_EPOCH: Final = date(1970, 1, 1)
_COLUMNS: Final = (
    column("key", String),
    column("place", String),
    column("first", BigInteger),
    column("last", BigInteger),
)
_OF_ORDERS: Final = ("order_value", "earlier_value", "value_change", "year_value", "year_change")
_OF_LINES: Final = ("goods_value", "earlier_goods", "goods_change", "year_goods", "year_goods_more")


def trends(asked: Asked) -> Source:
    """Give the orders that stand, of three times: now, just before, and a year earlier."""
    kept = partial(kept_buyers, asked, standing=True)
    return _beside(asked, orders(asked, kept="standing"), _OF_ORDERS, kept=kept)


def goods_trends(asked: Asked) -> Source:
    """Give the lines of orders that stand, of the same three times."""
    kept = partial(kept_goods, asked, standing=True) if sees_whole_sellers(asked.scope) else None
    return _beside(asked, lines(asked, kept="standing"), _OF_LINES, kept=kept)


def _beside(
    asked: Asked,
    plain: Source,
    names: Sequence[str],
    *,
    kept: Callable[..., tuple[Source, ...]] | None,
) -> Source:
    """Have each row of a source count in every spell that its day lies in.

    An order of 5 October counts in October, beside November, and in the October of next year.
    """
    period = asked.request.period or Period("all", asked.today.replace(day=1), asked.today)
    span = asked.request.group_by or "month"
    if span in SPANS:
        return _joined(replace(plain, kept=keep_nothing), _spells(spells_of(span, period)), names)
    found = whole_spells(period)
    joined = _joined(replace(plain, kept=keep_nothing), _spells(found), names)
    if kept is None:
        return joined
    stretches = [Stretch(one.first, one.last, one.when) for one in found]

    def kept_beside(grain: str) -> tuple[Source, ...]:
        return tuple(beside(one, names) for one in kept(grain, stretches=stretches))

    return replace(joined, kept=kept_beside)


def _joined(plain: Source, spells: CTE, names: Sequence[str]) -> Source:
    spell, day = spells.c, plain.day
    assert day is not None  # noqa: S101 -- orders have days
    lies = and_(day >= EpochDay(spell.first), day <= EpochDay(spell.last))
    value = plain.parts[names[0]].of
    now, before, year = (
        case((spell.place == when, value), else_=0) for when in ("now", "before", "year")
    )
    stretch = Grain(spell.key, spell.key, kind="day")
    figures = zip(names, (now, before, now - before, year, now - year), strict=True)
    return replace(
        plain,
        joins=(Join(spells, lies), *plain.joins),
        grains={
            **{name: one for name, one in plain.grains.items() if name != "order"},
            **dict.fromkeys(SPANS, stretch),
        },
        parts={name: Part(of) for name, of in figures},
        day=None,
        quick=None if plain.quick is None else _joined(plain.quick, spells, names),
    )


def _spells(found: Sequence[Spell]) -> CTE:
    """Write spells as a table; all of them are ours, and none is a text of a person."""
    rows = [
        (one.key, one.when, (one.first - _EPOCH).days, (one.last - _EPOCH).days) for one in found
    ]
    return values(*_COLUMNS, name="spell", literal_binds=True).data(rows).cte("spell")
