"""Stock acts done to a market: goods received, moved, sent off and counted."""

from collections.abc import Mapping
from typing import Any

from hub.base.access import EVERYTHING
from hub.base.fields import Refused
from hub.desk.stock.acts import StockActs
from hub.desk.stock.model.moves import Posted
from tests.builders.market import FILES, Market, new_uuid


def row(code: str, batch: str, quantity: object, **more: str) -> dict[str, str]:
    """Write a row of a stock document."""
    return {"code": code, "batch": batch, "quantity": str(quantity), **more}


def do(act: Any, head: Mapping[str, str], *rows: Mapping[str, str], **more: str) -> object:
    """Do an act as somebody who sees everything, under a key of its own."""
    said = {"key": new_uuid(), "by": "asha", **more}
    return act(head, rows, scope=EVERYTHING, **said)


def posted(done: object, state: str = "done") -> int:
    """Give the document that was made."""
    assert isinstance(done, Posted), done
    assert done.state == state
    return done.document


def told(done: object) -> list[tuple[str, str]]:
    """Give why nothing was done, each with its field."""
    assert isinstance(done, Refused), done
    return [(one.code, one.field) for one in done.reasons]


def params(done: object) -> Mapping[str, Any]:
    """Give the parameters of the first reason."""
    assert isinstance(done, Refused), done
    return done.reasons[0].params


def held(market: Market, batch: str, place: str = "MAIN") -> tuple[Any, ...]:
    """Give what is good, reserved, damaged, quarantined and in transit of a batch."""
    (found,) = market.rows(
        "SELECT b.on_hand, b.reserved, b.damaged, b.quarantine, b.in_transit FROM batch b "
        "JOIN warehouse w ON w.id = b.warehouse_id WHERE b.code = :b AND w.code = :w",
        b=batch,
        w=place,
    )
    return found


def stock_of(market: Market) -> StockActs:
    """Give the market a second warehouse, bar codes and costs, and up to what one adjusts alone."""
    market.load(
        warehouses=f"{FILES['warehouses.csv']}SIDE,Side store,2\n",
        products=FILES["products.csv"].replace("8901234567894", "8901234567890"),
    )
    market.change("UPDATE product SET cost = 500000")
    acts = market.hub.ground.part(StockActs)
    acts.set_limit({"amount": "1000.00"}, by="asha")
    return acts


def move_stock(market: Market) -> None:
    """Have stock in every bucket, and a count that a second person let pass."""
    acts, main = stock_of(market), {"warehouse": "MAIN"}
    posted(do(acts.receive, main, row("TEA", "T-NEW", 12, expiry="2027-06-30")))
    damage = {**main, "how": "damage", "reason": "broken"}
    posted(do(acts.move, damage, row("TEA", "T-LATE", 2)))
    quarantine = {**main, "how": "quarantine", "reason": "quality"}
    posted(do(acts.move, quarantine, row("RICE", "R1", 3)))
    head = {**main, "to_warehouse": "SIDE", "due": "2026-11-25"}
    posted(do(acts.transfer.dispatch, head, row("SOAP", "S1", 4)), "dispatched")
    freeze = acts.count.freeze
    done = freeze(main, category="food", key=new_uuid(), by="asha", scope=EVERYTHING)
    document = posted(done, "counting")
    lines = market.rows(
        "SELECT line, quantity FROM stock_document_line WHERE document_id = :d", d=document
    )
    counted = {str(line): str(quantity) for line, quantity in lines}
    acts.count.enter(document, counted, by="ravi", scope=EVERYTHING)
    acts.count.hand_over(document, by="ravi", scope=EVERYTHING)
    posted(acts.decide(document, grant=True, by="vikram", scope=EVERYTHING))
