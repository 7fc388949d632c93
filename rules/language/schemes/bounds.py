"""What bounds a scheme and who pays for it."""

from typing import Final

from rules.language.conditions import Packed, Reading
from rules.language.keys.schemes import Budget, Limit, Limits, Most, OffGoods, Scheme
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table

_WHOSE: Final = {"total": "total", "per_customer": "customer"}


def read_most(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read the most that a scheme takes off one order, or off one line."""
    key = OffGoods.max_discount
    if not isinstance(fields.node(key), Table):
        most = fields.number(key.number, reading.scale)
        if most is not None:
            scheme["max_discount"] = most
        return
    table, found = fields.table(key), Packed()
    if table is not None:
        table.take(Most, found, scale=reading.scale)
        if not found:
            table.fault("needs 'order', 'line' or both: the most it takes off")
        table.close()
    scheme.update(found)


def read_bounds(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read how often a scheme may be used, how much it may give, and who pays for it."""
    limits: list[Packed] = []
    limit = fields.table(Scheme.limit, like="{total: 100}")
    if limit is not None:
        for key in (Limits.total, Limits.per_customer):
            if isinstance(limit.node(key), Table):
                limits += _read_limit(limit.table(key), _WHOSE[key.name], reading)
            elif (uses := limit.number(key.number)) is not None:
                scheme[f"limit_{key.name}"] = uses
        limit.close()
    if limits:
        scheme["limits"] = limits
    budget = fields.table(Scheme.budget, like="{amount: 5000.00}")
    if budget is not None:
        scheme["budget"] = budget.need_number(Budget.amount, reading.scale)
        budget.close()
    _check_short(fields, scheme)
    _read_funder(fields, scheme)


def _read_limit(table: Fields | None, whose: str, reading: Reading) -> list[Packed]:
    """Read what all customers or each of them may have of a scheme in a period."""
    if table is None:
        return []
    limit: Packed = {"whose": whose}
    table.take(Limit, limit, scale=reading.scale)
    if not any(table.has(key) for key in Limit.any_of):
        table.fault("a limit is of 'uses', 'qty' or 'amount'")
    table.close()
    return [limit]


def _check_short(fields: Fields, scheme: Packed) -> None:
    """Refuse what is said of less being left where nothing is bounded."""
    if "when_short" not in scheme:
        return
    limits = scheme.get("limits", ())
    if "budget" not in scheme and not any({"qty", "amount"} & limit.keys() for limit in limits):
        text = "'when_short' goes with a budget, or a limit of 'qty' or 'amount'"
        fields.fault(text, Scheme.when_short)


def _read_funder(fields: Fields, scheme: Packed) -> None:
    funder = fields.text(Scheme.funder)
    if funder is None:
        return
    if not funder.strip():
        fields.fault("'funder' is blank: name who pays for the scheme", Scheme.funder)
    scheme["funder"] = funder
