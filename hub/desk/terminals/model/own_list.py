"""The list of its own for a counter whose memory is smaller than the catalogue.

What the shop orders most comes first, then what everybody does, as long as it fits. What is left
out is ordered by its bar code all the same: the hub knows which product that is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from rules import OrderLine, Quantity

_DIGITS: Final = 14
_FOR_EVERYBODY: Final = {"id", "level", "rates"}
_HEAD: Final = b'{"format":1,"products":['


@dataclass(frozen=True, slots=True)
class ScannedProduct:
    """The product that a bar code names, and the pack that it is printed on.

    `size` counts base units; `unit` is None where the code is that of a base unit.
    """

    sku: str
    unit: str | None = None
    size: int = 1


@dataclass(frozen=True, slots=True)
class OwnList:
    """A catalogue as far as it fits, with prices in it; `left_out` counts the other products."""

    body: bytes
    products: int
    left_out: int


class _Snapshot(msgspec.Struct):
    products: list[msgspec.Raw]
    own_prefixes: msgspec.Raw = msgspec.Raw()


class _Named(msgspec.Struct):
    sku: str


class _Pack(msgspec.Struct):
    prices: list[msgspec.Raw] = []


class _PriceList(msgspec.Struct):
    level: str = ""
    rates: dict[str, int] = {}


_snapshot: Final = msgspec.json.Decoder(_Snapshot)
_named: Final = msgspec.json.Decoder(_Named)
_pack: Final = msgspec.json.Decoder(_Pack)
_keys: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list: Final = msgspec.json.Decoder(_PriceList)


def own_list(
    catalogue: bytes, prices: Mapping[str, int], ranked: Iterable[str], *, most: int
) -> OwnList:
    """Write the products that come first into at most so many bytes, sorted by SKU.

    `ranked` are SKUs, what is ordered most first; those that it does not name follow by SKU.
    """
    snapshot = _snapshot.decode(catalogue)
    by_sku = {_named.decode(raw).sku: bytes(raw) for raw in snapshot.products}
    own = bytes(snapshot.own_prefixes)
    tail = b"]" + (b',"own_prefixes":' + own if own else b"") + b"}"
    room = most - len(_HEAD) - len(tail) + 1  # no comma stands before the first
    chosen: dict[str, bytes] = {}
    for sku in dict.fromkeys((*ranked, *sorted(by_sku))):
        row = by_sku.get(sku)
        if row is None:
            continue
        if sku in prices:
            row = row[:-1] + b',"price":%d}' % prices[sku]
        room -= len(row) + 1
        if room < 0:
            break
        chosen[sku] = row
    body = _HEAD + b",".join(chosen[sku] for sku in sorted(chosen)) + tail
    return OwnList(body, len(chosen), len(by_sku) - len(chosen))


def prices_for_everybody(pack: bytes) -> dict[str, int]:
    """Give the prices of a pack's lists that hold for every customer, on every day, by SKU.

    Later lists count, as counters read them; agreed prices and dates are for the hub.
    """
    found: dict[str, int] = {}
    for raw in _pack.decode(pack).prices:
        if set(_keys.decode(raw)) != _FOR_EVERYBODY:
            continue
        priced = _list.decode(raw)
        if priced.level == "default":
            found |= priced.rates
    return found


def codes_among(lines: Sequence[str]) -> list[str]:
    """Give the SKUs of ordered lines that may be bar codes: 14 digits, as counters send them."""
    return sorted({sku for sku in lines if len(sku) == _DIGITS and sku.isdecimal()})


def as_scanned(line: OrderLine, products: Mapping[str, ScannedProduct]) -> OrderLine:
    """Give the line of the product that a bar code names: 2 of a case's code are 24 pieces."""
    found = products.get(line.sku)
    if found is None:
        return line
    quantity = Quantity(line.quantity * found.size)
    return OrderLine(line.number, found.sku, quantity, found.unit or line.unit, line.batch)
