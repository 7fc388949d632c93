"""What people do with products."""

from dataclasses import dataclass

from hub.desk.products.acts.keep_product import KeepProduct


@dataclass(frozen=True, slots=True)
class ProductActs:
    """The acts of products."""

    keep: KeepProduct
