"""The sections of rule files whose keys are declared, in the order in which people read of them."""

from collections.abc import Mapping
from typing import Final

from rules.language.keys import prices, settlement
from rules.language.text.keys import Rows

SECTIONS: Final[Mapping[str, Rows]] = {
    row.name: row
    for row in (
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
    )
}
"""What each of these sections is a list of."""
