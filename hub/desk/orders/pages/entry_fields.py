"""The fields of a form in which an order is entered: how what they hold is read and written."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, cast

from hub.desk.orders.model.basket import BasketRow
from hub.desk.orders.model.request import Source
from hub.desk.orders.reads.order import OrderDetail
from hub.desk.parties.model.cells import clean, read_day
from rules import Payment

COLUMNS: Final = ("sku", "quantity", "unit", "batch", "percent_off", "off_each", "batch_reason")
"""Fields that hold a row of the order in each of their lines."""
Values = Mapping[str, str]


def read_rows(values: Values) -> tuple[BasketRow, ...]:
    """Read the rows of an order out of its fields."""
    if not values.get("sku"):
        return ()
    columns = [values.get(name, "").split("\n") for name in COLUMNS]
    longest = len(columns[0])
    filled = [[*one, *[""] * (longest - len(one))][:longest] for one in columns]
    return tuple(BasketRow(*cells) for cells in zip(*filled, strict=True) if cells[0])


def write_rows(rows: Sequence[BasketRow]) -> dict[str, str]:
    """Write the rows of an order into its fields."""
    return {name: "\n".join(getattr(row, name) for row in rows) for name in COLUMNS}


def opened_rows(detail: OrderDetail, rows: Sequence[BasketRow]) -> dict[str, str]:
    """Give the fields of a form in which an order is amended: what it asks for by now."""
    return {
        **write_rows(rows),
        "payment": detail.newest.payment,
        "coupons": ", ".join(detail.newest.coupons),
        "delivery_date": day.isoformat() if (day := detail.newest.delivery_date) else "",
        **write_choices(detail.newest.choices),
        "seen": str(detail.head.revision),
    }


def write_choices(choices: Mapping[str, str]) -> dict[str, str]:
    """Write which gifts are wished into their fields."""
    return {"gift": "\n".join(choices), "wish": "\n".join(choices.values())}


def choices_of(values: Values) -> dict[str, str]:
    """Read which gifts are wished, by their schemes."""
    rules, wishes = (values.get(name, "").split("\n") for name in ("gift", "wish"))
    said = zip(rules, wishes, strict=False)
    return {rule.strip(): wish.strip() for rule, wish in said if rule.strip() and wish.strip()}


def coupons_of(values: Values) -> tuple[str, ...]:
    """Read the coupons that are shown with an order: blanks and commas part them."""
    typed = clean(values.get("coupons", "")).replace(",", " ").split()
    return tuple({one.upper(): one for one in typed}.values())


def day_of(values: Values) -> date | None:
    """Read when the goods are wanted, None for any day; raises CellError."""
    text = values.get("delivery_date", "").strip()
    return read_day(text) if text else None


def payment_of(values: Values) -> Payment:
    """Read how the order is meant to be paid."""
    said = values.get("payment", "")
    return cast("Payment", said) if said in {"cash", "advance"} else "credit"


def seen_in(values: Values) -> int | None:
    """Read which revision of an order the person has seen."""
    text = values.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() else None


def source_of(roles: Sequence[str]) -> Source:
    """Say where an order comes from by who enters it: staff, unless all a person is says else."""
    narrow = {"partner": "partner", "field_rep": "field"}
    found = {narrow.get(role, "staff") for role in roles}
    return cast("Source", found.pop()) if len(found) == 1 else "staff"
