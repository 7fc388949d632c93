"""Master records as loaded: what is new is added, what differs is changed, the rest left alone."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from hub.base.engine.columns import table_of
from hub.base.engine.database import Database
from hub.base.ids import new_secret
from hub.db import tables
from hub.db.packs.rows import StoredPackRows
from hub.db.shelves import StoredShelves
from hub.domain.masters.records import (
    BatchRecord,
    CustomerRecord,
    ProductRecord,
    TerminalRecord,
    WarehouseRecord,
)
from hub.services.load_distributor import Masters, MasterUnit, Secrets, Shelves
from hub.services.packs.ports import PackRows

_products: Final = table_of(tables.Product)
_gtins: Final = table_of(tables.ProductGtin)
_customers: Final = table_of(tables.Customer)
_warehouses: Final = table_of(tables.Warehouse)
_terminals: Final = table_of(tables.Terminal)

Counts = tuple[int, int]
Values = dict[str, Any]


class OpenMasterUnits:
    """Opens transactions on master records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> AbstractContextManager[MasterUnit]:
        """Open one."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[MasterUnit]:
        with self._database.write() as connection:
            yield _Unit(connection)


class _Unit:
    """One transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.masters: Masters = StoredMasters(connection)
        self.shelves: Shelves = StoredShelves(connection)
        self.packs: PackRows = StoredPackRows(connection)

    def commit(self) -> None:
        """Keep everything."""
        self._connection.commit()


class StoredMasters:
    """Writes master records on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def products(self, records: Sequence[ProductRecord]) -> Counts:
        """Write products and their bar codes; give how many were added and changed."""
        counts = self._write(
            _products,
            "sku",
            [
                {
                    "sku": one.sku,
                    "name": one.name,
                    "category": "/".join(one.category),
                    "brand": one.brand,
                    "tax_class": one.tax_class,
                    "base_unit": one.base_unit,
                    "pack_sizes": ";".join(f"{name}={n}" for name, n in one.pack_sizes),
                    "mrp": one.mrp,
                    "cost": one.cost,
                    "active": True,
                }
                for one in records
            ],
        )
        ids = self._ids(_products, "sku")
        gtins = [
            {"gtin": gtin, "product_id": ids[one.sku], "unit": unit}
            for one in records
            for unit, gtin in (*((None, gtin) for gtin in one.gtins), *one.pack_gtins)
        ]
        added, changed = self._write(_gtins, "gtin", gtins)
        return counts[0], counts[1] + (0 if counts[0] else added) + changed

    def customers(self, records: Sequence[CustomerRecord]) -> Counts:
        """Write customers and what they owed at the start."""
        counts = self._write(
            _customers,
            "code",
            [
                {
                    "code": one.code,
                    "name": one.name,
                    "type": one.type,
                    "geo": "/".join(one.geo),
                    "status": one.status,
                    "credit_state": one.credit_state,
                    "credit_limit": one.credit_limit,
                    "since": one.since,
                }
                for one in records
            ],
        )
        return counts[0], counts[1] + self._accounts(records)

    def warehouses(self, records: Sequence[WarehouseRecord]) -> Counts:
        """Write warehouses."""
        rows = [{"code": w.code, "name": w.name, "priority": w.priority} for w in records]
        return self._write(_warehouses, "code", rows)

    def batches(self, records: Sequence[BatchRecord], now_ms: int) -> Counts:
        """Write new batches, each with the movement that brought its stock, and changed MRPs."""
        products, warehouses = self._ids(_products, "sku"), self._ids(_warehouses, "code")
        table = tables.batch
        query = select(table.c.id, table.c.product_id, table.c.warehouse_id, table.c.code)
        there = {
            (row.product_id, row.warehouse_id, row.code): row
            for row in self._connection.execute(query.add_columns(table.c.mrp))
        }
        new, printed = [], []
        for one in records:
            key = products[one.sku], warehouses[one.warehouse], one.code
            if key not in there:
                new.append(_batch(key, one))
            elif there[key].mrp != one.mrp:
                printed.append({"row": there[key].id, "printed": one.mrp})
        if new:
            self._connection.execute(insert(table), new)
            self._open_stock(now_ms)
        if printed:
            change = update(table).where(table.c.id == bindparam("row"))
            in_turn = sorted(printed, key=itemgetter("row"))  # as orders lock them
            self._connection.execute(change.values(mrp=bindparam("printed")), in_turn)
        return len(new), len(printed)

    def terminals(
        self, records: Sequence[TerminalRecord], secrets_of: Secrets, now_ms: int
    ) -> Counts:
        """Write terminals; each new one gets a secret, of which the SHA-256 is kept."""
        customers, warehouses = self._ids(_customers, "code"), self._ids(_warehouses, "code")
        known = set(self._connection.execute(select(_terminals.c.id)).scalars())
        rows = []
        for one in records:
            row = {
                "id": one.id,
                "customer_id": customers[one.customer],
                "warehouse_id": warehouses[one.warehouse],
            }
            if one.id not in known:
                secret, digest = new_secret()
                secrets_of.issue(one.id, secret)
                row |= {"secret_sha256": digest, "created_at": now_ms}
            rows.append(row)
        return self._write(_terminals, "id", rows)

    def _accounts(self, records: Sequence[CustomerRecord]) -> int:
        """Open accounts, and move those whose opening amount changed by the difference."""
        ids = self._ids(_customers, "code")
        account = tables.customer_account
        query = select(account.c.customer_id, account.c.opening_outstanding).with_for_update()
        opened = {
            row.customer_id: row.opening_outstanding for row in self._connection.execute(query)
        }
        new, moved = [], []
        for one in records:
            row, owed = ids[one.code], one.opening_outstanding
            if row not in opened:
                new.append({"customer_id": row, "opening_outstanding": owed, "exposure": owed})
            elif opened[row] != owed:
                moved.append({"row": row, "owed": owed, "by": owed - opened[row]})
        if new:
            self._connection.execute(insert(account), new)
        if moved:
            self._connection.execute(
                update(account)
                .where(account.c.customer_id == bindparam("row"))
                .values(
                    opening_outstanding=bindparam("owed"),
                    exposure=account.c.exposure + bindparam("by"),
                ),
                moved,
            )
        return len(moved)

    def _open_stock(self, now_ms: int) -> None:
        """Write the opening movement of each batch that has none."""
        table, movement = tables.batch, tables.stock_movement
        query = select(table.c.id, table.c.on_hand).where(
            table.c.on_hand > 0,
            ~select(movement.c.id).where(movement.c.batch_id == table.c.id).exists(),
        )
        rows = [
            {
                "batch_id": row.id,
                "kind": "opening",
                "quantity": row.on_hand,
                "at": now_ms,
                "actor": "load",
                "note": "",
            }
            for row in self._connection.execute(query)
        ]
        if rows:
            self._connection.execute(insert(movement), rows)

    def _ids(self, table: Table, key: str) -> Mapping[str, int]:
        rows = self._connection.execute(select(table.c[key].label("key"), table.c.id))
        return {row.key: row.id for row in rows}

    def _write(self, table: Table, key: str, rows: Sequence[Values]) -> Counts:
        """Insert the rows whose key is new, update those that differ."""
        if not rows:
            return 0, 0
        query = select(table)
        there = {row[key]: row for row in self._connection.execute(query).mappings()}
        new = [row for row in rows if row[key] not in there]
        changed = [
            row
            for row in rows
            if row[key] in there and any(there[row[key]][name] != row[name] for name in row)
        ]
        if new:
            self._connection.execute(insert(table), new)
        for row in changed:
            self._connection.execute(update(table).where(table.c[key] == row[key]).values(row))
        return len(new), len(changed)


def _batch(key: tuple[int, int, str], record: BatchRecord) -> Values:
    """Write a new batch's row."""
    product, warehouse, code = key
    return {
        "product_id": product,
        "warehouse_id": warehouse,
        "code": code,
        "manufactured": record.manufactured,
        "expiry": record.expiry,
        "received": record.received,
        "on_hand": record.on_hand,
        "mrp": record.mrp,
    }
