"""Combos: complete sets, found by trying whether one more set could be laid out."""

from collections.abc import Sequence
from decimal import Decimal

from rules import Product
from tests.differential.plain.bounds import cut, give, left_of, most_of_line
from tests.differential.plain.conditions import Rule, holds, if_holds, in_turn
from tests.differential.plain.desk import Desk, Row
from tests.differential.plain.sums import EXACT, NOTHING, percent_of, rounded, shared_out


def give_combos(desk: Desk) -> None:
    """Give each combo its complete sets of the pieces that no combo before it has used."""
    facts = desk.situation()
    left = [row.quantity for row in desk.sold]
    rules = [rule for rule in desk.rules("schemes") if "combo" in rule]
    for rule in in_turn(rules):
        if holds(rule, desk.asker_of("schemes"), None) and if_holds(rule, facts):
            _give(desk, rule, left)


def _fits(part: Rule, row: Row, desk: Desk) -> bool:
    when = {key: listed for key, listed in part.items() if key != "qty"}
    return holds({"when": when}, desk.asker_of("schemes"), _known(row))


def _known(row: Row) -> Product:
    if row.product is None:
        raise AssertionError("a product that nobody knows is never sold")
    return row.product


def _can_lay_out(needs: Sequence[int], fitting: list[list[int]], left: Sequence[int]) -> bool:
    """Try to cover every need by pieces that fit, moving pieces between parts where it helps."""
    rest = list(left)
    used = [[0] * len(rest) for _ in needs]

    def find(part: int, want: int, tried: set[int]) -> int:
        for at in fitting[part]:
            if at in tried:
                continue
            tried.add(at)
            moved = min(want, rest[at])
            if moved:
                rest[at] -= moved
                used[part][at] += moved
                return moved
            for other, pieces in enumerate(used):
                moved = min(want, pieces[at]) if other != part else 0
                moved = find(other, moved, tried) if moved else 0
                if moved:
                    pieces[at] -= moved
                    used[part][at] += moved
                    return moved
        return 0

    for part, need in enumerate(needs):
        open_need = need
        while open_need:
            moved = find(part, open_need, set())
            if not moved:
                return False
            open_need -= moved
    return True


def _give(desk: Desk, rule: Rule, left: list[int]) -> None:
    parts = rule["combo"]
    fitting = [[at for at, row in enumerate(desk.sold) if _fits(part, row, desk)] for part in parts]
    sets = 0
    while sets < rule.get("max_sets", sets + 1) and _can_lay_out(
        [(sets + 1) * part["qty"] for part in parts], fitting, left
    ):
        sets += 1
    if not sets or left_of(desk, rule) is None:
        return
    used = _use([sets * part["qty"] for part in parts], fitting, left)
    rows = [desk.sold[at] for at in used]
    worth = [
        rounded(EXACT.divide(row.gross * pieces, Decimal(row.quantity)), desk.scale)
        for row, pieces in zip(rows, used.values(), strict=True)
    ]
    amount, pieces = _amount(desk, rule, sum(worth, NOTHING), sets), sum(used.values())
    amount = cut(desk, rule, amount, pieces=pieces) if amount > 0 else NOTHING
    if not amount:
        return
    for at, taken in used.items():
        left[at] -= taken
        if "once" in rule:
            gone = desk.used.setdefault(rule["once"], {})
            gone[desk.sold[at].number] = gone.get(desk.sold[at].number, 0) + taken
    weights = [min(part, row.net) for part, row in zip(worth, rows, strict=True)]
    parts = shared_out(min(amount, sum(weights, NOTHING)), weights, desk.scale)
    parts = [most_of_line(rule, part) for part in parts]
    amount = sum(parts, NOTHING)
    if not amount:
        return
    for row, part in zip(rows, parts, strict=True):
        row.line_off += part
    give(desk, rule, amount, pieces=pieces)
    desk.takings.append((rule["id"], None, amount))


def _use(needs: list[int], fitting: list[list[int]], left: list[int]) -> dict[int, int]:
    """Lay the sets out part by part, line by line: as much as still lets the rest be laid out."""
    rest = list(left)
    used: dict[int, int] = {}
    for part, lines in enumerate(fitting):
        for at in lines:
            pieces = min(needs[part], rest[at])
            while not _can_lay_out(
                [need - (pieces if one == part else 0) for one, need in enumerate(needs)],
                fitting,
                [count - (pieces if one == at else 0) for one, count in enumerate(rest)],
            ):
                pieces -= 1
            if pieces:
                rest[at] -= pieces
                needs[part] -= pieces
                used[at] = used.get(at, 0) + pieces
    return used


def _amount(desk: Desk, rule: Rule, worth: Decimal, sets: int) -> Decimal:
    if "price" in rule:
        return worth - Decimal(rule["price"]) * sets
    if "percent" in rule:
        return rounded(percent_of(worth, Decimal(rule["percent"])), desk.scale)
    return min(Decimal(rule["amount_off"]) * sets, worth)
