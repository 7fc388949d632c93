"""What deliveries bring to the hub: picking, dispatch and proof."""

import secrets
from typing import Final

from hub.base.ground import Ground
from hub.base.transaction import Transactions
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.acts.begin_picking import BeginPicking
from hub.desk.deliveries.acts.dispatch_notes import DispatchNotes
from hub.desk.deliveries.acts.finish_picking import FinishPicking
from hub.desk.deliveries.acts.pass_gate import PassGate
from hub.desk.deliveries.acts.pick_goods import PickGoods
from hub.desk.deliveries.acts.record_outcome import RecordOutcome
from hub.desk.deliveries.acts.take_off import TakeOff
from hub.desk.deliveries.promises import CHECK
from hub.desk.orders.deciding import Desk
from hub.web.noun import Noun

_WORDS: Final = 10_000

NOUN: Final = Noun(
    "deliveries",
    permissions={"deliveries": ("read", "pick", "dispatch", "record", "pass")},
    topics={"deliveries": "deliveries.read"},
    promises=(CHECK,),
)


def build(ground: Ground, transactions: Transactions, desk: Desk) -> DeliveryActs:
    """Make the acts of deliveries."""
    clock = ground.clock
    return DeliveryActs(
        begin=BeginPicking(transactions, clock),
        pick=PickGoods(transactions, clock),
        take_off=TakeOff(transactions, desk, clock),
        finish=FinishPicking(transactions, clock),
        pass_gate=PassGate(transactions, desk, clock),
        dispatch=DispatchNotes(transactions, desk, clock, draw=_draw_word),
        record=RecordOutcome(transactions, clock),
    )


def _draw_word() -> str:
    """Draw the word that the shop reads on its slip, and says to the driver: four digits."""
    return f"{secrets.randbelow(_WORDS):04d}"
