"""What bounds a scheme and who pays for it."""

from rules.language.conditions import Packed, Reading
from rules.language.text.fields import Fields


def read_most(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read the most that a scheme takes off one order."""
    most = fields.number("max_discount", reading.scale, least=1)
    if most is not None:
        scheme["max_discount"] = most


def read_bounds(fields: Fields, scheme: Packed, reading: Reading) -> None:
    """Read how often a scheme may be used, how much it may give, and who pays for it."""
    limit = fields.table("limit")
    if limit is not None:
        for key in ("total", "per_customer"):
            uses = limit.number(key, 0, least=1)
            if uses is not None:
                scheme[f"limit_{key}"] = uses
        limit.close()
    budget = fields.table("budget")
    if budget is not None:
        scheme["budget"] = budget.need_number("amount", reading.scale, least=1)
        budget.close()
    _read_funder(fields, scheme)


def _read_funder(fields: Fields, scheme: Packed) -> None:
    funder = fields.text("funder")
    if funder is None:
        return
    if not funder.strip():
        fields.fault("'funder' is blank: name who pays for the scheme", "funder")
    scheme["funder"] = funder
