"""The last order once more: its lines as they can be had today."""

from typing import Final

import msgspec

from broker.contract.messages import Order
from terminal.app.knowledge import Knowledge
from terminal.core.order import Line, LinesRepeated
from terminal.core.order.lines import Key
from terminal.core.text import clean
from terminal.store import Store

_order: Final = msgspec.json.Decoder(Order)


def repeat_last(store: Store, knowledge: Knowledge, *, order_id: str) -> LinesRepeated | None:
    """Give the lines of the newest order that was sent from here; None where none was.

    A line whose pack holds another count today comes by the piece. A batch is not asked for again:
    the shop has what was left of it.
    """
    newest = store.orders.newest(1)
    if not newest:
        return None
    lines: dict[Key, Line] = {}
    gone: list[str] = []
    sent = _order.decode(newest[0].payload).data
    names = newest[0].names or tuple(line.sku for line in sent.lines)
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
    return LinesRepeated(newest[0].number, tuple(lines.values()), order_id, tuple(gone))
