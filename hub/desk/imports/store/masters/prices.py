"""Prices from files: they become a draft of the rule pack, which a second person publishes.

A row changes a price list that the rules keep in CSV. Rows are held against the version that a new
one would follow; the draft is made of all of them at once, when the last one is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hub.base.engine.database import Database
from hub.base.fields import Reason
from hub.base.transaction import Transaction
from hub.desk.imports.model import ImportKind, Mark, RowOutcome
from hub.desk.imports.store.kinds import MastersKind, Row, Taking, refuse_row
from hub.desk.parties.model.cells import CellError, clean, look_of_code, read_amount
from hub.desk.rulepacks.store.price_lists import (
    PRICE_SCALE,
    PriceLists,
    lists_to_price,
    read_rates,
)
from hub.desk.stock.store.levels import ids_of_products
from rules.values.rates import Rates

_LIST, _SKU, _PRICE = "list", "sku", "price"
_AT_ONCE: Final = 2_000
_FIELDS: Final = (_LIST, _SKU, _PRICE)

_SPEC: Final = ImportKind(
    "prices",
    _FIELDS,
    needed=(_SKU, _PRICE),
    key=(_LIST, _SKU),
    words="price_field",
    also={
        "price_list": _LIST,
        "pricelist": _LIST,
        "list_id": _LIST,
        "product": _SKU,
        "code": _SKU,
        "product_code": _SKU,
        "rate": _PRICE,
        "list_price": _PRICE,
        "unit_price": _PRICE,
    },
    permission="packs.add",
)


@lru_cache(maxsize=1)
def _rates(database: Database, digest: str) -> dict[str, Rates]:
    """Keep the prices of the version that rows were held against last, by list and SKU."""
    del database, digest
    return {}


def forget_prices() -> None:
    """Let go of the prices that rows were held against: a draft is made of the files alone."""
    _rates.cache_clear()


def _marks(texts: Mapping[str, str]) -> Iterator[Mark]:
    named = f"{texts.get(_LIST, '').strip()} {texts.get(_SKU, '').strip()}"
    yield Mark("", look_of_code(named), named)


def _take(t: Transaction, rows: Sequence[Row], *, taking: Taking) -> Iterator[RowOutcome]:
    del taking  # whoever may add rules sees all of them
    lists = lists_to_price(t.connection, t.at_ms)
    if lists is None:
        for row in rows:
            yield refuse_row(row, Reason("price_no_pack"))
        return
    skus = ids_of_products(t.connection, {clean(row.texts.get(_SKU, "")) for row in rows})
    for row in rows:
        read = read_price(row.texts, lists)
        if isinstance(read, Reason):
            yield refuse_row(row, read)
        elif read.sku not in skus:
            yield refuse_row(row, Reason("stock_product_unknown", {"code": read.sku[:64]}, _SKU))
        else:
            yield _outcome(row, read, _price_now(t, lists, read))


def _price_now(t: Transaction, lists: PriceLists, asked: "ListPrice") -> int | None:
    """Give the price that a product has in a list; each list is read once."""
    known = _rates(t.database, lists.version.hash)
    if asked.list not in known:
        file = lists.files[asked.list]
        known[asked.list] = Rates.of(read_rates(t.connection, lists.version, file))
    return known[asked.list].get(asked.sku)


def _outcome(row: Row, read: "ListPrice", before: int | None) -> RowOutcome:
    if read.stays or read.price == before:
        return RowOutcome(row.number, row.key[:200], "same")
    if before is None:
        return RowOutcome(row.number, row.key[:200], "add")
    return RowOutcome(row.number, row.key[:200], "change", (_PRICE,))


@dataclass(frozen=True, slots=True)
class ListPrice:
    """A price of a list in ten-thousandths of the major unit; None takes the product out of it.

    `stays` says that the cell was blank: the price is left as it is.
    """

    list: str
    sku: str
    price: int | None
    stays: bool = False


def read_price(texts: Mapping[str, str], lists: PriceLists) -> ListPrice | Reason:
    """Read what a row says, or why it says nothing."""
    named = clean(texts.get(_LIST, ""))
    if not named and len(lists.files) != 1:
        return Reason("price_list_unclear", {"lists": sorted(lists.files)}, _LIST)
    name = named or next(iter(lists.files))
    if name not in lists.files:
        params = {"list": name[:64], "lists": sorted(lists.files)}
        return Reason("price_list_unknown", params, _LIST)
    sku = clean(texts.get(_SKU, ""))
    return _with_price(name, sku, texts.get(_PRICE)) if sku else Reason("cell_empty", {}, _SKU)


def _with_price(name: str, sku: str, text: str | None) -> ListPrice | Reason:
    if not text:
        return ListPrice(name, sku, None, stays=text is None)
    try:
        price = read_amount(text, PRICE_SCALE)
    except CellError as error:
        return Reason(error.reason.code, error.reason.params, _PRICE)
    return ListPrice(name, sku, price) if price else Reason("price_zero", {}, _PRICE)


PRICES: Final = MastersKind(_SPEC, _take, _marks, at_once=_AT_ONCE, drafts=True)
