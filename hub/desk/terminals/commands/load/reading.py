"""Read a distributor's files, given as texts; every fault is told as `file:row: reason`."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from itertools import permutations
from typing import Any, Final, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broker.contract import check_id
from broker.contract.access import is_hub
from hub.desk.parties.model import (
    CustomerRecord,
    PartyCircleError,
    PartyKind,
    SellerRecord,
    in_order,
)
from hub.desk.parties.model.cells import key_of_gtin
from hub.desk.products.model import Measures, OwnPrefixRecord, ProductRecord
from hub.desk.stock.model import BatchRecord, WarehouseRecord
from hub.desk.terminals.commands.load.rows import Fault, Row, RowFaultError, TableReader
from hub.desk.terminals.model import Distributor, TerminalRecord
from rules import CustomerStatus, LimitState, is_scope

SETTINGS: Final = "distributor.toml"
PRODUCTS: Final = "products.csv"
CUSTOMERS: Final = "customers.csv"
WAREHOUSES: Final = "warehouses.csv"
BATCHES: Final = "batches.csv"
TERMINALS: Final = "terminals.csv"
SELLERS: Final = "sellers.csv"
FILES: Final = (SETTINGS, SELLERS, PRODUCTS, CUSTOMERS, WAREHOUSES, BATCHES, TERMINALS)

_PRODUCT: Final = (
    "sku",
    "gtins",
    "name",
    "category",
    "brand",
    "tax_class",
    "base_unit",
    "pack_sizes",
)
_CUSTOMER: Final = ("id", "name", "type", "geo", "status", "credit_limit", "opening_outstanding")
_NO_AMOUNT: Final = ("none", "cash_only", "unset")
_BATCH: Final = ("warehouse", "sku", "batch", "manufactured", "expiry", "received", "on_hand")
_SELLER_KINDS: Final = ("distributor", "super_stockist", "company")
_OWN_PREFIX: Final = re.compile(r"(02|2[0-9])[0-9]{0,8}")
_BODY_DIGITS: Final = 12
"""Of an EAN-13, before its check digit."""
_GTIN_DIGITS: Final = range(8, 15)
_LONGEST_UNIT: Final = 32


class DistributorError(Exception):
    """The files have faults; `faults` holds all of them, in the order of files and rows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def read_distributor(texts: Mapping[str, str], *, scale: int) -> Distributor:
    """Read a distributor from the texts of its files, by name.

    `scale` counts the decimals of the rule pack's currency. Raises DistributorError.
    """
    reader = TableReader(texts)
    table = _toml(reader)
    settings = _settings(reader, table)
    products = _products(reader)
    sellers = _sellers(reader)
    selling = {"", *(seller.code for seller in sellers)}
    customers = reader.read(
        CUSTOMERS,
        lambda row: _customer(row, scale, selling),
        columns=_CUSTOMER,
        key=lambda c: c.code,
        optional=("since", "seller"),
    )
    warehouses = reader.read(
        WAREHOUSES,
        lambda row: _warehouse(row, selling),
        columns=("code", "name", "priority"),
        key=lambda w: w.code,
        optional=("seller",),
    )
    skus = _named(reader, PRODUCTS, [product.sku for product in products])
    codes = _named(reader, WAREHOUSES, [warehouse.code for warehouse in warehouses])
    served = _named(reader, CUSTOMERS, [customer.code for customer in customers])
    batches = reader.read(
        BATCHES,
        lambda row: _batch(row, skus, codes),
        columns=_BATCH,
        key=lambda b: (b.warehouse, b.sku, b.code),
        optional=("mrp",),
    )
    terminals = reader.read(
        TERMINALS,
        lambda row: _terminal(row, served, codes),
        columns=("id", "customer", "warehouse"),
        key=lambda t: t.id,
    )
    _check_gtins(reader, products)
    own_prefixes = _own_prefixes(reader, (table or {}).get("own_prefixes", []))
    if reader.faults:
        raise DistributorError(reader.faults)
    return Distributor(
        **settings,
        sellers=sellers,
        products=products,
        customers=customers,
        warehouses=warehouses,
        batches=batches,
        terminals=terminals,
        own_prefixes=own_prefixes,
    )


def _products(reader: TableReader) -> tuple[ProductRecord, ...]:
    return reader.read(
        PRODUCTS,
        _product,
        columns=_PRODUCT,
        key=lambda p: p.sku,
        optional=("mrp", "cost", "pack_gtins", "active"),
    )


def _toml(reader: TableReader) -> dict[str, Any] | None:
    try:
        return tomllib.loads(reader.texts.get(SETTINGS, ""))
    except tomllib.TOMLDecodeError as error:
        reader.fault(SETTINGS, 0, str(error))
        return None


def _own_prefixes(reader: TableReader, rows: object) -> tuple[OwnPrefixRecord, ...]:
    """Read what stands behind the prefixes of the distributor's own bar codes."""
    if not isinstance(rows, list):
        reader.fault(SETTINGS, 0, "own_prefixes is no list of tables: write [[own_prefixes]]")
        return ()
    table = []
    for at, row in enumerate(rows, 1):
        try:
            table.append(_own_prefix(row))
        except RowFaultError as error:
            reader.fault(SETTINGS, 0, f"own_prefixes {at}: {error}")
    for one, other in permutations(table, 2):
        if other.prefix.startswith(one.prefix) and one.prefix != other.prefix:
            text = f"own_prefixes: {one.prefix} is the beginning of {other.prefix}"
            reader.fault(SETTINGS, 0, text)
    prefixes = [one.prefix for one in table]
    for prefix in sorted({prefix for prefix in prefixes if prefixes.count(prefix) > 1}):
        reader.fault(SETTINGS, 0, f"own_prefixes: {prefix} is there twice")
    return tuple(sorted(table, key=lambda one: one.prefix))


def _own_prefix(row: object) -> OwnPrefixRecord:
    """Read `prefix = "21"`, `article = 5`, `measures = "weight"`."""
    match row:
        case {"prefix": str(prefix), "article": int(article), "measures": str(measures), **rest}:
            pass
        case _:
            raise RowFaultError('needs prefix = "21", article = 5, measures = "weight"')
    if rest:
        raise RowFaultError(f"{min(map(str, rest))!r} is not known")
    if measures not in get_args(Measures):
        raise RowFaultError(f"measures {measures!r} is not one of {', '.join(get_args(Measures))}")
    if not _OWN_PREFIX.fullmatch(prefix):
        raise RowFaultError(f"prefix {prefix!r} does not begin with 02 or 20 to 29")
    most = _BODY_DIGITS - 1 - len(prefix)
    if isinstance(article, bool) or not 1 <= article <= most:
        raise RowFaultError(f"article {article} is not 1 to {most} digits behind {prefix}")
    return OwnPrefixRecord(prefix, article, cast("Measures", measures))


def _settings(reader: TableReader, table: Mapping[str, Any] | None) -> dict[str, str]:
    """Read who the distributor is."""
    names = ("name", "support", "timezone", "http")
    if table is None:
        return dict.fromkeys(names, "")
    values = {name: str(table.get(name, "")) for name in names}
    if not values["name"]:
        reader.fault(SETTINGS, 0, "name is missing")
    known = (*names, "own_prefixes")
    for name in sorted(set(table) - set(known)):
        reader.fault(SETTINGS, 0, f"{name!r} is not known; there are {', '.join(known)}")
    values["timezone"] = values["timezone"] or "UTC"
    try:
        ZoneInfo(values["timezone"])
    except (ZoneInfoNotFoundError, ValueError):
        reader.fault(
            SETTINGS, 0, f"timezone {values['timezone']!r} is not one such as Asia/Kolkata"
        )
    return values


def _sellers(reader: TableReader) -> tuple[SellerRecord, ...]:
    """Read the parties that sell beside the company; most distributors have no such file."""
    if SELLERS not in reader.texts:
        return ()
    sellers = reader.read(
        SELLERS,
        _seller,
        columns=("code", "name", "kind", "parent"),
        key=lambda seller: seller.code,
    )
    try:
        in_order(sellers, {""})
    except PartyCircleError as error:
        text = f"party {error.party} stands above itself, or below a seller that is not there"
        reader.fault(SELLERS, 0, text)
    return sellers


def _seller(row: Row) -> SellerRecord:
    return SellerRecord(
        code=row.code("code"),
        name=row.text("name"),
        kind=cast("PartyKind", row.choice("kind", _SELLER_KINDS)),
        parent=row.optional("parent", 64),
    )


def _seller_of(row: Row, selling: Collection[str]) -> str:
    seller = row.optional("seller", 64)
    if seller not in selling:
        raise RowFaultError(f"seller {seller!r} is not in {SELLERS}")
    return seller


def _product(row: Row) -> ProductRecord:
    gtins = tuple(gtin for gtin in row.optional("gtins").split(";") if gtin)
    for gtin in gtins:
        _check_digits("gtins", gtin)
    pack_sizes = _pack_sizes(row)
    return ProductRecord(
        sku=row.code("sku"),
        gtins=gtins,
        name=row.text("name"),
        category=row.path("category"),
        brand=row.optional("brand") or None,
        tax_class=row.optional("tax_class", 64) or None,
        base_unit=row.optional("base_unit", 32) or "PCS",
        pack_sizes=pack_sizes,
        mrp=row.unit_price("mrp"),
        cost=row.unit_price("cost"),
        pack_gtins=_pack_gtins(row, dict(pack_sizes)),
        active=_is_sold(row),
    )


def _is_sold(row: Row) -> bool:
    """Read whether a product is sold: yes, also where nothing is said, or no."""
    return not row.optional("active") or row.choice("active", ("yes", "no")) == "yes"


def _check_digits(column: str, gtin: str) -> None:
    if not gtin.isascii() or not gtin.isdigit() or len(gtin) not in _GTIN_DIGITS:
        raise RowFaultError(f"{column}: {gtin!r} is not 8 to 14 digits")


def _pack_sizes(row: Row) -> tuple[tuple[str, int], ...]:
    """Read `CASE=12;BOX=6`."""
    written = row.optional("pack_sizes")
    sizes: dict[str, int] = {}
    for pair in filter(None, written.split(";")):
        name, _, count = pair.partition("=")
        if not name or not count.isascii() or not count.isdigit() or int(count) < 1:
            raise RowFaultError(f"pack_sizes: {pair!r} is not one such as CASE=12")
        if name in sizes:
            raise RowFaultError(f"pack_sizes: {name!r} is there twice")
        if len(name) > _LONGEST_UNIT:
            raise RowFaultError(f"pack_sizes: {name!r} is longer than {_LONGEST_UNIT} characters")
        sizes[name] = int(count)
    return tuple(sizes.items())


def _pack_gtins(row: Row, sizes: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Read `CASE=18901234567891`: the bar code on a whole pack of a size that there is."""
    found = []
    for pair in filter(None, row.optional("pack_gtins").split(";")):
        name, _, gtin = pair.partition("=")
        if name not in sizes:
            raise RowFaultError(f"pack_gtins: {pair!r} names no pack of pack_sizes")
        _check_digits("pack_gtins", gtin)
        found.append((name, gtin))
    return tuple(found)


def _customer(row: Row, scale: int, selling: Collection[str]) -> CustomerRecord:
    written = row.optional("credit_limit") or "unset"
    limit = 0 if written in _NO_AMOUNT else row.amount("credit_limit", scale)
    if limit < 0:
        raise RowFaultError(f"credit_limit {written!r} is negative")
    state = written if written in _NO_AMOUNT else "amount"
    return CustomerRecord(
        code=_customer_id(row),
        name=row.text("name"),
        type=row.optional("type", 64) or None,
        geo=row.path("geo"),
        status=cast("CustomerStatus", row.choice("status", get_args(CustomerStatus))),
        credit_state=cast("LimitState", state),
        credit_limit=limit,
        opening_outstanding=row.amount("opening_outstanding", scale),
        since=row.optional_day("since"),
        seller=_seller_of(row, selling),
    )


def _customer_id(row: Row) -> str:
    """Read an id; what schemes count for a customer is kept under it."""
    code = row.code("id")
    if is_scope(code):
        raise RowFaultError(f"id {code!r} is how counters of schemes are named: take another")
    return code


def _warehouse(row: Row, selling: Collection[str]) -> WarehouseRecord:
    return WarehouseRecord(
        row.code("code"),
        row.text("name"),
        row.count("priority", default=0),
        seller=_seller_of(row, selling),
    )


def _batch(row: Row, skus: set[str] | None, warehouses: set[str] | None) -> BatchRecord:
    made, expiry = row.optional_day("manufactured"), row.optional_day("expiry")
    if made and expiry and expiry < made:
        raise RowFaultError(f"expiry {expiry} is before manufactured {made}")
    return BatchRecord(
        warehouse=_known(row, "warehouse", warehouses),
        sku=_known(row, "sku", skus),
        code=row.code("batch"),
        manufactured=made,
        expiry=expiry,
        received=row.day("received"),
        on_hand=row.count("on_hand"),
        mrp=row.unit_price("mrp"),
    )


def _terminal(row: Row, customers: set[str] | None, warehouses: set[str] | None) -> TerminalRecord:
    try:
        name = check_id(row.text("id"))
    except ValueError as error:
        raise RowFaultError(str(error)) from error
    if is_hub(name):
        raise RowFaultError(f"id '{name}' is the hub's own")
    return TerminalRecord(
        name, _known(row, "customer", customers), _known(row, "warehouse", warehouses)
    )


def _named(reader: TableReader, file: str, codes: Sequence[str]) -> set[str] | None:
    """Give what a file names; None where the file cannot be read at all."""
    return None if file in reader.unread else set(codes)


def _known(row: Row, column: str, known: set[str] | None) -> str:
    """Read a code that another file must name."""
    code = row.code(column)
    if known is not None and code not in known:
        raise RowFaultError(f"{column} {code!r} is not known")
    return code


def _check_gtins(reader: TableReader, products: Sequence[ProductRecord]) -> None:
    """See that no bar code names two products, or a piece and a pack, or two packs."""
    owner: dict[str, str] = {}
    for product in products:
        codes = [(gtin, product.sku) for gtin in product.gtins]
        codes += [(gtin, f"a {name} of {product.sku}") for name, gtin in product.pack_gtins]
        for gtin, named in codes:
            if owner.setdefault(key_of_gtin(gtin), named) != named:
                text = f"gtin {gtin} is both {owner[key_of_gtin(gtin)]} and {named}"
                reader.fault(PRODUCTS, 0, text)
