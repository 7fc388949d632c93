"""Allocation: line by line off the shelf, and what follows where the shelf is empty."""

from collections.abc import Iterable
from decimal import Decimal

from rules import Product
from tests.differential.plain.conditions import Rule, narrowest_first
from tests.differential.plain.desk import Desk, Gap, Held, Pick, Row
from tests.differential.plain.settling.batches import Shelf, in_turn, may_leave, turn
from tests.differential.plain.sums import cut_down

_USUAL: Rule = {"id": "", "pick": "fefo"}

Store = dict[str, list[Shelf]]
Plan = list[tuple[Shelf, int]]


def allocate(desk: Desk) -> None:
    """Take paid lines off the shelf, those that name a batch first, and then free goods."""
    if desk.facts.batches is None:
        return
    store = {
        sku: [Shelf(batch, batch.available) for batch in batches]
        for sku, batches in desk.facts.batches.items()
    }
    rows = [row for row in desk.rows if row.quantity > 0]
    for row in sorted(rows, key=lambda row: row.batch is None):
        _serve(desk, row, store.get(row.sku, []))
    _give_free(desk, store)
    _check_whole(desk, rows)


def _rule_for(desk: Desk, product: Product | None) -> Rule:
    return next(iter(narrowest_first(desk.rules("allocation"), desk.asker, product)), _USUAL)


def _serve(desk: Desk, row: Row, shelves: list[Shelf]) -> None:
    rule = _rule_for(desk, row.product)
    if rule["pick"] == "none":
        if row.batch is not None:
            desk.refusals.append(("batch_unknown", row.number))
        return
    open_shelves = in_turn(_open(shelves, rule, desk), rule, desk)
    mine = open_shelves
    if row.batch is not None:
        named = [shelf for shelf in shelves if shelf.batch.id == row.batch]
        mine = [shelf for shelf in open_shelves if shelf.batch.id == row.batch]
        if not named:
            desk.refusals.append(("batch_unknown", row.number))
            return
        if all(shelf.batch.blocked for shelf in named):
            desk.refusals.append(("batch_blocked", row.number))
            return
        if not any(may_leave(shelf.batch, rule, desk) for shelf in named):
            desk.refusals.append(("batch_expired", row.number))
            return
    if row.from_mrp:
        mine.sort(key=lambda shelf: not _bears(shelf, row))
    plan = _plan(mine, wanted=row.quantity, rule=rule, there=open_shelves)
    if row.batch is not None and _passes_over(plan, open_shelves, row, rule=rule):
        desk.refusals.append(("batch_out_of_turn", row.number))
        return
    taken = _take(desk, row.number, plan)
    if taken < row.quantity:
        _tell_short(desk, row, rule, taken=taken)


def _open(shelves: Iterable[Shelf], rule: Rule, desk: Desk) -> list[Shelf]:
    return [shelf for shelf in shelves if shelf.left > 0 and may_leave(shelf.batch, rule, desk)]


def _bears(shelf: Shelf, row: Row) -> bool:
    return shelf.batch.mrp is None or Decimal(shelf.batch.mrp).scaleb(-4) == row.mrp


def _plan(shelves: list[Shelf], *, wanted: int, rule: Rule, there: list[Shelf]) -> Plan:
    """Say what to take: from one batch after another, or from one alone if nothing is split.

    Of all that is there the safety stock stays.
    """
    spare = max(sum(shelf.left for shelf in there) - rule.get("safety_stock", 0), 0)
    if not rule.get("split", True) and shelves:
        whole = [shelf for shelf in shelves if min(shelf.left, spare) >= wanted]
        shelves = [whole[0] if whole else max(shelves, key=lambda shelf: min(shelf.left, spare))]
    plan = []
    for shelf in shelves:
        pieces = min(shelf.left, wanted, spare)
        wanted -= pieces
        spare -= pieces
        if pieces:
            plan.append((shelf, pieces))
    return plan


def _passes_over(plan: Plan, there: list[Shelf], row: Row, *, rule: Rule) -> bool:
    """Tell whether another batch should leave before the one named, and nobody may say no."""
    manual = rule.get("manual", "reason")
    if manual == "allow" or (manual == "reason" and row.because):
        return False
    return any(
        other.batch.warehouse == shelf.batch.warehouse
        and turn(other.batch, rule) < turn(shelf.batch, rule)
        for shelf, _ in plan
        for other in there
    )


def _take(desk: Desk, number: int, plan: Plan, *, free: bool = False) -> int:
    for shelf, pieces in plan:
        shelf.left -= pieces
        batch = shelf.batch
        desk.picks.append(Pick(number, free, batch.sku, batch.warehouse, batch.id, pieces))
    return sum(pieces for _, pieces in plan)


def _tell_short(desk: Desk, row: Row, rule: Rule, *, taken: int) -> None:
    action = _action(rule)
    code = "short_stock" if taken else "out_of_stock"
    missing = row.quantity - taken
    desk.gaps += _gaps(row.number, missing, rule, free=False)
    (desk.refusals if action == "refuse" else desk.told).append((code, row.number))


def _gaps(number: int, missing: int, rule: Rule, *, free: bool) -> list[Gap]:
    """Say what becomes of what is missing: of a back-order what is above its most is cut."""
    action, days = _action(rule), rule.get("wait_days")
    follows = min(missing, rule.get("backorder_most", missing)) if action == "backorder" else 0
    gaps = [Gap(number, free, follows, "backorder", days)] if follows else []
    if missing > follows:
        cut = "cut" if action == "backorder" else action
        gaps.append(Gap(number, free, missing - follows, cut, None if follows else days))
    return gaps


def _check_whole(desk: Desk, rows: list[Row]) -> None:
    rules = [_rule_for(desk, row.product) for row in rows]
    rules += [_rule_for(desk, desk.facts.products.get(sku)) for sku, _, _, _ in desk.free]
    if desk.gaps and any(rule.get("ship") == "all_or_nothing" for rule in rules):
        desk.refusals.append(("order_incomplete", None))


def _give_free(desk: Desk, store: Store) -> None:
    for place, (sku, earned, scheme, _) in enumerate(desk.free, 1):
        rule = _rule_for(desk, desk.facts.products.get(sku))
        if rule["pick"] == "none":
            desk.free[place - 1] = (sku, earned, scheme, earned)
            continue
        shelves = in_turn(_open(store.get(sku, []), rule, desk), rule, desk)
        plan = _plan(shelves, wanted=earned, rule=rule, there=shelves)
        taken = _take(desk, place, plan, free=True)
        desk.free[place - 1] = (sku, earned, scheme, taken)
        if taken < earned:
            _tell_gift_short(desk, place, missing=earned - taken, rule=rule)


def _tell_gift_short(desk: Desk, place: int, *, missing: int, rule: Rule) -> None:
    """Say what follows: by the rule of the gift, without one by the strictest of what earned it."""
    lines = desk.earners[place - 1]
    rules = [rule] if rule is not _USUAL else [_rule_for(desk, row.product) for row in lines]
    mildest_first = ["cut", "backorder", "refuse"]
    strictest = max(rules, key=lambda one: mildest_first.index(_action(one)))
    action = _action(strictest)
    told = desk.refusals if action == "refuse" else desk.told
    told.append(("free_goods_short", None))
    gaps = _gaps(place, missing, strictest, free=True)
    desk.gaps += gaps
    sku, earned, scheme, taken = desk.free[place - 1]
    follows = sum(gap.missing for gap in gaps if gap.action == "backorder")
    desk.free[place - 1] = (sku, earned, scheme, taken + follows)


def _action(rule: Rule) -> str:
    return "refuse" if rule.get("ship") == "all_or_nothing" else rule.get("short", "cut")


def check_batch_mrp(desk: Desk) -> None:
    """Hold what is sold from a batch on which another price is printed."""
    for row in desk.sold:
        way = row.above_mrp or desk.document["pack"].get("above_mrp", "hold")
        for pick in desk.picks:
            if pick.free or pick.number != row.number:
                continue
            printed = _printed(desk, pick)
            if printed is None or printed == row.mrp:
                continue
            above = row.net + row.tax - cut_down(printed * row.quantity, desk.scale)
            if row.from_mrp:
                desk.holds.append(Held("mrp_differs", row.number))
            elif above > 0 and way == "reject":
                desk.refusals.append(("above_mrp", row.number))
            elif above > 0 and way == "hold":
                desk.holds.append(Held("above_mrp", row.number, above))


def _printed(desk: Desk, pick: Pick) -> Decimal | None:
    for batch in (desk.facts.batches or {})[pick.sku]:
        if (batch.warehouse, batch.id) == (pick.warehouse, pick.batch) and batch.mrp is not None:
            return Decimal(batch.mrp).scaleb(-4)
    return None
