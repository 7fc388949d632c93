"""What is given back to a hub that has forgotten: as many orders as one message holds."""

from collections.abc import Sequence
from typing import Final

from broker.contract.codec import pack
from broker.contract.messages import MAX_ANSWERS, MAX_KEPT, KeptData, KeptOrder
from terminal.core.ports import Told

MOST_BYTES: Final = 88 * 1024
"""Compressed, before base64 makes four bytes of three; a message up has 128 KiB at most."""


def give_back(orders: Sequence[Told], *, after: int) -> KeptData:
    """Write answered orders above a number, given by rising number; the rest waits for the next.

    Give one more than a message takes, so that it can say whether there are others. An order that
    no message holds by itself is left out: the hub says that it is missing.
    """
    given: list[KeptOrder] = []
    upto, left = after, MOST_BYTES
    for one in orders[:MAX_KEPT]:
        packed = KeptOrder(
            order=pack(one.payload), answers=[pack(told) for told in one.told[:MAX_ANSWERS]]
        )
        size = len(packed.order) + sum(map(len, packed.answers))
        if size > left and given:
            return KeptData(after=after, upto=upto, more=True, orders=given)
        if size <= left:
            given.append(packed)
            left -= size
        upto = one.seq
    return KeptData(after=after, upto=upto, more=len(orders) > MAX_KEPT, orders=given)
