"""The sections of rule files, in the order in which people read of them."""

from collections.abc import Mapping
from typing import Final

from rules.language.keys import cases, head, prices, schemes, settlement
from rules.language.text.keys import Key, Named, Rows, Table

SECTIONS: Final[Mapping[str, Key]] = {
    section.name: section
    for section in (
        Table("pack", "the pack itself, in one of its files", head.Head),
        Rows("quantities", "how much of a product one may order", prices.Quantity),
        Rows("prices", "price lists and what adjusts them", prices.Price),
        Rows("floors", "what a line may not be sold below", prices.Floor),
        Rows("discounts", "what may be asked for off a line", prices.Discount),
        Rows("taxes", "tax rates", settlement.Tax),
        Rows("limits", "limits of customers who have none of their own", settlement.Limit),
        Rows("gates", "where credit is checked", settlement.Gates),
        Rows("credit", "what is asked of who buys on credit; all are told", settlement.Credit),
        Rows("approvals", "who may release what is held", settlement.Approval),
        Rows("allocation", "how batches are picked", settlement.Allocation),
        Rows("schemes", "slabs, free goods and combos", schemes.Scheme),
        Rows("groups", "groups in which not the best wins", schemes.Group),
        Named(
            "case_products",
            "products by SKU, for the cases alone",
            Table("", "", cases.CaseProduct),
        ),
        Rows("tests", "cases: an order with its facts, and what must come out", cases.Case),
    )
}
"""What may stand under each of them."""
