"""What terminals say beside orders, as rows: presence, remarks, and what was refused of them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from broker.contract import Log, Status, StatusData
from hub.base.engine.columns import table_of
from hub.base.transaction import Transaction
from hub.desk.rulepacks.model.versions import SeenPack
from hub.desk.rulepacks.store.seen import note_seen
from hub.desk.terminals import tables
from hub.desk.terminals.model import KEPT, KEPT_BYTES, Presence, RefusedMessage
from hub.desk.terminals.tables import is_ahead
from hub.desk.terminals.wire.statuses import Said, start_of

_LOGS_KEPT: Final = 10_000
_terminals: Final = table_of(tables.Terminal)
_NEW: Final = "{0} runs from another card than before, with its orders up to number {1}"
_OLDER: Final = (
    "{0} runs from an older copy of its card: an order whose number was used already gets another"
)
_JUMP: Final = "{0} sent an order under number {1}, far above {2}, its highest so far"
_SILENT: Final = (
    "{0} was asked for orders that the hub has forgotten, and gave none: its software is older, or "
    "the broker does not let it write up/kept. Give the broker the access file of this version"
)
_OTHERWISE: Final = (
    "{0} gave order {1} back: {2}, and since the books were put back it was decided otherwise. {3}"
)
_SAID_ANEW: Final = "It is {0} here, and the counter is told so: settle it with the shop"
_GAVE_WAY: Final = "It stands as the counter has it on paper"
_COPIED: Final = (
    "{0} runs on two machines at once. The later one takes no more orders until somebody decides: "
    "`terminal claim {0}` makes a slip: scan it at the machine that stays"
)


def keep_refusals(t: Transaction, refusals: Sequence[RefusedMessage]) -> None:
    """Keep refused messages, count their reasons, forget all but the newest."""
    messages = tables.refused_message
    rows = [
        {
            "at": t.at_ms,
            "terminal": one.terminal,
            "topic": _storable(one.topic, 200),
            "code": _storable(one.code, 64),
            "text": _storable(one.text, 500),
            "order_uuid": _storable(one.order, 64) if one.order else None,
            "payload": one.payload[:KEPT_BYTES],
        }
        for one in refusals[-KEPT:]
    ]
    t.connection.execute(insert(messages), rows)
    newest = select(func.max(messages.c.id)).scalar_subquery()
    t.connection.execute(delete(messages).where(messages.c.id <= newest - KEPT))
    times: Counter[str] = Counter()
    for one in refusals:
        times[_storable(one.code, 64)] += one.times
    for code, count in sorted(times.items()):
        _count_refusals(t.connection, code, count)


def _count_refusals(connection: Connection, code: str, count: int) -> None:
    counts = tables.refused_count
    counted = connection.execute(
        update(counts).where(counts.c.code == code).values(count=counts.c.count + count)
    )
    if not counted.rowcount:
        connection.execute(insert(counts).values(code=code, count=count))


def presences(t: Transaction, terminals: Collection[str]) -> Mapping[str, Presence]:
    """Give what these terminals said last; one that never spoke is left out."""
    table = tables.terminal_presence
    query = select(table.c.terminal, table.c.state, table.c.boot, table.c.card, table.c.start)
    rows = t.connection.execute(query.where(table.c.terminal.in_(terminals))).all()
    return {row.terminal: Presence(row.state, row.boot, row.card, row.start) for row in rows}


def ahead(t: Transaction, terminals: Collection[str]) -> frozenset[str]:
    """Say which of these terminals keep answered orders that the hub has not."""
    table = tables.terminal_presence
    query = select(table.c.terminal).where(table.c.terminal.in_(terminals), is_ahead())
    return frozenset(t.connection.execute(query).scalars())


def keep_statuses(
    t: Transaction, said: Sequence[Said], *, older: Collection[str] = ()
) -> Collection[str]:
    """Keep one status of each terminal; gives the terminals, but those that nobody knows.

    `older` are those that run from an older state of their card: what they were told before may be
    on paper, as with a new card.
    """
    known = set()
    for one in sorted(said, key=lambda one: one.status.term):
        name = one.status.term
        card_at = t.at_ms if one.has_new_card or name in older else None
        if _keep(t.connection, one, card_at):
            known.add(name)
    return known


def keep_packs(t: Transaction, said: Sequence[StatusData]) -> None:
    """Keep which numbers of rule packs terminals have that are not here."""
    packs = {
        one.pack: SeenPack(one.pack, one.pack_version)
        for one in said
        if one.pack and one.pack_version is not None
    }
    if packs:
        note_seen(t, list(packs.values()))


def keep_cards(
    t: Transaction,
    *,
    new: Sequence[Status],
    older: Collection[str],
    copies: Mapping[str, str],
) -> None:
    """Keep for people that terminals run from another card than before, or on two machines.

    `new` are the first statuses from such cards; `older` the terminals of older copies of a card.
    """
    told = [
        (one.term, "warning", "card_new", _NEW.format(one.term, one.data.numbered_to or 0))
        for one in new
    ]
    told += [(name, "warning", "card_older", _OLDER.format(name)) for name in sorted(older)]
    told += [(name, "alarm", "card_copied", _COPIED.format(name)) for name in copies]
    keep_told(t, told)


def keep_jumps(t: Transaction, jumps: Mapping[str, tuple[int, int]]) -> None:
    """Keep for people that a terminal's number is far above its highest; both by terminal."""
    told = [
        (name, "alarm", "sequence_jump", _JUMP.format(name, *pair)) for name, pair in jumps.items()
    ]
    keep_told(t, told)


def keep_silent(t: Transaction, terminals: Sequence[str]) -> None:
    """Keep for people that terminals were asked for forgotten orders, and gave none."""
    keep_told(t, [(name, "alarm", "kept_silent", _SILENT.format(name)) for name in terminals])


def keep_settled(t: Transaction, terminal: str, text: str) -> None:
    """Keep who settled what a terminal keeps and the hub has not."""
    keep_told(t, [(terminal, "warning", "kept_settled", text)])


def keep_told_otherwise(
    t: Transaction, terminal: str, number: str, *, told: str, stands: str | None
) -> None:
    """Keep for people that an order was decided otherwise than its terminal was told before.

    `stands` is the state that it has by now; None where it is as the terminal has it.
    """
    now = _SAID_ANEW.format(stands) if stands else _GAVE_WAY
    text = _OTHERWISE.format(terminal, number, told, now)
    keep_told(t, [(terminal, "alarm", "told_otherwise", text)])


def keep_told(t: Transaction, told: Sequence[tuple[str, str, str, str]]) -> None:
    """Keep remarks of the hub's own: by terminal, level, code and text."""
    rows = [
        {
            "terminal": terminal,
            "at": t.at_ms,
            "level": level,
            "code": code,
            "text": _storable(text, 500),
            "order_uuid": None,
        }
        for terminal, level, code, text in told
    ]
    if rows:
        _keep_remarks(t, rows)


def keep_logs(t: Transaction, logs: Sequence[Log]) -> None:
    """Keep remarks, and forget the oldest."""
    rows = [
        {
            "terminal": log.term,
            "at": t.at_ms,
            "level": log.data.level,
            "code": _storable(log.data.code, 64),
            "text": _storable(log.data.text, 500),
            "order_uuid": log.data.order,
        }
        for log in logs
    ]
    _keep_remarks(t, rows)


def _keep_remarks(t: Transaction, rows: Sequence[Mapping[str, object]]) -> None:
    table = tables.terminal_log
    t.connection.execute(insert(table), rows)
    newest = select(func.max(table.c.id)).scalar_subquery()
    t.connection.execute(delete(table).where(table.c.id <= newest - _LOGS_KEPT))


def _keep(connection: Connection, said: Said, card_at: int | None) -> bool:
    """Keep a terminal's last word; False for an unknown terminal."""
    table, status = tables.terminal_presence, said.status
    data = status.data
    values: dict[str, object] = {
        "state": data.state,
        "boot": status.boot,
        "card": data.card,
        "start": start_of(status),
        "kept_orders": data.kept.orders if data.kept else 0,
        "kept_first": data.kept.first if data.kept else 0,
        "kept_last": data.kept.last if data.kept else 0,
        "kept_newest": data.kept.newest if data.kept else None,
        "kept_revision": data.kept.revision if data.kept else 0,
        "queued": data.queued,
        "oldest_ms": data.oldest_ms,
        "printer": data.printer,
        "slips_waiting": data.slips_waiting,
        "software": _storable(data.software, 200),
        "catalogue": data.catalogue,
        "pack": data.pack,
        "pack_version": data.pack_version,
        "facts": data.facts,
        "diagnoses": data.diagnoses,
        "rotates": data.rotates,
        "counter": data.counter,
        "language": data.language,
        "pack_reason": _storable(data.pack_reason, 64) if data.pack_reason else None,
    }
    if said.seen_at is not None:
        values["seen_at"] = said.seen_at
    if card_at is not None:
        values["card_at"] = card_at
    here = table.c.terminal == status.term
    if connection.execute(update(table).where(here).values(values)).rowcount:
        return True
    known = select(_terminals.c.id).where(
        _terminals.c.id == status.term, _terminals.c.revoked_at.is_(None)
    )
    if connection.execute(known).first() is None:
        return False
    connection.execute(insert(table).values({"terminal": status.term, "seen_at": 0, **values}))
    return True


def _storable(text: str, limit: int) -> str:
    """Cut a stranger's text to what a column takes; PostgreSQL keeps no NUL."""
    return text.replace("\x00", "\ufffd")[:limit]
