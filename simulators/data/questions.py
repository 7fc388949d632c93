"""Real orders as questions for the rules: JSON lines, with the pack that has their prices."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from rules import scaled
from simulators.data.distributor import Customer, Distributor
from simulators.data.orders import OrdersFile, RealOrder, gathered
from simulators.data.wholesaler import wholesaler

ORDERS: Final = "orders.jsonl"
PACK: Final = "pack"
_SCALE: Final = 2


def write_questions(found: OrdersFile, folder: Path) -> int:
    """Write the orders of a file and a pack with their prices into a folder; give their count.

    The first line has the products and customers that the orders share. What the customers are
    like and what they may owe is the wholesaler's, from its fixed seed; stock is not known.

    Raises:
        OSError: the folder cannot be written, or has such a pack already.
    """
    orders = list(gathered(found.lines))
    distributor = wholesaler(found.lines, today=date(2010, 12, 31))
    distributor.write_pack(folder / PACK)
    seen: Counter[str] = Counter()
    with (folder / ORDERS).open("w", encoding="utf-8") as stream:
        for line in ({"shared": _shared(distributor)}, *_lines(orders, seen)):
            stream.write(f"{json.dumps(line, separators=(',', ':'))}\n")
    return len(orders)


def _shared(distributor: Distributor) -> dict[str, Any]:
    return {
        "customers": {one.id: _customer(one) for one in distributor.customers},
        "credit": {one.id: _credit(one.credit_limit) for one in distributor.customers},
        "products": {
            one.sku: {
                "name": one.name,
                "category": one.category.split("/"),
                "tax_class": one.tax_class,
            }
            for one in distributor.products
        },
    }


def _customer(customer: Customer) -> dict[str, Any]:
    geo = customer.geo.split("/") if customer.geo else []
    return {"type": customer.type, "geo": geo, "status": customer.status}


def _credit(limit: str) -> dict[str, Any]:
    if limit in {"none", "cash_only", "unset"}:
        return {"state": limit}
    return {"state": "amount", "limit": scaled(str(Decimal(limit)), _SCALE)}


def _lines(orders: list[RealOrder], seen: Counter[str]) -> Iterator[dict[str, Any]]:
    for order in orders:
        seen[order.invoice] += 1
        part = f"-{seen[order.invoice]}" if seen[order.invoice] > 1 else ""
        pieces: Counter[str] = Counter()
        for pick in order.picks:
            pieces[pick.sku] += pick.quantity
        yield {
            "order": {
                "id": f"{order.invoice}{part}",
                "customer": order.customer,
                "business_date": order.at.date().isoformat(),
                "lines": [
                    {"number": number, "sku": sku, "quantity": quantity}
                    for number, (sku, quantity) in enumerate(pieces.items(), 1)
                ],
            }
        }
