"""Past orders put before another pack: what stock to assume where nobody knew it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Final

from rules import Batch, CompiledPack, Quantity
from rules.tools.schema.documents import Question

_PLENTY: Final = Quantity(10**9)
_ASSUMED: Final = "assumed"


def before_both(question: Question, before: CompiledPack, after: CompiledPack) -> Question:
    """Give an order's evidence so that both packs can decide it.

    The stock of a product that only the new pack gives by name was not kept with the order. It is
    taken as plenty: else every such gift would look as if it were out of stock.
    """
    asked = {line.sku for line in question.order.lines}
    unknown = after.named_products - before.named_products - asked
    batches = question.facts.batches
    if batches is None or not unknown:
        return question
    places = [lot.warehouse for lots in batches.values() for lot in lots]
    added = _assumed(unknown, places[0] if places else "", question.order.business_date)
    return replace(question, facts=replace(question.facts, batches={**batches, **added}))


def _assumed(skus: Collection[str], warehouse: str, received: date) -> dict[str, tuple[Batch, ...]]:
    return {
        sku: (Batch(_ASSUMED, sku, warehouse, available=_PLENTY, received=received),)
        for sku in skus
    }
