"""Price lists of a version that are kept in CSV: read, and written anew with other prices."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from hub.desk.products.reads import read_body
from hub.desk.rulepacks.model.lineage import to_follow
from hub.desk.rulepacks.model.offers import with_version
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.tables import pack_file, read_versions
from rules import scaled
from rules.language import price_files
from rules.values.decimals import shown_unit_price

PRICE_SCALE: Final = 4
"""Decimals of a price in a list."""
_HEAD: Final = "pack.yaml"
_COLUMNS: Final = ("sku", "price")
Prices = Iterable[tuple[str, int | None]]
"""Of a list, each SKU with its price in ten-thousandths of the major unit; None takes it out."""


@dataclass(frozen=True, slots=True)
class PriceLists:
    """The lists of a version that files of prices are taken into: the CSV of each, by its id."""

    version: Version
    files: Mapping[str, str]


class _Sources(msgspec.Struct):
    """Of a packed pack, the digest of each file."""

    sources: dict[str, str]


def lists_to_price(connection: Connection, now_ms: int) -> PriceLists | None:
    """Find the lists of the version that a new one would follow; None where nothing serves."""
    version = to_follow(read_versions(connection), now_ms)
    if version is None:
        return None
    table = pack_file.c
    query = select(table.path, table.body).where(
        table.pack_id == version.id, ~table.path.like("%.csv")
    )
    files = {row.path: bytes(row.body) for row in connection.execute(query)}
    return PriceLists(version, price_files(files))


def read_rates(connection: Connection, version: Version, file: str) -> dict[str, int]:
    """Read the prices of a version's CSV by SKU, in ten-thousandths of the major unit."""
    table = pack_file.c
    query = select(table.body).where(table.pack_id == version.id, table.path == file)
    body = connection.execute(query).scalar_one_or_none() or b""
    known: dict[str, int] = {}
    rates = {}
    for sku, price in _rows(bytes(body)):
        value = known.get(price)
        if value is None:
            value = known[price] = scaled(price, PRICE_SCALE)
        rates[intern(sku)] = value
    return rates


def files_with(
    connection: Connection, lists: PriceLists, wanted: Mapping[str, Prices], *, number: int
) -> dict[str, bytes]:
    """Give a version's files with other prices in its CSV, and with a number of its own.

    Rows stay in their order and new ones stand at the end, so that what differs is what changed.
    """
    table = pack_file.c
    query = select(table.path, table.body).where(table.pack_id == lists.version.id)
    files = {row.path: bytes(row.body) for row in connection.execute(query)}
    for file, prices in wanted.items():
        files[file] = _priced(files[file], dict(prices))
    head = with_version({_HEAD: files[_HEAD].decode()}, number)
    return {**files, _HEAD: head[_HEAD].encode()}


def sources_of(connection: Connection, version: Version) -> Mapping[str, str]:
    """Read the digest of each file of a version, but of the one that has its number."""
    body = read_body(connection, version.hash) or b'{"sources":{}}'
    sources = msgspec.json.decode(body, type=_Sources).sources
    return {name: digest for name, digest in sources.items() if name != _HEAD}


def _priced(body: bytes, prices: Mapping[str, int | None]) -> bytes:
    """Write a CSV of prices with others in it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    known = set()
    for sku, price in _rows(body):
        known.add(sku)
        now = prices.get(sku, price)
        if now is not None:
            writer.writerow((sku, now if isinstance(now, str) else shown_unit_price(now)))
    for sku, new in prices.items():
        if new is not None and sku not in known:
            writer.writerow((sku, shown_unit_price(new)))
    return stream.getvalue().encode()


def _rows(body: bytes) -> Iterable[tuple[str, str]]:
    """Give SKU and price of each row as they stand in a CSV that was checked."""
    rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    next(rows, None)
    for row in rows:
        if row:
            yield row[0].strip(), row[1].strip()
