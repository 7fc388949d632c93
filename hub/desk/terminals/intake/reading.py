"""From bytes on a topic to a message the hub will look at, or the reason why not."""

from broker.contract import Order, Refusal, UpMessage, decode_up, parse_up
from hub.desk.terminals.model import RefusedMessage
from hub.desk.terminals.wire.requests import fault_of


def read_message(topic: str, payload: bytes) -> UpMessage | RefusedMessage:
    """Read what a terminal sent; whatever it is, this gives an answer and never raises."""
    address = parse_up(topic)
    if address is None:
        text = "no terminal sends on this topic"
        return RefusedMessage("", topic, payload=payload, code="unknown_topic", text=text)
    try:
        message = decode_up(payload, address)
    except Refusal as refusal:
        return RefusedMessage(
            address.terminal,
            topic,
            payload=payload,
            code=refusal.code,
            text=refusal.text,
            order=refusal.order,
            message=refusal.message,
        )
    if not isinstance(message, Order) or (fault := fault_of(message)) is None:
        return message
    return RefusedMessage(
        address.terminal,
        topic,
        payload=payload,
        code="invalid",
        text=fault,
        order=message.data.order,
        message=message.id,
    )
