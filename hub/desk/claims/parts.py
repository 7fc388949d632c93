"""What claims bring to the hub: acts, pages, commands and promises."""

from functools import partial
from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.papers import KeptPapers
from hub.base.transaction import Transaction, Transactions
from hub.desk.claims import api, words
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.acts.gather_given import GatherGiven
from hub.desk.claims.acts.give_letter import GiveLetter
from hub.desk.claims.acts.make_claim import MakeClaim
from hub.desk.claims.acts.move_claim import MoveClaim
from hub.desk.claims.acts.set_value import SetValue
from hub.desk.claims.acts.short_claim import ShortClaim
from hub.desk.claims.commands import add
from hub.desk.claims.pages import listing, making, records
from hub.desk.claims.promises import CHECK
from hub.desk.claims.store.giving import keep_given
from hub.desk.invoices.model.events import BillingChanged
from hub.desk.orders.deciding import Desk
from hub.web.noun import Finder, MenuEntry, Noun, Work

NOUN: Final = Noun(
    "claims",
    routers=(making.router, records.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/claims", "menu.claims", "gift", "claims.read", 48, area="money"),),
    words={"claim_words": words},
    commands=(add,),
    work=(Work("claims.make", 36, listing.read_work),),
    finders=(Finder("claims.read", listing.find_claims),),
    permissions={"claims": ("read", "make", "value")},
    topics={"claims": "claims.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> ClaimActs:
    """Make the acts of claims, which hear of every document that is issued or cancelled."""
    clock = ground.clock
    transactions.listen(BillingChanged, partial(_keep, desk))
    return ClaimActs(
        make=MakeClaim(transactions, clock),
        move=MoveClaim(transactions, clock),
        short=ShortClaim(transactions, clock),
        letter=GiveLetter(ground.part(KeptPapers)),
        value=SetValue(transactions, clock),
        gather=GatherGiven(transactions, desk, clock),
    )


def _keep(desk: Desk, t: Transaction, event: BillingChanged) -> None:
    keep_given(t, desk, event)
