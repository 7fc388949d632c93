"""The order path's transaction: inbox, facts under lock, and all rows of a group at once.

Rows are locked in one order everywhere, so that two workers wait and never deadlock: inbox, then
customer accounts, then batches by id, then counters by name.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from operator import add
from typing import Any, Final

from sqlalchemy import Connection, Table

from hub.base.engine.database import Database, holders, is_outage, padded
from hub.db import tables
from hub.db.orders import rows
from hub.db.orders.leases import read_own
from hub.db.orders.parties import PARTIES, read_party
from hub.db.orders.shelf import Shelf
from hub.domain.decide import Moment, moment_of
from hub.domain.leases import NOTHING, Slice
from hub.domain.ledger import Ledger, Place
from hub.services.decide_orders import Entry, OrderBook, StoringError, Submitted, Taken
from rules import Batch, CounterChange

_AT_ONCE: Final = 4_096
_TAKEN: Final = "SELECT terminal, seq, order_uuid, payload_sha256 FROM inbox WHERE "
_ANSWERS: Final = """
SELECT o.uuid, x.payload FROM order_ o JOIN outbox x ON x.order_id = o.id AND x.revision = 1
WHERE o.uuid IN """
_BATCHES: Final = """
SELECT id, product_id, warehouse_id, code, manufactured, expiry, received, mrp, on_hand - reserved
FROM batch WHERE status = 'ok' AND on_hand > reserved AND product_id IN """
_COUNTERS: Final = """
SELECT rule, scope, used, spent, bought, pieces, held_uses, held_amount, held_pieces
FROM scheme_counter WHERE scope IN """
_RESERVE: Final = """
UPDATE batch SET reserved = reserved + ? WHERE id = ? AND status = 'ok' AND on_hand - reserved >= ?
"""
_OWE: Final = "UPDATE customer_account SET exposure = exposure + ? WHERE customer_id = ?"
_COUNT: Final = """
UPDATE scheme_counter
SET used = used + ?, spent = spent + ?, bought = bought + ?, pieces = pieces + ?,
    held_uses = held_uses - ?, held_amount = held_amount - ?, held_pieces = held_pieces - ?
WHERE rule = ? AND scope = ?
"""
_SPEND: Final = """
UPDATE lease SET uses = ?, amount = ?, pieces = ? WHERE terminal = ? AND rule = ? AND scope = ?
"""


class OrderBooks:
    """Opens order books on one database; the statements are written once."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf
        self._statements = _Statements(database)

    def __call__(self) -> AbstractContextManager[OrderBook]:
        """Open one."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[OrderBook]:
        with self._database.write() as connection:
            yield _Book(self._database, connection, shelf=self._shelf, sql=self._statements)


class _Statements:
    """What all books of a database share: the statements that always read the same, and dates."""

    def __init__(self, database: Database) -> None:
        insert = database.insert
        self.inbox = insert(tables.inbox, *rows.INBOX)
        self.order = insert(tables.order_, *rows.ORDER)
        self.line = insert(tables.order_line, *rows.LINE)
        self.decision = insert(tables.decision, *rows.DECISION)
        self.allocation = insert(tables.allocation, *rows.ALLOCATION)
        self.event = insert(tables.order_event, *rows.EVENT)
        self.outbox = insert(tables.outbox, *rows.OUTBOX)
        self.alarm = insert(tables.price_alarm, *rows.ALARM)
        self.change = insert(tables.counter_change, *rows.CHANGE)
        self.counter = insert(tables.scheme_counter, *rows.CHANGE[1:])
        self.reserve = database.sql(_RESERVE)
        self.owe = database.sql(_OWE)
        self.count = database.sql(_COUNT)
        self.spend = database.sql(_SPEND)
        self.days = _Days()


class _Book:
    """One transaction."""

    def __init__(
        self, database: Database, connection: Connection, *, shelf: Shelf, sql: _Statements
    ) -> None:
        self._database = database
        self._connection = connection
        self._cursor = database.cursor(connection)
        self._shelf = shelf
        self._sql = sql
        self._days = sql.days
        self._ledger: Ledger | None = None
        self._counted: frozenset[tuple[str, str]] = frozenset()

    def taken(self, asked: Sequence[Submitted]) -> Sequence[Taken]:
        """Find what is already in the inbox under any of these keys or order ids."""
        found = {
            row[2]: row for row in self._in(_TAKEN + "order_uuid IN ", [o.uuid for o in asked])
        }
        keys = padded([one.key for one in asked])
        values = ", ".join(["(?, ?)"] * len(keys))
        self._cursor.execute(
            self._database.sql(f"{_TAKEN}(terminal, seq) IN (VALUES {values})"),
            [value for key in keys for value in key],
        )
        found.update({row[2]: row for row in self._cursor.fetchall()})
        if not found:
            return ()
        answers = {uuid: bytes(answer) for uuid, answer in self._in(_ANSWERS, list(found))}
        return [
            Taken((terminal, seq), uuid, bytes(digest), answers.get(uuid, b""))
            for terminal, seq, uuid, digest in found.values()
        ]

    def ledger(self, asked: Sequence[Submitted], now_ms: int) -> Ledger:
        """Lock and read what these orders need to be decided at this moment."""
        pack, catalogue, zone = self._shelf.current(self._cursor, now_ms)
        ledger = Ledger(pack=pack, zone=zone, catalogue=catalogue, parties={})
        quoted = {one.message.data.quote.pack for one in asked if one.message.data.quote}
        ledger.honoured = self._shelf.honoured(self._cursor, quoted, now_ms)
        ledger.parties = {
            party.terminal: party
            for row in self._in(
                PARTIES, sorted({one.message.term for one in asked}), "a.customer_id", of=" OF a"
            )
            for party in [read_party(row)]
        }
        ledger.exposure = {
            party.customer_id: party.credit.exposure for party in ledger.parties.values()
        }
        skus = {line.sku for one in asked for line in one.message.data.lines}
        self._read_batches(ledger, skus | ledger.named_products())
        self._read_counters(ledger, moment_of(now_ms, zone))
        if ledger.has_shared():
            terminals = sorted(ledger.parties)
            own = read_own(self._database, self._cursor, terminals, now_ms=now_ms)
            # One that was made since its counter was locked is as if it were not there yet.
            held = ledger.leased.together
            ledger.leased.own = {key: part for key, part in own.items() if key[1:] in held}
        self._ledger = ledger
        return ledger

    def customers(self, codes: Collection[str]) -> Collection[str]:
        """Say which of these customers exist."""
        found = self._in("SELECT code FROM customer WHERE code IN ", list(codes))
        return {row[0] for row in found}

    def store(self, entries: Sequence[Entry], moment: Moment) -> Sequence[int]:
        """Write all rows of these decisions or, with StoringError, none; gives outbox ids."""
        cursor = self._cursor
        cursor.execute("SAVEPOINT entries")
        try:
            outbox = self._write(entries, moment)
        except Exception as error:
            if is_outage(error):
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT entries")
            raise StoringError(str(error)) from error
        cursor.execute("RELEASE SAVEPOINT entries")
        return outbox

    def commit(self) -> None:
        """Keep everything, durably."""
        self._connection.commit()

    def _write(self, entries: Sequence[Entry], moment: Moment) -> Sequence[int]:
        """Write the rows table by table."""
        sql, ledger = self._sql, self._ledger
        if ledger is None:
            raise AssertionError("a book stores what was decided from its own ledger")
        many = self._cursor.executemany
        many(sql.inbox, [rows.inbox_row(entry, moment) for entry in entries])
        ids = self._next_ids(tables.order_, len(entries))
        outbox = self._next_ids(tables.outbox, len(entries))
        pairs = list(zip(ids, entries, strict=True))
        many(sql.order, [rows.order_row(i, entry, moment) for i, entry in pairs])
        products, catalogue = ledger.catalogue.ids, ledger.catalogue.hash
        many(sql.line, [row for i, one in pairs for row in rows.line_rows(i, one, products)])
        many(sql.decision, [rows.decision_row(i, e, catalogue, moment=moment) for i, e in pairs])
        many(sql.event, [rows.event_row(i, entry.decided, moment) for i, entry in pairs])
        many(
            sql.outbox,
            [
                rows.outbox_row(box, i, entry, moment=moment)
                for box, (i, entry) in zip(outbox, pairs, strict=True)
            ],
        )
        alarms = [row for i, entry in pairs for row in rows.alarm_rows(i, entry, moment)]
        if alarms:
            many(sql.alarm, alarms)
        taking = [(i, entry) for i, entry in pairs if entry.decided.is_open]
        if taking:
            self._reserve(taking, ledger)
            self._owe(taking)
            self._count(taking, ledger)
            self._spend(taking, ledger)
        return outbox

    def _reserve(self, pairs: Sequence[tuple[int, Entry]], ledger: Ledger) -> None:
        """Allocate batches, and guard each again in the statement that takes from it."""
        allocations = []
        taken: dict[int, int] = {}
        for order_id, entry in pairs:
            decided = entry.decided
            warehouse = decided.party.warehouse_id if decided.party else 0
            for one in decided.result.allocations if decided.result else ():
                batch = ledger.batch_ids[warehouse, one.sku, one.batch]
                allocations.append((order_id, one.free, one.number, batch, one.quantity, "open"))
                taken[batch] = taken.get(batch, 0) + one.quantity
        if not allocations:
            return
        self._cursor.executemany(self._sql.allocation, allocations)
        changes = [(quantity, batch, quantity) for batch, quantity in sorted(taken.items())]
        self._cursor.executemany(self._sql.reserve, changes)
        if self._cursor.rowcount != len(changes):
            raise StoringError("a batch has less than was read under lock")

    def _owe(self, pairs: Sequence[tuple[int, Entry]]) -> None:
        """Add to the customers' exposure."""
        owed: dict[int, int] = {}
        for _, entry in pairs:
            party = entry.decided.party
            if party is not None and entry.decided.exposure:
                owed[party.customer_id] = owed.get(party.customer_id, 0) + entry.decided.exposure
        if owed:
            self._cursor.executemany(self._sql.owe, [(n, i) for i, n in sorted(owed.items())])

    def _count(self, pairs: Sequence[tuple[int, Entry]], ledger: Ledger) -> None:
        """Add to the schemes' counters, and take off what terminals hold no more.

        A counter that was not there when it was read is inserted, so that a second worker that did
        not see it either fails on the key, and decides its orders again.
        """
        changes = [
            (order_id, *change)
            for order_id, entry in pairs
            for change in (entry.decided.result.changes if entry.decided.result else ())
        ]
        if not changes:
            return
        self._cursor.executemany(self._sql.change, changes)
        sums: dict[tuple[str, str], tuple[int, ...]] = {}
        for _, rule, scope, *counts in changes:
            before = sums.get((rule, scope), (0,) * len(counts))
            sums[rule, scope] = tuple(map(add, before, counts))
        new = [(*key, *n) for key, n in sorted(sums.items()) if key not in self._counted]
        spent = ledger.leased.spent
        old = [
            (*n, *spent.get(key, NOTHING), *key)
            for key, n in sorted(sums.items())
            if key in self._counted
        ]
        if new:
            self._cursor.executemany(self._sql.counter, new)
        if old:
            self._cursor.executemany(self._sql.count, old)

    def _spend(self, pairs: Sequence[tuple[int, Entry]], ledger: Ledger) -> None:
        """Lower the leases of the terminals whose orders took of a scheme."""
        own = ledger.leased.own
        touched = {
            (entry.asked.message.term, change.rule, change.scope)
            for _, entry in pairs
            for change in (entry.decided.result.changes if entry.decided.result else ())
        }
        left = [(*own[key], *key) for key in sorted(touched & own.keys())]
        if left:
            self._cursor.executemany(self._sql.spend, left)

    def _read_batches(self, ledger: Ledger, skus: Collection[str]) -> None:
        """Read what can be sold of these products where these parties are served from."""
        warehouses = {party.warehouse_id: party.warehouse for party in ledger.parties.values()}
        ledger.batches = {(place, sku): () for place in warehouses for sku in skus}
        known = {ledger.catalogue.ids[sku]: sku for sku in skus if sku in ledger.catalogue.ids}
        if not known or not warehouses:
            return
        found: dict[Place, list[Batch]] = {}
        days = self._days
        for row in self._sellable(sorted(known), sorted(warehouses)):
            row_id, product, place, code, made, expiry, received, mrp, left = row
            sku = known[product]
            ledger.batch_ids[place, sku, code] = row_id
            batch = Batch(
                code,
                sku,
                warehouses[place],
                available=left,
                received=days[received],
                manufactured=days[made] if made else None,
                expiry=days[expiry] if expiry else None,
                mrp=mrp,
            )
            found.setdefault((place, sku), []).append(batch)
        ledger.batches.update({place: tuple(lots) for place, lots in found.items()})

    def _sellable(self, products: Sequence[int], warehouses: Sequence[int]) -> Iterator[Any]:
        """Lock and read batches, some thousand products at once: statements hold no more values."""
        for start in range(0, len(products), _AT_ONCE):
            some = products[start : start + _AT_ONCE]
            statement = (
                f"{_BATCHES}({holders(len(some))}) AND warehouse_id IN "
                f"({holders(len(warehouses))}) ORDER BY id{self._database.lock}"
            )
            values = [*padded(some), *padded(warehouses)]
            self._cursor.execute(self._database.sql(statement), values)
            yield from self._cursor.fetchall()

    def _read_counters(self, ledger: Ledger, moment: Moment) -> None:
        """Read what schemes gave in all and to these customers, in the periods that count now."""
        customers = [party.customer.id for party in ledger.parties.values()]
        scopes = ledger.scopes(customers, moment.day)
        is_leased = ledger.has_shared()
        for rule, scope, *counts in self._in(_COUNTERS, scopes, "rule, scope"):
            ledger.count([CounterChange(rule, scope, *counts[:4])])
            if is_leased and any(counts[4:]):
                ledger.leased.together[rule, scope] = Slice(*counts[4:])
        self._counted = frozenset(ledger.used)

    def _in(
        self, statement: str, values: Sequence[object], order: str | None = None, *, of: str = ""
    ) -> list[Any]:
        """Run a statement that ends with IN; with `order`, lock what it finds in that order."""
        if not values:
            return []
        tail = ""
        if order is not None:
            lock = self._database.lock
            tail = f" ORDER BY {order}{lock}{of if lock else ''}"
        text = f"{statement}({holders(len(values))}){tail}"
        self._cursor.execute(self._database.sql(text), padded(values))
        return list(self._cursor.fetchall())

    def _next_ids(self, table: Table, count: int) -> Sequence[int]:
        return self._database.next_ids(self._cursor, table, count)


class _Days(dict[Any, date]):
    """Dates by what the driver gives: SQLite their text, PostgreSQL the dates themselves."""

    def __missing__(self, value: str | date) -> date:
        """Read a date once."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        self[value] = day
        return day
