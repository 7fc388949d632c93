"""What a terminal knows of its customer and may give, and its names, the same at both ends."""

import hashlib
import json
from collections.abc import Sequence
from typing import Final, Literal

from msgspec import Struct

from broker.contract.envelope import Code, Count, Instant, Name

Payment = Literal["credit", "cash", "advance"]

USUAL_NOTICES: Final = "all"
"""Which notices a counter prints by itself, unless the hub says else."""


class SchemeCounter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one scheme has given and counted so far, in one scope, as a terminal knows it."""

    rule: Name
    scope: Name
    used: Count = 0
    spent: Count = 0
    bought: Count = 0
    pieces: Count = 0


class Lease(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one terminal may give of a scheme with a total limit, before the hub has answered.

    Of what the scheme has no limit, nothing is said. `until` is by the hub's clock.
    """

    rule: Name
    scope: Name = "total"
    uses: Count = 0
    amount: Count = 0
    pieces: Count = 0
    until: Instant


class CreditFacts(Struct, frozen=True, kw_only=True):
    """Where the customer stood with the distributor at `as_of`; the pack sets an `unset` limit."""

    state: Literal["none", "cash_only", "amount", "unset"]
    limit: int = 0
    exposure: int = 0
    as_of: Instant = 0


class CustomerFacts(Struct, frozen=True, kw_only=True):
    """The customer a terminal orders for; `geo` runs from the country down."""

    id: Code
    name: Name
    type: str | None
    geo: list[str]
    status: Literal["active", "hold", "blocked"]
    credit: CreditFacts


def facts_hash(facts: CustomerFacts) -> str:
    """Name customer facts by the SHA-256 of what prices depend on.

    Exposure and its moment are left out: they change with every order, and answers tell them.
    """
    kept = [
        facts.id,
        facts.name,
        facts.type,
        facts.geo,
        facts.status,
        facts.credit.state,
        facts.credit.limit,
    ]
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def leases_hash(leases: Sequence[Lease], counters: Sequence[SchemeCounter]) -> str:
    """Name leases and counters by the SHA-256 of all they say, in whatever order."""
    kept = [
        sorted(
            [one.rule, one.scope, one.uses, one.amount, one.pieces, one.until] for one in leases
        ),
        sorted(
            [one.rule, one.scope, one.used, one.spent, one.bought, one.pieces] for one in counters
        ),
    ]
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def counter_hash(
    payments: Sequence[str], *, ask_quantity: int, ask_amount: int, notices: str = USUAL_NOTICES
) -> str:
    """Name what a counter was told of payments, and of what to ask for once more, by a SHA-256."""
    said: list[object] = [list(payments), ask_quantity, ask_amount]
    said += [] if notices == USUAL_NOTICES else [notices]  # as before there was any other
    text = json.dumps(said, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
