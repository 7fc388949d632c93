"""What the counter of a terminal is set to: how one pays there, from where on it asks once more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from hub.base.fields import Reason, Refused
from hub.desk.parties.model.cells import CellError, clean, read_amount, read_choice, read_count

Value = TypeVar("Value")

PAYMENTS: Final = ("credit", "cash", "advance")
"""The ways to pay, the usual one of most shops first."""
NOTICES: Final = ("all", "no_invoices", "changes")
"""Which notices print by themselves: each, all but those of invoices, or what changes an order."""
_YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class CounterSettings:
    """What a terminal's counter takes, and from where on it asks once more.

    `payments` are the ways to pay, the usual one first; with none, what the customer's credit says:
    of one that gets no credit cash, then advance. `ask_quantity` is counted in a line's own unit,
    `ask_amount` is of a whole order in minor units; 0 asks never, None is what is usual. Where an
    operator is needed, nobody orders without a card; `notices` is one of `NOTICES`.
    """

    payments: tuple[str, ...] = ()
    ask_quantity: int | None = None
    ask_amount: int | None = None
    operator_needed: bool | None = None
    notices: str | None = None

    @property
    def fields(self) -> Mapping[str, str | int | None]:
        """Give what history keeps."""
        return {
            "payments": ",".join(self.payments),
            "ask_quantity": self.ask_quantity,
            "ask_amount": self.ask_amount,
            "operator_needed": self.operator_needed,
            "notices": self.notices,
        }


def settings_of_row(row: Sequence[Any]) -> CounterSettings:
    """Give settings as a row of terminals, or of groups of counters, has them: its `SETTINGS`."""
    payments, quantity, amount, operator_needed, notices = row
    # A computed column of SQLite gives 0 and 1.
    needed = None if operator_needed is None else bool(operator_needed)
    return CounterSettings(
        tuple(payments.split(",")) if payments else (), quantity, amount, needed, notices
    )


SETTINGS: Final = ("payments", "ask_quantity", "ask_amount", "operator_needed", "notices")
"""What a counter, and a group of counters, is set to; each is a column of their rows."""


def merge_settings(own: CounterSettings, group: CounterSettings | None) -> CounterSettings:
    """Give what a counter goes by: what is set at itself, else what its group says.

    A group that asks above 240 pieces and a counter that only takes cash come to both.
    """
    if group is None:
        return own
    return CounterSettings(
        own.payments or group.payments,
        group.ask_quantity if own.ask_quantity is None else own.ask_quantity,
        group.ask_amount if own.ask_amount is None else own.ask_amount,
        group.operator_needed if own.operator_needed is None else own.operator_needed,
        own.notices or group.notices,
    )


def name_differences(own: CounterSettings, group: CounterSettings) -> tuple[str, ...]:
    """Name what a counter has set at itself otherwise than its group."""
    taken = merge_settings(own, group)
    return tuple(name for name in SETTINGS if getattr(taken, name) != getattr(group, name))


def payments_of(settings: CounterSettings, credit_state: str) -> tuple[str, ...]:
    """Give the ways to pay that a counter takes; none where all are, and credit is usual."""
    if settings.payments or credit_state != "cash_only":
        return settings.payments
    return ("cash", "advance")


def read_counter_settings(fields: Mapping[str, str]) -> CounterSettings | Refused:
    """Read settings from texts, an empty field for what is usual.

    `payments` are parted by commas; of those after the first the order says nothing: `cash,
    advance, credit` is `cash,credit,advance`.
    """
    faults: list[Reason] = []

    def read(name: str, reader: Callable[[str], Value]) -> Value | None:
        text = clean(fields.get(name, ""))
        try:
            return reader(text) if text else None
        except CellError as error:
            faults.append(error.reason._replace(field=name))
            return None

    payments: list[str] = []
    for word in filter(None, map(clean, fields.get("payments", "").split(","))):
        try:
            payments.append(read_choice(word, PAYMENTS))
        except CellError as error:
            faults.append(error.reason._replace(field="payments"))
    settings = CounterSettings(
        (*payments[:1], *(one for one in PAYMENTS if one in payments[1:] and one != payments[0])),
        read("ask_quantity", read_count),
        read("ask_amount", read_amount),
        read("operator_needed", lambda text: read_choice(text, _YES_NO) == "yes"),
        read("notices", lambda text: read_choice(text, NOTICES)),
    )
    return Refused(tuple(faults)) if faults else settings
