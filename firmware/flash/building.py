"""Tables of what is sold and what it costs, made from the hub's snapshots, product by product."""

import json

from firmware.codes.reading import as_gtin14
from firmware.flash.catalogue import OWN_PREFIXES
from firmware.flash.table_writing import TableWriter

_CHUNK = 256
_LONGEST = 8 * 1024
_MOST_UNITS = 16
_PRODUCTS = b'{"format":1,"products":['
_OWN = b',"own_prefixes":['
_PRICES = b',"prices":['


def build_products(source: str, target: str, prices: str = "") -> "Iterator[int]":
    """Make the table of products from a snapshot; raises ValueError where it is none.

    With `prices` it is a list of the shop's own, and that is where the table of its prices goes.
    """
    writer = TableWriter(target)
    priced = TableWriter(prices) if prices else None
    try:
        with open(source, "rb") as stream:
            reader = _Reader(stream)
            reader.expect(_PRODUCTS)
            units: list[str] = []
            for product in reader.elements():
                gtins, packs = _codes(product)
                record = [
                    product["sku"],
                    product["name"],
                    product["base_unit"],
                    product["pack_sizes"],
                    packs,
                    gtins,
                ]
                writer.add([product["sku"]] + gtins + list(packs), record)
                if priced is not None and "price" in product:
                    priced.add([product["sku"]], [product["sku"], _whole(product["price"])])
                if len(units) < _MOST_UNITS:
                    units += [unit for unit in product["pack_sizes"] if unit not in units]
                yield writer.count
            about = ["", "", "", {}, {}, [], _own_prefixes(reader), sorted(units), bool(prices)]
            writer.add([OWN_PREFIXES], about)
        if priced is not None:
            yield from priced.finish()
        yield from writer.finish()
    except (KeyError, TypeError, AttributeError) as error:
        _give_up(writer, priced)
        raise ValueError("not a catalogue: " + str(error))
    except (ValueError, OSError):
        _give_up(writer, priced)
        raise


def build_prices(source: str, target: str) -> "Iterator[int]":
    """Make the table of prices from a rule pack: its lists for everybody, without dates.

    Schemes, agreed prices and tax are for the hub: what is shown here is the list price.
    """
    writer = TableWriter(target)
    try:
        with open(source, "rb") as stream:
            reader = _Reader(stream)
            reader.find(_PRICES)
            for sku, price in reader.default_rates():
                writer.add([sku], [sku, _whole(price)])
                yield writer.count
        yield from writer.finish()
    except (ValueError, OSError):
        writer.give_up()
        raise


def _give_up(*writers: "TableWriter | None") -> None:
    for one in writers:
        if one is not None:
            one.give_up()


def _codes(product: dict) -> "tuple[list[str], dict[str, str]]":
    gtins = [as_gtin14(gtin) for gtin in product["gtins"]]
    packs = {as_gtin14(gtin): unit for gtin, unit in product.get("pack_gtins", {}).items()}
    for unit in packs.values():
        if unit not in product["pack_sizes"]:
            raise ValueError("a bar code of a pack that there is not")
    return gtins, packs


def _own_prefixes(reader: "_Reader") -> "list[list]":
    """Read the table of a shop's own codes, which stands behind the products where there is one."""
    if reader.following() != 0x2C:
        return []
    reader.expect(_OWN)
    table = []
    for one in reader.elements():
        prefix, article, measures = one["prefix"], _whole(one["article"]), one["measures"]
        if measures not in ("weight", "price", "count") or article < 1:
            raise ValueError("not an own prefix: " + str(one))
        table.append([str(prefix), article, measures])
    return table


def _whole(price: object) -> int:
    if not isinstance(price, int):
        raise ValueError("a price that is no whole number")
    return price


class _Reader:
    """Reads JSON from a file, one value at a time, as canonical as the hub writes it."""

    def __init__(self, stream: "BinaryIO") -> None:
        self._stream = stream
        self._chunk = b""
        self._at = 0

    def expect(self, wanted: bytes) -> None:
        """Step over these bytes."""
        for byte in wanted:
            if self._next() != byte:
                raise ValueError("not what a hub writes")

    def find(self, wanted: bytes) -> None:
        """Go behind the first place where these bytes are; text cannot hold them unescaped."""
        matched = 0
        while matched < len(wanted):
            byte = self._next()
            if byte == wanted[matched]:
                matched += 1
            else:
                matched = 1 if byte == wanted[0] else 0

    def elements(self) -> "Iterator[dict]":
        """Read the objects of a list that has begun."""
        if self.following() == 0x5D:
            return
        while True:
            yield json.loads(self._raw_value())
            if self._next() == 0x5D:
                return

    def default_rates(self) -> "Iterator[tuple[str, object]]":
        """Read the rates of every list at the default level, of price lists that have begun."""
        if self.following() == 0x5D:
            return
        while True:
            self.expect(b"{")
            plain = True
            for name in self._names():
                if name == "level":
                    plain = self._value() == "default" and plain
                elif name == "rates" and plain:
                    self.expect(b"{")
                    for sku in self._names():
                        yield sku, self._value()
                elif name == "id":
                    self._value()
                else:
                    # Dates, places, customers, packs: it is not the price for everybody.
                    plain = False
                    self._skip()
            if self._next() == 0x5D:
                return

    def _names(self) -> "Iterator[str]":
        """Read the names of an object that has begun; whoever asks reads each value."""
        if self.following() == 0x7D:
            self._next()
            return
        while True:
            name = self._value()
            self.expect(b":")
            yield str(name)
            if self._next() == 0x7D:
                return

    def _value(self) -> object:
        return json.loads(self._raw_value())

    def _raw_value(self) -> bytes:
        """Read the bytes of a value; raises ValueError for one that is very long."""
        kept = bytearray()
        for byte in self._bytes_of_value():
            kept.append(byte)
            if len(kept) > _LONGEST:
                raise ValueError("a value of more than %d bytes" % _LONGEST)
        return bytes(kept)

    def _skip(self) -> None:
        for _ in self._bytes_of_value():
            continue

    def _bytes_of_value(self) -> "Iterator[int]":
        depth = 0
        quoted = escaped = False
        while True:
            following = self.following()
            if depth == 0 and not quoted and following in b",:]}":
                return
            byte = self._next()
            yield byte
            if quoted:
                if escaped:
                    escaped = False
                elif byte == 0x5C:
                    escaped = True
                elif byte == 0x22:
                    quoted = False
            elif byte == 0x22:
                quoted = True
            elif byte in b"{[":
                depth += 1
            elif byte in b"}]":
                depth -= 1

    def following(self) -> int:
        """Tell the next byte."""
        if self._at == len(self._chunk):
            self._chunk = self._stream.read(_CHUNK)
            self._at = 0
            if not self._chunk:
                raise ValueError("it ends too early")
        return self._chunk[self._at]

    def _next(self) -> int:
        byte = self.following()
        self._at += 1
        return byte
