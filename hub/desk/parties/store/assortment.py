"""The categories, brands and SKUs of a customer's assortment, looked up among the products."""

from typing import Final

from sqlalchemy import String, column, or_, select, table

from hub.base.fields import Reason
from hub.base.transaction import Transaction

_product: Final = table("product", *(column(one, String) for one in ("sku", "brand", "category")))
"""The products as far as an assortment names them."""


def assortment_faults(t: Transaction, written: str) -> list[Reason]:
    """Tell which part of an assortment, `category=tea;sku=SOAP-1`, no product is of."""
    faults = []
    for one in filter(None, written.split(";")):
        kind, _, wanted = one.partition("=")
        named = _product.c[kind]
        known = named == wanted
        if kind == "category":
            known = or_(known, named.startswith(f"{wanted}/", autoescape=True))
        if t.connection.execute(select(_product.c.sku).where(known).limit(1)).first() is None:
            faults.append(Reason("assortment_unknown", {"of": one}, "assortment"))
    return faults
