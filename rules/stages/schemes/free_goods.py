"""Free goods: so many for every so many paid; they count towards nothing themselves."""

from collections.abc import Callable
from functools import partial
from math import lcm
from typing import Any, Final

from rules.engine.index import places
from rules.engine.result import FreeGoods, NearMiss
from rules.engine.tables import FreeScheme, FreeTier
from rules.stages.prices import has_price, price_of
from rules.stages.quantities import orderable
from rules.stages.run import NO_GIFT, Foresight, Gift, Line, Run, factor_of, name_of
from rules.stages.schemes.bounds import give, is_used_up, left_of, part_of
from rules.stages.schemes.choices import NONE, chosen, is_taken, note_wish
from rules.stages.schemes.slabs import count_more, near_miss
from rules.stages.trace import Row, Step
from rules.values.reasons import Params
from rules.values.rounding import ALL, extend, half_up, most_within, share_of_part
from rules.values.units import Minor, Quantity


def _given(row: Row) -> Params:
    earned, facts, sku = row[4]
    gift = {"quantity": earned, "product": name_of(facts, sku)}
    return {"rule": row[1], "gift": ["gift.on_top", gift]}


_MOST_WAYS: Final = 3
"""How many ways to earn more are tried before none is told."""
_GIVEN: Final = Step("free_goods", "free_goods_given", _given)


def give_free_goods(run: Run) -> None:
    """Find what every free-goods scheme gives on the paid quantities."""
    mine = run.side.free_schemes
    if not mine:
        return
    run.begin_stage()
    rules = run.pack.free_schemes.rules
    earning: dict[int, list[Line]] = {}
    for line in run.sold:
        mask = mine & line.goods.free_schemes if line.goods is not None else 0
        if mask:
            for place in places(mask):
                unit = rules[place].unit
                if unit is None or factor_of(unit, line.product):
                    earning.setdefault(place, []).append(line)
    holding = [
        place
        for place in sorted(earning)
        if run.holds_true(rules[place].id, rules[place].condition)
    ]
    inside: dict[int, int] = {}
    # Pieces that are free already, or gave already, count no more: more of them changes others.
    plain = not any(rules[place].inside or rules[place].once for place in holding)
    for place in holding:
        _give(run, rules[place], earning[place], inside=inside, plain=plain)


def count_given(run: Run) -> None:
    """Count of bounded schemes what the order gets of their goods, not what it has earned.

    A gift that stock does not have leaves the limit and the budget of its scheme as they were; one
    that follows later counts.
    """
    if all(goods.quantity == goods.earned for goods in run.free):
        return
    for name in {goods.rule for goods in run.free} & run.given.keys():
        bounds = run.given.pop(name).bounds
        for goods in run.free:
            if goods.rule == name and goods.quantity:
                value = _cost_of(run, goods.sku, goods.quantity)
                give(run, name, bounds, amount=value, pieces=goods.quantity)


def _give(
    run: Run, scheme: FreeScheme, lines: list[Line], *, inside: dict[int, int], plain: bool
) -> None:
    """Give what a scheme earns; `inside` counts the pieces of each line that are free already.

    What no scheme of the order takes from another is `plain`.
    """
    left = scheme.most
    taken = is_taken(run, scheme)
    groups: list[tuple[list[Line], int, int]] = []
    for group in _groups(scheme, lines):
        if is_used_up(run, scheme.id, scheme.bounds, stage="free_goods"):
            continue
        paid, size = _count(scheme, group, _gone(run, scheme, inside))
        earned = _earned(scheme, paid, size)
        groups.append((group, paid, size))
        if left is not None:
            earned = min(earned, left)
        if not taken:
            _offer(run, scheme, group, earned=earned)
            continue
        if scheme.inside:
            earned = _add_inside(run, scheme, group, earned=earned, inside=inside)
        else:
            earned = _add(run, scheme, group, earned=earned)
        if scheme.once:
            needed = _needed(scheme, paid, size, earned=earned)
            _use(run, scheme, group, gone=_gone(run, scheme, inside), needed=(needed, paid))
        left = None if left is None else Quantity(left - earned)
    if left != 0 and run.order.choices.get(scheme.id) != NONE:
        plain = plain and scheme.bounds is None and not scheme.of_order
        # What is only offered takes nothing of the most that an order may have.
        plain = plain and (taken or scheme.most is None)
        for group, paid, size in groups:
            _note_miss(run, scheme, group, counted=(paid, size), left=left, plain=plain)


def _gone(run: Run, scheme: FreeScheme, inside: dict[int, int]) -> dict[int, int]:
    """Give the pieces of each line that count no more: free ones, and those that gave already."""
    used = run.used.get(scheme.once) if scheme.once else None
    if not used:
        return inside
    return {number: inside.get(number, 0) + used.get(number, 0) for number in {*inside, *used}}


def _needed(scheme: FreeScheme, paid: int, size: int, *, earned: int) -> int:
    """Give how much of what is counted has earned so many pieces."""
    tier = _reached(scheme, paid, size)
    if tier is None or not earned:
        return 0
    return min(paid, scheme.start_after * size + -(-earned * tier.every * size // tier.give))


def _use(
    run: Run,
    scheme: FreeScheme,
    group: list[Line],
    *,
    gone: dict[int, int],
    needed: tuple[int, int],
) -> None:
    """Note the pieces that have earned something, those of the first lines first.

    `needed` is how much of how much that was paid did; pieces that became free are gone anyway.
    """
    left, paid = needed
    left -= paid - _count(scheme, group, gone)[0]
    used = run.used.setdefault(scheme.once, {})
    sizes = [factor_of(scheme.unit, line.product) for line in group]
    shared = lcm(*sizes)
    for line, size in zip(group, sizes, strict=True):
        each = shared // size
        pieces = min(-(-left // each), line.quantity - gone.get(line.number, 0))
        if pieces > 0:
            used[line.number] = used.get(line.number, 0) + pieces
            left -= pieces * each


def _offer(run: Run, scheme: FreeScheme, group: list[Line], *, earned: int) -> None:
    """Tell of an optional gift that was earned and is declined, or not chosen yet."""
    if not earned:
        return
    declined = run.order.choices.get(scheme.id) == NONE
    gift = {"quantity": earned, "product": name_of(run.facts, _item(run, scheme, group))}
    run.explain(
        "free_goods",
        "free_goods_declined" if declined else "free_goods_offered",
        {"rule": scheme.id, "gift": ["gift.on_top", gift]},
        rule=scheme.id,
        line=group[0].number if len(group) == 1 else None,
    )


def _count(scheme: FreeScheme, group: list[Line], gone: dict[int, int]) -> tuple[int, int]:
    """Count what is paid, and say how many of what was counted make one unit of the scheme.

    Half a case of one size and half a case of another are a case, as where baskets count.
    """
    if scheme.unit is None:
        paid = 0
        for line in group:
            paid += line.quantity
            if gone:
                paid -= gone.get(line.number, 0)
        return paid, 1
    sizes = [factor_of(scheme.unit, line.product) for line in group]
    shared = lcm(*sizes)
    return sum(
        (line.quantity - gone.get(line.number, 0)) * (shared // size)
        for line, size in zip(group, sizes, strict=True)
    ), shared


def _reached(scheme: FreeScheme, paid: int, size: int) -> FreeTier | None:
    """Give the last tier that so much reaches."""
    found = None
    for tier in scheme.tiers:
        if tier.start * size <= paid:
            found = tier
    return found


def _earned(scheme: FreeScheme, paid: int, size: int) -> int:
    """Give how many pieces so much earns, by the last tier that it reaches."""
    tier = _reached(scheme, paid, size)
    if tier is None:
        return 0
    if scheme.end is not None:
        paid = min(paid, scheme.end * size)
    counted, every = paid - scheme.start_after * size, tier.every * size
    if counted < 1 or (scheme.by == "multiple" and counted % every):
        return 0
    if scheme.by == "proportional":
        return _share(counted * tier.give, every, scheme.rounding)
    return counted // every * tier.give


def _share(numerator: int, denominator: int, rounding: str) -> int:
    """Give a share in whole pieces."""
    if rounding == "half_up":
        return half_up(numerator, denominator)
    return numerator // denominator if rounding == "down" else -(-numerator // denominator)


def _first_with(pieces: int, *, give: int, every: int, rounding: str) -> int:
    """Give the least count of which the share is so many pieces."""
    if rounding == "half_up":
        return -(-(2 * pieces - 1) * every // (2 * give))
    return -(-pieces * every // give) if rounding == "down" else (pieces - 1) * every // give + 1


def _ahead(scheme: FreeScheme, paid: int, size: int) -> tuple[int, int]:
    """Give the next count that earns more, and the one from which the way to it is measured."""
    tier, after = _reached(scheme, paid, size), scheme.start_after * size
    starts = [one.start * size for one in scheme.tiers if one.start * size > paid]
    here = (tier.start * size if tier is not None else 0, starts[0] if starts else 0)
    if tier is None:
        return here[1], 0
    every, counted = tier.every * size, max(paid - after, 0)
    if scheme.by == "proportional":
        pieces, how = _share(counted * tier.give, every, scheme.rounding), scheme.rounding
        before = _first_with(pieces, give=tier.give, every=every, rounding=how) if pieces else 0
        following = _first_with(pieces + 1, give=tier.give, every=every, rounding=how)
    else:
        before = counted // every * every
        following = before + every
    inside = after + following
    if scheme.end is not None and inside > scheme.end * size:
        inside = 0
    if here[1] and (not inside or here[1] < inside):
        return here[1], here[0]
    return inside, after + before


def _near_step(scheme: FreeScheme, paid: int, size: int) -> tuple[int, int] | None:
    """Give how much more earns how many more, where half of the way is passed."""
    target, start = _ahead(scheme, paid, size)
    gain = _earned(scheme, target, size) - _earned(scheme, paid, size) if target else 0
    more = target - paid
    return (more, gain) if gain > 0 and 2 * more < target - start else None


def _is_far(scheme: FreeScheme, paid: int, size: int) -> bool:
    """Tell that the next gift is half of the way off or more, where that is seen at once.

    Of 10 and 1, 15 are far and 16 are not. Schemes with tiers, shares or an end are not asked.
    """
    tiers = scheme.tiers
    if len(tiers) > 1 or scheme.by != "full" or scheme.end is not None:
        return False
    start, every, _ = tiers[0]
    counted = paid - scheme.start_after * size
    return start * size <= paid and counted >= 0 and 2 * (counted % (every * size)) <= every * size


def _item(run: Run, scheme: FreeScheme, group: list[Line]) -> str:
    if scheme.choice:
        return chosen(run, scheme)
    if scheme.cheapest:
        return _cheapest_first(group)[0].sku
    return scheme.item or group[0].sku


def _cheapest_first(group: list[Line]) -> list[Line]:
    return sorted(group, key=lambda line: line.unit_price or 0)


def _groups(scheme: FreeScheme, lines: list[Line]) -> list[list[Line]]:
    if scheme.over == "basket" or len(lines) == 1:
        return [lines]
    if scheme.over == "line":
        return [[line] for line in lines]
    by_sku: dict[str, list[Line]] = {}
    for line in lines:
        by_sku.setdefault(line.sku, []).append(line)
    return list(by_sku.values())


def _note_miss(
    run: Run,
    scheme: FreeScheme,
    group: list[Line],
    *,
    counted: tuple[int, int],
    left: Quantity | None,
    plain: bool,
) -> None:
    """Note what so much more may bring; a `plain` scheme gives what its own count says."""
    paid, size = counted
    if any(line.is_cut for line in group) or _is_far(scheme, paid, size):
        return

    def near(foresight: Foresight) -> list[NearMiss]:
        step = _near_step(scheme, paid, size)
        if step is None:
            return []
        most = step[1] if left is None else min(step[1], left)
        run = foresight.run
        ways = _ways(run, scheme, group, short=step[0])
        if len(ways) > 1:
            ways.sort(key=lambda way: _counted(scheme, group, way[0], pieces=way[1]))
        for line, pieces, just in ways:
            more = ((line, pieces),)
            gain = Gift(0, most, {_item(run, scheme, group): most})
            if plain and just and not _may_lack(run, scheme, line, pieces=pieces, gift=gain):
                if not foresight.can_have(more, gain.goods) or not has_price(run, line, pieces):
                    continue
            else:
                trial = foresight.tried(more, scheme.id)
                gain = NO_GIFT if trial is None else trial.gain(scheme.id)
            if gain.pieces > 0:
                return [_near_miss(run, scheme, group, more=(line, pieces), gain=gain)]
        return []

    run.nearly.append(near)


def _may_lack(run: Run, scheme: FreeScheme, line: Line, *, pieces: int, gift: Gift) -> bool:
    """Tell whether other schemes may give of the same stock what a gift for more of a line needs.

    Not where the batch that its product leaves from has more than all of them can give.
    """
    if run.facts.batches is None or line.goods is None:
        return False
    mask = run.side.free_schemes & line.goods.free_schemes
    if not mask & (mask - 1):
        return False  # a scheme by itself
    holding = run.pack.free_schemes.holding(mask)
    rivals = [
        one
        for one in holding
        if one is not scheme and (one.item is None or scheme.item in {None, one.item})
    ]
    if not rivals:
        return False
    sold = pieces + sum(one.quantity for one in run.sold)
    most = sum(_most_of(one, sold, lines=len(run.sold)) for one in rivals)
    return any(run.rests.get(sku, 0) < pieces + count + most for sku, count in gift.goods.items())


def _most_of(scheme: FreeScheme, sold: int, *, lines: int) -> int:
    """Give no fewer pieces than a scheme can give on so many pieces in so many lines."""
    return max(-(-sold * tier.give // tier.every) + lines * tier.give for tier in scheme.tiers)


def _ways(
    run: Run, scheme: FreeScheme, group: list[Line], *, short: int
) -> list[tuple[Line, int, bool]]:
    """Give lines, how many pieces of each may be ordered for so much, and if that is just it."""
    sizes = [factor_of(scheme.unit, line.product) for line in group]
    shared, in_packs = lcm(*sizes), _counts_packs(scheme, group)
    ways: list[tuple[Line, int, bool]] = []
    for line, size in zip(group, sizes, strict=True):
        least = -(-short // shared) * size if in_packs else -(-short * size // shared)
        pieces = orderable(run, line, least)
        if pieces and not (in_packs and pieces % size):
            ways.append((line, pieces, pieces * (shared // size) == short))
            if len(ways) == _MOST_WAYS:
                break
    return ways


def _near_miss(
    run: Run, scheme: FreeScheme, group: list[Line], *, more: tuple[Line, int], gain: Gift
) -> NearMiss:
    given: dict[str, Any] = {"count": gain.pieces}
    named = scheme.item
    if scheme.cheapest or scheme.choice:
        named = next(iter(gain.goods), "") or _item(run, scheme, group)
    benefit: list[Any] = ["benefit.free", given]
    if named is not None:
        benefit = ["benefit.free_of", {**given, "product": name_of(run.facts, named)}]
    line = group[0].number if len(group) == 1 else None
    product = None if scheme.over == "basket" else name_of(run.facts, group[0].sku)
    unit = scheme.unit if _counts_packs(scheme, group) else None
    count = _counted(scheme, group, more[0], pieces=more[1])
    counted = count_more(count, unit=unit, product=product)
    return near_miss(scheme.id, line, more=counted, benefit=benefit)


def _counted(scheme: FreeScheme, group: list[Line], line: Line, *, pieces: int) -> int:
    """Give so many pieces of a line as what is short is said in."""
    return (
        pieces // factor_of(scheme.unit, line.product) if _counts_packs(scheme, group) else pieces
    )


def _counts_packs(scheme: FreeScheme, group: list[Line]) -> bool:
    """Tell whether what is short is said in packs: where their sizes differ."""
    if scheme.unit is None or len(group) == 1:
        return False
    return len({factor_of(scheme.unit, line.product) for line in group}) > 1


def _within_bounds(run: Run, scheme: FreeScheme, cost: Callable[[int], int], *, earned: int) -> int:
    """Give no more pieces than the limits leave and pay for; `cost` says what so many cost."""
    if scheme.bounds is None:
        return earned
    left = left_of(run, scheme.id, scheme.bounds, stage="free_goods")
    possible = earned if left.pieces is None else min(earned, left.pieces)
    if left.money is not None:
        possible = most_within(left.money, possible, cost)
    return part_of(
        run,
        scheme.id,
        scheme.bounds,
        earned=earned,
        possible=possible,
        phrase="part.pieces",
        stage="free_goods",
    )


def _cost_of(run: Run, sku: str, pieces: int) -> Minor:
    """Price free goods as this customer would pay for them; without a price they cost nothing."""
    price = price_of(run, sku)
    return Minor(0) if price is None else extend(price, Quantity(pieces), run.pack.scale)


def _add(run: Run, scheme: FreeScheme, group: list[Line], *, earned: int) -> int:
    """Add what is earned on top of the order, within the bounds; gives how many that is."""
    if not earned:
        return 0
    sku = _item(run, scheme, group)
    if scheme.bounds is not None:
        earned = _within_bounds(run, scheme, partial(_cost_of, run, sku), earned=earned)
        if not earned:
            return 0
        value = _cost_of(run, sku, earned)
        give(run, scheme.id, scheme.bounds, amount=value, pieces=earned)
    if scheme.choice:
        note_wish(run, scheme, given=sku)
    pieces = Quantity(earned)
    run.free.append(FreeGoods(len(run.free) + 1, sku, pieces, pieces, scheme.id))
    run.earners.append(group)
    line = group[0].number if len(group) == 1 else None
    run.rows.append((_GIVEN, scheme.id, line, None, (earned, run.facts, sku)))
    return earned


def _add_inside(
    run: Run, scheme: FreeScheme, group: list[Line], *, earned: int, inside: dict[int, int]
) -> int:
    """Take what pieces of the order itself cost off their lines; gives how many became free."""
    lines = _cheapest_first(group) if scheme.cheapest else group
    paid = [line.quantity - inside.get(line.number, 0) for line in lines]
    earned = min(earned, sum(paid))
    earned = _within_bounds(run, scheme, lambda n: sum(_values(lines, paid, n)), earned=earned)
    if not earned:
        return 0
    value = Minor(0)
    for line, pieces, part in zip(
        lines, _shares(paid, earned), _values(lines, paid, earned), strict=True
    ):
        inside[line.number] = inside.get(line.number, 0) + pieces
        line.line_discount = Minor(line.line_discount + part)
        value = Minor(value + part)
    give(run, scheme.id, scheme.bounds, amount=value, pieces=earned)
    run.explain(
        "free_goods",
        "free_goods_given",
        {"rule": scheme.id, "gift": ["gift.inside", {"quantity": earned, "amount": value}]},
        rule=scheme.id,
        line=group[0].number if len(group) == 1 else None,
        amount=value,
    )
    return earned


def _shares(paid: list[int], earned: int) -> list[int]:
    """Share out free pieces, the first lines first."""
    shares = []
    for count in paid:
        shares.append(min(count, earned))
        earned -= shares[-1]
    return shares


def _values(lines: list[Line], paid: list[int], earned: int) -> list[Minor]:
    """Give what free pieces are worth after all discounts, line by line."""
    return [
        share_of_part(line.net, ALL, part=pieces, whole=count) if count else Minor(0)
        for line, count, pieces in zip(lines, paid, _shares(paid, earned), strict=True)
    ]
