"""The names of what a terminal knows of its customer and may give, the same at both ends."""

import hashlib
import json
from collections.abc import Sequence

from broker.contract.messages import CustomerFacts, Lease, SchemeCounter


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
