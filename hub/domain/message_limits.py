"""What the hub refuses although it can be read: numbers and texts no table could hold."""

from typing import Final

from broker.contract import Ack, Order, Status, UpMessage

_MOST: Final = 2**53
_MOST_SMALL: Final = 2**31 - 1


def fault_of(message: UpMessage) -> str | None:
    """Say what is wrong with a message that was decoded; None for a good one."""
    if max(message.seq, message.boot, message.at) >= _MOST:
        return "seq, boot and at are below 2^53"
    if isinstance(message, Order):
        return _order_fault(message)
    if isinstance(message, Ack) and message.data.revision > _MOST_SMALL:
        return "revision is below 2^31"
    if isinstance(message, Status):
        said = message.data
        if max(said.queued, said.slips_waiting) > _MOST_SMALL or said.oldest_ms >= _MOST:
            return "queued and slips_waiting are below 2^31, oldest_ms below 2^53"
    return None


def _order_fault(message: Order) -> str | None:
    data, quote = message.data, message.data.quote
    if message.seq < 1:
        return "an order's seq counts from 1"
    if max(data.captured_at, data.mono_ms) >= _MOST:
        return "captured_at and mono_ms are below 2^53"
    if quote is not None and (abs(quote.payable) >= _MOST or quote.pack_version >= _MOST):
        return "amounts are below 2^53"
    if len({line.line for line in data.lines}) != len(data.lines):
        return "two lines have the same number"
    texts = (data.number, data.customer, data.operator, *(line.sku for line in data.lines))
    if any("\x00" in text for text in texts):
        return "texts hold no NUL character"
    return None
