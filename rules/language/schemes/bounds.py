"""What bounds a scheme and who pays for it."""

from typing import Final

from rules.language.conditions import Packed, Reading
from rules.language.text.fields import Fields
from rules.language.text.nodes import Table
from rules.language.vocabulary import EACH

_MOST: Final = {"order": "max_discount", "line": "max_line"}
_WHOSE: Final = {"total": "total", "per_customer": "customer"}


def read_most(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read the most that a scheme takes off one order, or off one line."""
    if not isinstance(fields.node("max_discount"), Table):
        most = fields.number("max_discount", reading.scale, least=1)
        if most is not None:
            scheme["max_discount"] = most
        return
    table = fields.table("max_discount")
    for key, name in _MOST.items():
        most = table.number(key, reading.scale, least=1) if table else None
        if most is not None:
            scheme[name] = most
    if table is not None:
        if not scheme.keys() & _MOST.values():
            table.fault("needs 'order', 'line' or both: the most it takes off")
        table.close()


def read_bounds(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read how often a scheme may be used, how much it may give, and who pays for it."""
    limits: list[Packed] = []
    limit = fields.table("limit", like="{total: 100}")
    if limit is not None:
        for key, whose in _WHOSE.items():
            if isinstance(limit.node(key), Table):
                limits += _read_limit(limit.table(key), whose, reading)
            elif (uses := limit.number(key, 0, least=1)) is not None:
                scheme[f"limit_{key}"] = uses
        limit.close()
    if limits:
        scheme["limits"] = limits
    budget = fields.table("budget", like="{amount: 5000.00}")
    if budget is not None:
        scheme["budget"] = budget.need_number("amount", reading.scale, least=1)
        budget.close()
    _read_short(fields, scheme)
    _read_funder(fields, scheme)


def _read_limit(table: Fields | None, whose: str, reading: Reading) -> list[Packed]:
    """Read what all customers or each of them may have of a scheme in a period."""
    if table is None:
        return []
    limit: Packed = {"whose": whose}
    for key, scale in (("uses", 0), ("qty", 0), ("amount", reading.scale)):
        most = table.number(key, scale, least=1)
        if most is not None:
            limit[key] = most
    if len(limit) == 1:
        table.fault("a limit is of 'uses', 'qty' or 'amount'")
    each = table.choice("each", EACH)
    if each and each != "scheme":
        limit["each"] = each
    table.close()
    return [limit]


def _read_short(fields: Fields, scheme: Packed) -> None:
    if fields.choice("when_short", ("part", "none")) != "none":
        return
    scheme["when_short"] = "none"
    limits = scheme.get("limits", ())
    if "budget" not in scheme and not any({"qty", "amount"} & limit.keys() for limit in limits):
        text = "'when_short' goes with a budget, or a limit of 'qty' or 'amount'"
        fields.fault(text, "when_short")


def _read_funder(fields: Fields, scheme: Packed) -> None:
    funder = fields.text("funder")
    if funder is None:
        return
    if not funder.strip():
        fields.fault("'funder' is blank: name who pays for the scheme", "funder")
    scheme["funder"] = funder


def read_once(fields: Fields, scheme: Packed) -> None:
    """Read the name under which a piece gives once: what counted for one counts for no other."""
    name = fields.text("once")
    if name:
        scheme["once"] = name
