"""What deliveries bring to the hub: picking, dispatch and proof."""

import secrets
from pathlib import Path
from typing import Final

from hub.base.ground import Ground
from hub.base.kept.hashed import HashedFiles
from hub.base.kept.photos import FOLDER, SUFFIX
from hub.base.papers import KeptPapers
from hub.base.transaction import Transactions
from hub.desk.deliveries import api, words
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.acts.begin_picking import BeginPicking
from hub.desk.deliveries.acts.dispatch_notes import DispatchNotes
from hub.desk.deliveries.acts.finish_picking import FinishPicking
from hub.desk.deliveries.acts.give_labels import GiveLabels
from hub.desk.deliveries.acts.give_papers import GiveDeliveryPapers
from hub.desk.deliveries.acts.keep_photo import KeepPhoto
from hub.desk.deliveries.acts.order_rest import OrderRest
from hub.desk.deliveries.acts.pass_gate import PassGate
from hub.desk.deliveries.acts.pick_goods import PickGoods
from hub.desk.deliveries.acts.record_outcome import RecordOutcome
from hub.desk.deliveries.acts.take_off import TakeOff
from hub.desk.deliveries.commands import add
from hub.desk.deliveries.pages import listing, notes, picking, proof, record, sending
from hub.desk.deliveries.promises import CHECK
from hub.desk.deliveries.store.notes import follow_redirected
from hub.desk.orders.deciding import Desk
from hub.desk.orders.model.events import OrderRedirected
from hub.web.noun import BulkStep, Finder, MenuEntry, Noun, Panel, Work

_WORDS: Final = 10_000

NOUN: Final = Noun(
    "deliveries",
    # What has a name of its own stands before the notes, which have numbers.
    routers=(picking.router, sending.router, notes.router, proof.router, api.router),
    templates=Path(__file__).parent / "pages" / "templates",
    menu=(MenuEntry("/deliveries", "menu.deliveries", "truck", "deliveries.read", 45, key="d"),),
    words={"delivery_words": words},
    commands=(add,),
    panels=(
        Panel(
            "order",
            "side",
            "delivery_panel.html",
            read=record.read_panel,
            actions=record.offer_actions,
        ),
    ),
    work=(Work("deliveries.read", 20, listing.read_work),),
    finders=(Finder("deliveries.read", listing.find_notes),),
    bulk=tuple(
        BulkStep(
            name,
            "pick",
            "delivery.pick",
            "package",
            "deliveries.pick",
            listing.foresee_pick,
            listing.pick_row,
            leads=("delivery.being_picked", "/deliveries?state=picking"),
        )
        for name in ("orders", "to_pick")
    ),
    permissions={"deliveries": ("read", "pick", "dispatch", "record", "pass")},
    topics={"deliveries": "deliveries.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> DeliveryActs:
    """Make the acts of deliveries."""
    clock = ground.clock
    transactions.listen(OrderRedirected, follow_redirected)
    return DeliveryActs(
        begin=BeginPicking(transactions, clock),
        pick=PickGoods(transactions, clock),
        take_off=TakeOff(transactions, desk, clock),
        finish=FinishPicking(transactions, clock),
        pass_gate=PassGate(transactions, desk, clock),
        dispatch=DispatchNotes(transactions, desk, clock, draw=_draw_word),
        record=RecordOutcome(transactions, desk, clock),
        keep_photo=KeepPhoto(transactions, clock, HashedFiles(ground.folder / FOLDER, SUFFIX)),
        order_rest=OrderRest(transactions, desk, clock, ground.ids),
        papers=GiveDeliveryPapers(ground.part(KeptPapers)),
        labels=GiveLabels(ground.part(KeptPapers)),
    )


def _draw_word() -> str:
    """Draw the word that the shop reads on its slip, and says to the driver: four digits."""
    return f"{secrets.randbelow(_WORDS):04d}"
