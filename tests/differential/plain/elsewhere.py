"""A discount on other goods than those counted, or on some pieces: laid out piece by piece."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from tests.differential.plain.conditions import Rule, holds
from tests.differential.plain.desk import Desk, Row
from tests.differential.plain.slabs import Pool, part_of, reached_slab
from tests.differential.plain.sums import NOTHING

_PRODUCT_KEYS = ("sku", "category", "brand", "tax_class")


def moved(desk: Desk, pool: Pool) -> Pool:
    """Give the same count with the pieces that have the discount."""
    on, slab = pool.rule["on"], reached_slab(pool)
    goods = _goods(desk, pool, on)
    pieces = [row for row in goods for _ in range(row.quantity)]
    if "qty" in on:
        # Sorting keeps the lines of one price in their order.
        sign = -1 if on.get("pick") == "dearest" else 1
        pieces.sort(key=lambda row: sign * (row.price or NOTHING))
        pieces = pieces[: _so_many(pool, on, slab)]
    if slab is None:
        pieces = []
    counts = Counter(row.number for row in pieces)
    rows = list({row.number: row for row in pieces}.values())
    parts = tuple(counts[row.number] for row in rows)
    worth = [part_of(row.gross, row, part, desk) for row, part in zip(rows, parts, strict=True)]
    return replace(pool, rows=tuple(rows), parts=parts, base=sum(worth, NOTHING))


def _goods(desk: Desk, pool: Pool, on: Rule) -> list[Row]:
    when = {key: on[key] for key in _PRODUCT_KEYS if key in on}
    if not when:
        return list(pool.rows)
    return [
        row for row in desk.sold if holds({"when": when}, desk.asker_of("schemes"), row.product)
    ]


def _so_many(pool: Pool, on: Rule, slab: Rule | None) -> int:
    """Count up how many pieces have it."""
    if slab is None:
        return 0
    following, wanted = on.get("pick") == "next", int(on["qty"])
    if "every" not in on:
        start = Fraction(slab["from"])
        return min(wanted, int(pool.count - start)) if following else wanted
    found, left = 0, pool.count
    while left > 0:
        if following:
            left -= on["every"]
            found += max(min(int(left), wanted), 0)
            left -= wanted
        else:
            found += wanted if left >= on["every"] else 0
            left -= on["every"]
    return found
