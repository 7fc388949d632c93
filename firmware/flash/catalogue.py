"""What is sold and what it costs, looked up in the tables that `building` makes."""

from firmware.flash.table import Table

OWN_PREFIXES = ""
"""The key of the table of a shop's own codes: no code is empty."""


UNLISTED = "not on this list"
"""What a product is called that is ordered by its bar code alone."""


class Product:
    """A product; `unit` is the pack size that was scanned, of `size` base units.

    `price` is that of a base unit in 1/10,000 of the currency, 0 where it is not known here.
    """

    def __init__(self, record: "list", code: str) -> None:
        self.sku, self.name, self.base_unit, self.sizes, packs = record
        self.unit = packs.get(code, "")
        self.size = self.sizes.get(self.unit, 1)
        self.price = 0


class Catalogue:
    """Products by GTIN of 14 digits or SKU, with the price of the list that everybody has."""

    def __init__(self, folder: str) -> None:
        self._products = Table(folder + "/products")
        self._prices = Table(folder + "/prices")

    @property
    def is_there(self) -> bool:
        """Tell whether there is anything to look codes up in."""
        return self._products.is_there

    def find(self, code: str) -> "Product | None":
        """Find a product by a code of it."""
        for record in self._products.find(code):
            if code == record[0] or code in record[4] or code in record[5]:
                product = Product(record[:5], code)
                for sku, price in self._prices.find(product.sku):
                    if sku == product.sku:
                        product.price = price
                return product
        return None

    def own_prefixes(self) -> "list[list]":
        """Give what stands behind the shop's own prefixes: prefix, digits of the article, kind."""
        about = self._about()
        return about[6] if about else []

    def units(self) -> "list[str]":
        """Give the packs that products come in, as far as the sheet of commands needs them."""
        about = self._about()
        return about[7] if about and len(about) > 7 else []

    @property
    def is_bounded(self) -> bool:
        """Tell whether this is a list of the shop's own, and the distributor sells more."""
        about = self._about()
        return bool(about and len(about) > 8 and about[8])

    def _about(self) -> "list":
        """Give what the table says of all products; empty where it says nothing."""
        for record in self._products.find(OWN_PREFIXES):
            if not record[0]:
                return record
        return []
