"""Spread an amount over shares so that the parts sum to it exactly."""

from collections.abc import Sequence

from rules.values.units import Minor


def spread(amount: Minor, weights: Sequence[int]) -> list[Minor]:
    """Share out a non-negative amount by the largest remainder, earlier shares first in a tie.

    Weights are not negative. No part exceeds its weight where the amount does not exceed their
    sum, and a share without weight gets nothing. Nothing to weigh by: nothing is given.
    """
    whole = sum(weights)
    if not whole or not amount:
        return [Minor(0)] * len(weights)
    exact = [amount * weight for weight in weights]
    parts = [Minor(part // whole) for part in exact]
    left = amount - sum(parts)
    if left:
        remainders = [part % whole for part in exact]
        places = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for place in places[:left]:
            parts[place] = Minor(parts[place] + 1)
    return parts
