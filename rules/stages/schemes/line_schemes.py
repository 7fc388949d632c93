"""Line schemes: slabs on one line's quantity or value."""

from rules.engine.index import places
from rules.engine.tables import Slab, SlabScheme
from rules.stages.run import Line, Run, factor_of
from rules.stages.schemes.bounds import allowance, give
from rules.stages.schemes.slabs import Counted, describe, earned_on, miss, slabs_around
from rules.stages.schemes.stacking import Candidate, Stack, winners
from rules.values.units import Minor


def apply_line_schemes(run: Run) -> None:
    """Give every line the discounts it has earned; together never more than its gross."""
    table = run.pack.line_schemes
    mine = table.for_customer(run.keys, run.day)
    if not mine:
        return
    run.begin_stage()
    for line in run.sold:
        if line.product is None:
            continue
        mask = mine & table.for_product(line.product)
        candidates = []
        for place in places(mask):
            candidate = _earned(run, table.rules[place], line)
            if candidate is not None:
                candidates.append(candidate)
        stack = Stack(run)
        for winner in winners(run, candidates, stage="line_schemes", line=line.number):
            amount = _apply(run, winner.scheme, line, amount=stack.amount(winner))
            stack.add(line, amount)


def _earned(run: Run, scheme: SlabScheme, line: Line) -> Candidate | None:
    factor = factor_of(scheme.unit, line.product)
    if not factor or not run.holds_true(scheme.id, scheme.condition, line):
        return None
    if allowance(run, scheme.id, scheme.bounds, stage="line_schemes") == 0:
        return None
    count = line.quantity if scheme.of == "qty" else line.gross
    reached, ahead = slabs_around(scheme.slabs, count, factor)
    if ahead is not None:
        miss(run, scheme.id, _almost(run, scheme, line, ahead=ahead), line=line.number)
    if reached is None:
        return None
    counted = Counted(count, factor, line.gross, run.pack.scale, reached)
    amount = earned_on(run, scheme, counted, stage="line_schemes", line=line.number)
    return Candidate(scheme, (line,), counted, amount) if amount else None


def _almost(run: Run, scheme: SlabScheme, line: Line, *, ahead: Slab) -> str:
    name = line.product.name if line.product else line.sku
    if scheme.of == "qty":
        more = str(ahead.start * factor_of(scheme.unit, line.product) - line.quantity)
    else:
        more = f"{run.money(ahead.start - line.gross)} worth"
    return f"{more} more of {name} and you get {describe(run, scheme, ahead)}"


def _apply(run: Run, scheme: SlabScheme, line: Line, *, amount: Minor) -> Minor:
    amount = min(amount, line.net)
    if not amount:
        return amount
    line.line_discount = Minor(line.line_discount + amount)
    give(run, scheme.id, scheme.bounds, amount=amount)
    text = f"{scheme.id} takes off {run.money(amount)}"
    run.explain(
        "line_schemes", "scheme_applied", text, rule=scheme.id, line=line.number, amount=amount
    )
    return amount
