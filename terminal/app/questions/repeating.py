"""A customer's last order once more: its lines as they can be had today."""

from typing import Final

from broker.contract.messages import OrderData
from terminal.app.knowledge import Knowledge
from terminal.core.order import Line, LinesRepeated
from terminal.core.order.lines import Key
from terminal.core.text import clean
from terminal.store import Store
from terminal.store.records import StoredOrder, sent_as

_LOOKED_AT: Final = 200
"""So many of the newest orders are looked through for one of the customer."""


def repeat_last(
    store: Store, knowledge: Knowledge, *, customer: str, order_id: str
) -> LinesRepeated | None:
    """Give the lines of a customer's newest order that was sent from here; None where none was.

    A van's last order may be another shop's: what that one bought is nothing to repeat here. A line
    whose pack holds another count today comes by the piece. A batch is not asked for again: the
    shop has what was left of it.
    """
    whose = knowledge.customer_of(customer)
    newest = _newest_of(store, whose.id if whose else customer)
    if newest is None:
        return None
    stored, sent = newest
    lines: dict[Key, Line] = {}
    gone: list[str] = []
    names = stored.names or tuple(line.sku for line in sent.lines)
    for one, name in zip(sent.lines, names, strict=True):
        product = knowledge.product(one.sku)
        if product is None:
            gone.append(clean(name, 200))
            continue
        size = product.pack_sizes.get(one.unit or "", 0)
        in_packs = bool(size) and one.qty % size == 0
        line = Line(
            one.line,
            one.sku,
            clean(product.name, 200),
            one.qty,
            unit=(one.unit or "") if in_packs else "",
            size=size if in_packs else 1,
        )
        there = lines.get(line.key)
        quantity = line.quantity + (there.quantity if there else 0)
        lines[line.key] = Line(
            line.number, line.sku, line.name, quantity, unit=line.unit, size=line.size
        )
    return LinesRepeated(stored.number, tuple(lines.values()), order_id, tuple(gone))


def _newest_of(store: Store, customer: str) -> tuple[StoredOrder, OrderData] | None:
    """Find the newest order of a customer among those sent last, and what it said."""
    for stored in store.orders.newest(_LOOKED_AT):
        sent = sent_as(stored)
        if sent is not None and sent.customer == customer:
            return stored, sent
    return None
