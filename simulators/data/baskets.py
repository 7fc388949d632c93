"""Baskets for simulated shops, shaped by what real customers ordered."""

from collections import Counter
from collections.abc import Iterable, Sequence

from simulators.data.orders import Pick, RealOrder


def shaped_baskets(
    orders: Iterable[RealOrder], skus: Sequence[str], *, most_lines: int, most_pieces: int
) -> tuple[tuple[Pick, ...], ...]:
    """Turn real orders into baskets of `skus`.

    The product ordered most often becomes the first of `skus`, the next the second, and round
    again: what sold together still does. Long orders are cut to `most_lines`, and no line asks
    for more than `most_pieces`: a shop's counter is no wholesale warehouse.
    """
    orders = tuple(orders)
    wanted = Counter(sku for order in orders for sku in {pick.sku for pick in order.picks})
    ranked = sorted(wanted, key=lambda sku: (-wanted[sku], sku))
    stands_for = {sku: skus[rank % len(skus)] for rank, sku in enumerate(ranked)}
    return tuple(
        tuple(
            Pick(stands_for[pick.sku], min(pick.quantity, most_pieces))
            for pick in order.picks[:most_lines]
        )
        for order in orders
    )
