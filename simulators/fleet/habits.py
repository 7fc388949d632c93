"""What shops are like: when they are open, how much they order, and what again and again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulators.data import Pick

_PARETO: Final = 1.16
"""A fifth of the shops makes four fifths of the orders."""
_BUSIEST: Final = 40.0
_FAVOURITES: Final = 24
_AGAIN: Final = 0.25
_FAVOURED: Final = 0.7
_EARLIEST: Final = 0.12
_LATEST: Final = 0.25
_MOST_LINES: Final = 8
_QUANTITIES: Final = (1, 2, 3, 4, 6, 12, 24, 48)


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop: how often of all it orders, when it is open, and its favourite products.

    `opens` and `closes` are parts of a day from 0 to 1. `appetite` is a weight among the shops.
    """

    terminal: str
    appetite: float
    opens: float
    closes: float
    favourites: tuple[str, ...]


def draw_shops(terminals: Sequence[str], skus: Sequence[str], *, seed: int) -> list[Shop]:
    """Give each terminal's shop its habits; the same seed and names give the same."""
    return [_draw_shop(name, skus, random.Random(f"{seed} shop {name}")) for name in terminals]


def _draw_shop(terminal: str, skus: Sequence[str], draw: random.Random) -> Shop:
    return Shop(
        terminal,
        appetite=min(draw.paretovariate(_PARETO), _BUSIEST),
        opens=draw.uniform(0, _EARLIEST),
        closes=1 - draw.uniform(0, _LATEST),
        favourites=tuple(draw.sample(skus, min(_FAVOURITES, len(skus)))),
    )


class Customs:
    """Who orders next, and what: drawn shop by shop, in the order in which it is asked for."""

    def __init__(
        self,
        shops: Sequence[Shop],
        *,
        seed: int,
        skus: Sequence[str],
        real: Sequence[Sequence[Pick]] = (),
    ) -> None:
        """Draw from `skus`, and sometimes from baskets of `real` orders where there are any."""
        self._shops = {shop.terminal: shop for shop in shops}
        self._draw = random.Random(f"{seed} customs {shops[0].terminal if shops else ''}")
        self._skus = skus
        self._real = real
        self._last: dict[str, tuple[Pick, ...]] = {}

    def next_shop(self, day: float, busy: frozenset[str] = frozenset()) -> str | None:
        """Give the shop that orders at a part of the day, one that is not `busy`.

        None where all that are open are busy.
        """
        open_now = [
            shop
            for shop in self._shops.values()
            if shop.opens <= day <= shop.closes and shop.terminal not in busy
        ]
        if not open_now:
            return None
        return self._draw.choices(open_now, [shop.appetite for shop in open_now])[0].terminal

    def next_basket(self, terminal: str) -> tuple[Pick, ...]:
        """Give what a shop orders now: the last again, a real basket, or favourites and others."""
        chance = self._draw.random()
        last = self._last.get(terminal)
        if last and chance < _AGAIN:
            return last
        if self._real and chance < 2 * _AGAIN:
            basket = tuple(self._draw.choice(self._real))
        else:
            basket = self._drawn(self._shops[terminal])
        self._last[terminal] = basket
        return basket

    def _drawn(self, shop: Shop) -> tuple[Pick, ...]:
        draw = self._draw
        lines = min(1 + int(draw.expovariate(1 / 3)), _MOST_LINES)
        chosen: dict[str, int] = {}
        for _ in range(lines):
            favoured = draw.random() < _FAVOURED
            sku = draw.choice(shop.favourites if favoured else self._skus)
            chosen[sku] = draw.choice(_QUANTITIES)
        return tuple(Pick(sku, quantity) for sku, quantity in chosen.items())
