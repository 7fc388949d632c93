"""Tax and round-off: the rate valid on the order's day, in heads; free goods carry no tax.

Every head is a tax of its own, rounded by itself: two heads of one rate are equal on every line.
"""

from collections.abc import Sequence
from typing import Final

from rules.engine.result import TaxPart, Totals
from rules.engine.tables import CompiledPack, TaxRule
from rules.stages.run import Line, Run
from rules.stages.trace import Row, Step
from rules.values.reasons import Params
from rules.values.rounding import extend, share, tax_within, to_step, without_tax
from rules.values.units import Minor, Quantity, Rate


def _params(row: Row) -> Params:
    label, taxed = row[4]
    return {"tax": label, "net": taxed}


_HALVES: Final = 2
_TAXED: Final = Step("tax", "taxed", _params)


def add_tax(run: Run) -> None:
    """Tax every sold line; one without a rate holds the order, it is never taxed at zero."""
    table, mine = run.pack.taxes, run.side.taxes
    inclusive = run.pack.tax_inclusive
    for line in run.sold:
        rule = table.first(mine & line.goods.taxes) if line.goods is not None else None
        if rule is not None:
            line.tax_rule = rule
            if inclusive:
                _take_tax_out(line, rule, run.pack.scale)
                net = line.net
            else:
                net = line.net
                line.heads = _shares(net, rule.rates)
                if rule.per_unit:
                    line.heads = _with_amounts(line, rule, run.pack.scale)
                line.tax = Minor(sum(line.heads))
            line.total = Minor(net + line.tax)
            run.rows.append((_TAXED, rule.id, line.number, line.tax, (rule.label, net)))
        else:
            if table.rules:
                name = line.product.name if line.product else line.sku
                run.hold(run.explain("tax", "tax_unknown", {"product": name}, line=line.number))
            line.total = line.net


def _shares(net: Minor, rates: tuple[Rate, ...]) -> list[Minor]:
    """Give each head of a tax; of two halves of one, as most are, the second is the first."""
    first = share(net, rates[0])
    if len(rates) == _HALVES and rates[0] == rates[1]:
        return [first, first]
    return [first, *[share(net, rate) for rate in rates[1:]]]


def untaxed(run: Run, line: Line, amount: Minor) -> Minor:
    """Give an amount of a line without the tax that it includes; all of it where there is none."""
    rule = run.pack.taxes.first(run.side.taxes & line.goods.taxes) if line.goods else None
    if rule is None:
        return amount
    fixed = sum(extend(each, line.quantity, run.pack.scale) for each in rule.per_unit.values())
    return without_tax(Minor(max(amount - fixed, 0)), rule.rate)


def tax_parts(line: Line) -> tuple[TaxPart, ...]:
    """Name the heads of a line's tax with their amounts."""
    rule = line.tax_rule
    if rule is None:
        return ()
    if not rule.per_unit:
        # As `TaxPart(...)`, which is a function in Python that does no more than this.
        return tuple(
            [
                tuple.__new__(TaxPart, (head, rate, amount, None))
                for head, rate, amount in zip(rule.heads, rule.rates, line.heads, strict=True)
            ]
        )
    return tuple(
        TaxPart(head, rate, amount, rule.per_unit.get(place))
        for place, (head, rate, amount) in enumerate(
            zip(rule.heads, rule.rates, line.heads, strict=True)
        )
    )


def tax_sums(lines: Sequence[Line]) -> dict[tuple[str, int], int]:
    """Sum up the taxes of lines by head and rate, in the order of the lines.

    An amount for each piece has the rate 0.
    """
    taxed: dict[str, tuple[TaxRule, list[Sequence[Minor]]]] = {}
    for line in lines:
        rule = line.tax_rule
        if rule is not None:
            before = taxed.get(rule.id)
            if before is None:
                taxed[rule.id] = rule, [line.heads]
            else:
                before[1].append(line.heads)
    sums: dict[tuple[str, int], int] = {}
    for rule, amounts in taxed.values():
        for head, rate, column in zip(
            rule.heads, rule.rates, zip(*amounts, strict=True), strict=True
        ):
            key = (head, rate)
            sums[key] = sums.get(key, 0) + sum(column)
    return sums


def tax_of(
    amount: Minor, parts: Sequence[TaxPart], *, quantity: Quantity, pack: CompiledPack
) -> tuple[TaxPart, ...]:
    """Compute the heads of a part of a line anew, each rounded by itself.

    `parts` are the heads of the line as decided, of which the rates count; `amount` is what is
    taxable of the part or, where the pack's prices include tax, what is paid for it. 10.10 at 5 %
    in two heads of 2.5 % is 0.25 and 0.25.
    """
    heads = [
        Minor(0) if one.per_unit is None else extend(one.per_unit, quantity, pack.scale)
        for one in parts
    ]
    taxable = Minor(amount - sum(heads)) if pack.tax_inclusive else amount
    together = Rate(sum(one.rate for one in parts))
    for place, one in enumerate(parts):
        if one.rate and one.per_unit is None:
            inside = pack.tax_inclusive
            heads[place] = (
                tax_within(taxable, one.rate, all_rates=together)
                if inside
                else share(taxable, one.rate)
            )
    return tuple(one._replace(amount=head) for one, head in zip(parts, heads, strict=True))


def _with_amounts(line: Line, rule: TaxRule, scale: int) -> list[Minor]:
    """Give the heads of a line with those that are an amount for each of its base units."""
    heads = list(line.heads)
    for place, each in rule.per_unit.items():
        heads[place] = extend(each, line.quantity, scale)
    return heads


def _take_tax_out(line: Line, rule: TaxRule, scale: int) -> None:
    """Restate a line's amounts without tax: net is what is paid less the heads.

    Heads by the unit come off first, no more of them than is paid; the others are shares of what
    is left. Each discount is taken out of tax by itself, so none turns negative.
    """
    paid, fixed = line.net, Minor(0)
    heads = [Minor(0)] * len(rule.rates)
    for place, each in rule.per_unit.items():
        heads[place] = min(extend(each, line.quantity, scale), Minor(paid - fixed))
        fixed = Minor(fixed + heads[place])
    taxable = Minor(paid - fixed)
    for place, rate in enumerate(rule.rates):
        if rate:
            heads[place] = tax_within(taxable, rate, all_rates=rule.rate)
    line.heads, line.tax = heads, Minor(sum(heads))
    before, between, after = (
        without_tax(Minor(amount - fixed), rule.rate)
        for amount in (line.gross, line.gross - line.line_discount, paid)
    )
    net = paid - line.tax
    line.line_discount = Minor(before - between)
    line.order_discount = Minor(between - after)
    line.gross = Minor(net + before - after)


def round_off(run: Run) -> None:
    """Sum the order up and round what is payable to the pack's step."""
    gross = discount = tax = 0
    for line in run.sold:
        gross += line.gross
        discount += line.line_discount + line.order_discount
        tax += line.tax
    net = gross - discount
    exact = Minor(net + tax)
    payable = to_step(exact, run.pack.round_to)
    difference = Minor(payable - exact)
    if difference:
        params: Params = {"exact": exact, "payable": payable}
        run.explain("round_off", "rounded", params, amount=difference)
    run.totals = Totals(Minor(gross), Minor(discount), Minor(net), Minor(tax), difference, payable)
