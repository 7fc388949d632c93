"""Decide every order again from its evidence, and compare its answer with its rows."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from sqlalchemy import Connection, RowMapping, select

from broker.contract import Answer, AnswerLine
from hub.db import tables
from hub.db.stored_snapshots import StoredSnapshots
from hub.domain.evidence import inputs_of, read_evidence
from hub.domain.order_life import OPEN
from hub.services.audit import Finding, Promise
from rules import Minor, Result, evaluate, granted_credit

_REPLAYED: Final = Promise("recomputes", "Each decision recomputes from its evidence and rule pack")
_ANSWERED: Final = Promise("answers_equal", "Each answer says what the rows say")
_WITHIN: Final = Promise("credit_limit", "No order was confirmed on credit above the limit")
_GROUP: Final = 500


class Replay:
    """Reads decided orders once, in groups, and checks them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._snapshots = StoredSnapshots()

    def findings(self) -> Iterator[Finding]:
        """Check what has to be decided again to be checked."""
        faults: dict[str, list[str]] = {"replayed": [], "answered": [], "within": []}
        checked = 0
        for order in self._orders():
            checked += 1
            if order["inputs"]:
                self._replay(order, faults)
            fault = self._answer_fault(order)
            if fault is not None:
                faults["answered"].append(f"order {order['uuid']}: {fault}")
        yield Finding(_REPLAYED, checked, faults["replayed"])
        yield Finding(_ANSWERED, checked, faults["answered"])
        yield Finding(_WITHIN, checked, faults["within"])

    def _orders(self) -> Iterator[RowMapping]:
        """Read orders with evidence and answer, by id."""
        order, why, box = tables.order_, tables.decision, tables.outbox
        query = (
            select(order, why.c.inputs, why.c.result_hash, box.c.payload.label("answer"))
            .join(why, why.c.order_id == order.c.id, isouter=True)
            .join(box, (box.c.order_id == order.c.id) & (box.c.revision == 1), isouter=True)
            .order_by(order.c.id)
            .limit(_GROUP)
        )
        last = 0
        while rows := self._connection.execute(query.where(order.c.id > last)).mappings().all():
            yield from rows
            last = rows[-1]["id"]

    def _replay(self, order: RowMapping, faults: Mapping[str, list[str]]) -> None:
        """Decide an order again."""
        try:
            evidence = read_evidence(order["inputs"])
        except msgspec.DecodeError as error:
            faults["replayed"].append(f"order {order['uuid']}: evidence unreadable: {error}")
            return
        pack = self._snapshots.pack(self._connection, order["pack_hash"])
        if pack is None:
            faults["replayed"].append(f"order {order['uuid']}: rule pack {order['pack_hash']} gone")
            return
        again, facts, counters = inputs_of(
            evidence, self._snapshots.catalogue(self._connection, evidence.catalogue)
        )
        result = evaluate(again, facts, counters, pack)
        if result.result_hash != order["result_hash"] or not _same_totals(result, order):
            faults["replayed"].append(
                f"order {order['uuid']}: decided again it comes out otherwise"
            )
        credit = granted_credit(again, facts, pack)
        is_owed = order["payment"] == "credit" and order["status"] in OPEN
        is_owed &= all(step.code != "credit_gate_off" for step in result.trace)
        owed = order["payable"] if is_owed else 0
        if (
            owed > 0
            and credit
            and credit.state == "amount"
            and credit.exposure + owed > credit.limit
        ):
            faults["within"].append(
                f"order {order['uuid']}: {credit.exposure} and {owed} are above {credit.limit}"
            )

    def _answer_fault(self, order: RowMapping) -> str | None:
        """Say what the answer's bytes say otherwise than the rows."""
        if order["answer"] is None:
            return "no answer"
        try:
            answer = msgspec.json.decode(order["answer"], type=Answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return f"the answer is unreadable: {error}"
        told = answer.data
        if (told.order, told.number, answer.term) != (
            order["uuid"],
            order["number"],
            order["terminal"],
        ):
            return "the answer is to another order"
        totals = told.totals
        if totals is not None and any(
            getattr(totals, name) != order[name]
            for name in ("gross", "discount", "net", "tax", "round_off", "payable")
        ):
            return "the answer has other totals"
        if told.status != order["status"] and order["status"] != "cancelled":
            return f"the answer says {told.status}, the order is {order['status']}"
        return self._line_fault(order["id"], told.lines)

    def _line_fault(self, order_id: int, told: list[AnswerLine]) -> str | None:
        """Compare the answer's lines with the rows."""
        line = tables.order_line
        query = select(line).where(line.c.order_id == order_id, ~line.c.free)
        rows = {row.line: row for row in self._connection.execute(query)}
        if told and len(told) != len(rows):
            return f"the answer has {len(told)} lines, the order {len(rows)}"
        for one in told:
            row = rows.get(one.line)
            if row is None or (one.sku, one.qty, one.net, one.tax, one.total) != (
                row.sku,
                row.quantity,
                row.net,
                row.tax,
                row.total,
            ):
                return f"line {one.line} of the answer differs"
        return None


def _same_totals(result: Result, order: RowMapping) -> bool:
    """Compare a result's totals with the row."""
    totals = result.totals
    return all(
        getattr(totals, name) == Minor(order[name])
        for name in ("gross", "discount", "net", "tax", "round_off", "payable")
    )
