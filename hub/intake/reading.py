"""From bytes on a topic to a message the hub will look at, or the reason why not."""

from broker.contract import Refusal, UpMessage, decode_up, parse_up
from hub.domain.message_limits import fault_of
from hub.services.refuse_message import RefusedMessage


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
    fault = fault_of(message)
    if fault is None:
        return message
    return RefusedMessage(
        address.terminal, topic, payload=payload, code="invalid", text=fault, message=message.id
    )
