"""What people do with deliveries: pick, take off what is short, send, and say what became of it."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class DeliveryActs:
    """The acts of deliveries."""

    begin: BeginPicking
    pick: PickGoods
    take_off: TakeOff
    finish: FinishPicking
    pass_gate: PassGate
    dispatch: DispatchNotes
    record: RecordOutcome
    keep_photo: KeepPhoto
    order_rest: OrderRest
    papers: GiveDeliveryPapers
    labels: GiveLabels
