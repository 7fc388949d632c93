"""What rule packs bring to the hub: acts, pages, commands, and the pack in force."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from hub.base.access import EVERYTHING
from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.people.reads.alone import is_alone
from hub.desk.rulepacks import words
from hub.desk.rulepacks.acts import PackActs, Signer
from hub.desk.rulepacks.acts.add_pack import AddPack
from hub.desk.rulepacks.acts.begin_rules import BeginRules
from hub.desk.rulepacks.acts.call_off_pack import CallOffPack
from hub.desk.rulepacks.acts.check_files import CheckPack, Warehouses, check_files
from hub.desk.rulepacks.acts.drop_pack import DropPack
from hub.desk.rulepacks.acts.foresee_pack import ForeseePack, NewestOrders
from hub.desk.rulepacks.acts.publish_pack import PublishPack
from hub.desk.rulepacks.acts.roll_back_pack import RollBackPack
from hub.desk.rulepacks.acts.shadow_pack import LastOrder, ShadowPack
from hub.desk.rulepacks.acts.watch_shadow import OrdersAfter, WatchShadow
from hub.desk.rulepacks.commands import add
from hub.desk.rulepacks.model.steps import SECOND_HANDS
from hub.desk.rulepacks.pages import editing, packs, steps
from hub.desk.rulepacks.promises import check_packs, note_set_up
from hub.web.noun import MenuEntry, Noun

NOUN: Final = Noun(
    "packs",
    routers=(editing.router, packs.router, steps.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/packs", "menu.packs", "package", "packs.read", 50, "rules", "r"),),
    permissions={"packs": ("read", "add", "publish")},
    topics={"packs": "packs.read"},
    words={"pack_words": words},
    commands=(add,),
    promises=(check_packs,),
    notes=(note_set_up,),
)


@dataclass(frozen=True, slots=True)
class PastOrders:
    """How rule packs look at past orders and at warehouses: run binds it to what others give."""

    newest: NewestOrders
    after: OrdersAfter
    last: LastOrder
    warehouses: Warehouses


def build(
    ground: Ground, transactions: Transactions, signer: Signer, *, past: PastOrders
) -> tuple[PackActs, WatchShadow]:
    """Make the acts of rule packs, and what decides orders with the draft in shadow too."""
    clock = ground.clock
    acts = PackActs(
        begin=BeginRules(transactions, clock, check_files),
        check=CheckPack(transactions, past.warehouses),
        add=AddPack(transactions, clock),
        shadow=ShadowPack(transactions, clock, past.last),
        foresee=ForeseePack(transactions, clock, past.newest),
        publish=PublishPack(
            transactions, clock, partial(is_alone, may=SECOND_HANDS, scope=EVERYTHING)
        ),
        call_off=CallOffPack(transactions, clock),
        drop=DropPack(transactions, clock),
        roll_back=RollBackPack(transactions, clock),
        signer=signer,
    )
    return acts, WatchShadow(transactions, clock, past.after)
