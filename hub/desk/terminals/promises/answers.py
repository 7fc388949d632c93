"""Compare what terminals were told with what the rows say."""

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlalchemy import Connection, RowMapping, select

from broker.contract import Answer, AnswerLine, Notice
from hub.base.engine.promises import Finding, Promise
from hub.desk.orders.model.life import wire_status
from hub.desk.orders.tables import order_, order_line, order_revision
from hub.desk.terminals.tables import outbox

_ANSWERED: Final = Promise("answers_equal", "Each answer and each notice says what the rows say")
_GROUP: Final = 500
_TOTALS: Final = ("gross", "discount", "net", "tax", "round_off", "payable")


def check_answers(connection: Connection, _now_ms: int) -> Iterator[Finding]:
    """Read every message to a terminal again, beside the revision that it tells."""
    faults: list[str] = []
    checked, last = 0, 0
    query = (
        select(
            outbox.c.id,
            outbox.c.terminal,
            outbox.c.payload,
            order_.c.uuid,
            order_.c.number,
            order_revision,
        )
        .join(order_, order_.c.id == outbox.c.order_id)
        .join(
            order_revision,
            (order_revision.c.order_id == outbox.c.order_id)
            & (order_revision.c.revision == outbox.c.revision),
        )
        .order_by(outbox.c.id)
        .limit(_GROUP)
    )
    while rows := connection.execute(query.where(outbox.c.id > last)).mappings().all():
        last = rows[-1]["id"]
        checked += len(rows)
        for row in rows:
            fault = _fault_of(connection, row)
            if fault is not None:
                faults.append(f"order {row['uuid']} revision {row['revision']}: {fault}")
    yield Finding(_ANSWERED, checked, faults)


def _fault_of(connection: Connection, row: RowMapping) -> str | None:
    """Say what a message's bytes say otherwise than the rows."""
    try:
        message = msgspec.json.decode(row["payload"], type=Answer | Notice)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"its message is unreadable: {error}"
    told = message.data
    if (told.order, told.number, message.term) != (row["uuid"], row["number"], row["terminal"]):
        return "its message is to another order"
    meant = wire_status(row["status"], changed=row["changed"])
    if told.status != meant:
        return f"its message says {told.status}, it is {meant}"
    decided = message.data.decision if isinstance(message, Notice) else message.data
    if decided is None:
        return None
    totals = decided.totals
    if totals is not None and any(getattr(totals, name) != row[name] for name in _TOTALS):
        return "its answer has other totals"
    return _line_fault(connection, row, decided.lines)


def _line_fault(connection: Connection, row: RowMapping, told: list[AnswerLine]) -> str | None:
    """Compare an answer's lines with the rows."""
    line = order_line
    query = select(line).where(
        line.c.order_id == row["order_id"], line.c.revision == row["revision"], ~line.c.free
    )
    rows = {found.line: found for found in connection.execute(query)}
    if told and len(told) != len(rows):
        return f"its answer has {len(told)} lines, the order {len(rows)}"
    for one in told:
        found = rows.get(one.line)
        if found is None or (one.sku, one.qty, one.net, one.tax, one.total) != (
            found.sku,
            found.quantity,
            found.net,
            found.tax,
            found.total,
        ):
            return f"line {one.line} of its answer differs"
    return None
