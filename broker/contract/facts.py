"""The name of what a terminal knows of its customer, the same at both ends."""

import hashlib
import json

from broker.contract.messages import CustomerFacts


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
