"""What an order said when it was sent from here, as its row keeps it."""

from typing import Final

import msgspec

from broker.contract.messages import Order, OrderData
from terminal.store.records import StoredOrder

_order: Final = msgspec.json.Decoder(Order)


def sent_as(stored: StoredOrder) -> OrderData | None:
    """Read an order that was sent; None where its row is damaged."""
    try:
        return _order.decode(stored.payload).data
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
