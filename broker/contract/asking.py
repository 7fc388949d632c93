"""What a person at the counter asks the hub while waiting for it, and what comes back."""

from typing import Any, Literal

from msgspec import Struct

from broker.contract.envelope import Code, Count, Envelope, Number, Text

AskKind = Literal["account", "stock", "cancel"]


class AskData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody at the counter wants to know, or to have done, while waiting for it.

    `sku` is the product whose stock is asked for; `order` is the number on the slip of an order
    that is to be cancelled, or its id. `customer` is the one whose account it is about, None for
    the terminal's own.
    """

    what: AskKind
    sku: Code | None = None
    order: Number | None = None
    customer: Code | None = None


class Ask(Envelope, tag="ask", frozen=True, kw_only=True):
    """A question of a person at the counter; it is never sent again by itself.

    Asking twice changes nothing: an order that is cancelled is cancelled.
    """

    data: AskData


class AccountStanding(Struct, frozen=True, kw_only=True):
    """Where the customer of a terminal stands, in minor units of a currency.

    `left` is what may still be ordered on credit, None where there is no limit. Of what is owed,
    `overdue` should have been paid by now, the oldest of it `overdue_days` ago. `bills` counts the
    bills that are open.
    """

    currency: str
    scale: int
    state: Literal["none", "cash_only", "amount"]
    limit: int
    exposure: int
    left: int | None
    overdue: int
    overdue_days: int
    bills: int


class NotDone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why the hub did not do what it was asked for: a code with raw values, and a sentence."""

    code: Code
    text: Text
    params: dict[str, int | str | list[Any]] = {}


class ReplyData(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a question: what was asked for, or in `refused` why not.

    `available` are the base units of the product `sku` that may be sold now, where the terminal is
    served from; another order may take them first. `order` is the number of the order that is
    cancelled.
    """

    what: AskKind
    refused: NotDone | None = None
    account: AccountStanding | None = None
    sku: str = ""
    available: Count | None = None
    order: str = ""


class Reply(Envelope, tag="reply", frozen=True, kw_only=True):
    """Sent once, to the question that `ref` names: whoever hears nothing asks again."""

    data: ReplyData
