"""What an order message must be beyond what its schema can say."""

from broker.contract import Order


def fault_of(message: Order) -> str | None:
    """Say what is wrong with an order that was decoded; None for a good one."""
    if message.seq < 1:
        return "an order's seq counts from 1"
    lines = message.data.lines
    if len({line.line for line in lines}) != len(lines):
        return "two lines have the same number"
    return None
