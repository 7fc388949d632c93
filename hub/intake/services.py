"""The use cases that messages from terminals go to."""

from dataclasses import dataclass

from hub.db.packs.ready import ReadyPacks
from hub.services.decide_orders import DecideOrders
from hub.services.hear_terminals import HearTerminals
from hub.services.outbox import Outbox
from hub.services.packs.watch_shadow import WatchShadow
from hub.services.refuse_message import RefuseMessage


@dataclass(frozen=True, slots=True)
class WireServices:
    """The use cases that messages from terminals go to, and what is done beside them."""

    decide: DecideOrders
    hear: HearTerminals
    outbox: Outbox
    refuse: RefuseMessage
    watch_shadow: WatchShadow
    ready: ReadyPacks
