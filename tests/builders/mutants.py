"""Faults to plant in a copy of the product, to see whether a fleet finds them.

A checker that never complained may be one that cannot. Each planted fault is one that a hurried
hand could make; the copy is of links to the sources, but for the one file that is changed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("broker", "hub", "rules", "simulators", "terminal")


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: in `file`, `right` is made `wrong`; `breaks` says which promise that breaks."""

    name: str
    breaks: str
    file: str
    right: str
    wrong: str


PLANTED: Final = (
    Planted(
        "answer_without_commit",
        "an order in eight is answered before it is kept, and is not",
        "hub/desk/terminals/acts/take_orders.py",
        "known={row.uuid for row in taken})\n            t.commit()",
        "known={row.uuid for row in taken})\n"
        "            if t.at_ms % 8:\n                t.commit()",
    ),
    Planted(
        "reservation_forgotten",
        "what is promised of a batch is not taken from it",
        "hub/desk/stock/store/reserving.py",
        "changes = {batch: n for batch, n in sorted(sums.items()) if n}",
        "changes: dict[int, int] = {}",
    ),
    Planted(
        "goods_kept",
        "an order that is refused keeps its goods",
        "hub/desk/stock/store/reserving.py",
        "change_to(t, order, revision, wanted={}, held=held_by(t, order))",
        "assert held_by(t, order) is not None",
    ),
    Planted(
        "series_gap",
        "every invoice leaves a number out",
        "hub/base/numbering.py",
        "t.many(_RAISE, [(count, *found.key)])",
        "t.many(_RAISE, [(count + 1, *found.key)])",
    ),
    Planted(
        "printed_twice",
        "a slip in five is printed twice, and no copy says so",
        "terminal/app/printing.py",
        "            await self._printer.send(encoded)\n",
        "            await self._printer.send(encoded)\n"
        "            if job.id % 5 == 3:\n"
        "                await self._printer.send(encoded)\n",
    ),
    Planted(
        "credit_not_counted",
        "what a customer owes for open orders is not counted",
        "hub/desk/orders/deciding/placing.py",
        "            for one in taking\n            if one.decided.counterparty\n",
        "            for one in taking\n"
        "            if one.decided.counterparty and not one.order\n",
    ),
    Planted(
        "notice_dropped",
        "a shop is not told that its held order was released or refused",
        "hub/desk/terminals/store/notices.py",
        "        if terminal is None:\n            return\n        first, terminal",
        "        if terminal or terminal is None:\n            return\n        first, terminal",
    ),
    Planted(
        "line_dropped",
        "the last line of a longer order is left out",
        "hub/desk/terminals/wire/requests.py",
        "            lines=tuple(lines),\n            payment=asked.payment,\n",
        "            lines=tuple(lines[:3]),\n            payment=asked.payment,\n",
    ),
    Planted(
        "done_at_the_broker",
        "a terminal takes the broker's word for the hub's, and never sends an order again",
        "terminal/app/postbox.py",
        'await link.publish(up(self._terminal, "order"), stored.payload)\n',
        'await link.publish(up(self._terminal, "order"), stored.payload)\n'
        "            self._forget(item.seq)\n",
    ),
    Planted(
        "answer_unkept",
        "a terminal drops each answer to an order whose number ends with 3",
        "terminal/app/postbox.py",
        "        taken = self._store.orders.take(answer, slip)\n",
        "        known = self._store.orders.by_id(answer.order_id)\n"
        "        if known is not None and known.seq % 10 == 3:  # noqa: PLR2004\n"
        "            return self._forget(known.seq)\n"
        "        taken = self._store.orders.take(answer, slip)\n",
    ),
)


def plant(fault: Planted, place: Path) -> None:
    """Lay a copy of the product with a fault in it; raises ValueError where it fits no more."""
    text = (ROOT / fault.file).read_text("utf-8")
    if text.count(fault.right) != 1:
        raise ValueError(f"{fault.name}: {fault.file} has changed; plant it anew")
    lay_sources(place, apart=fault.file)
    (place / fault.file).write_text(text.replace(fault.right, fault.wrong), "utf-8")


def lay_sources(place: Path, *, apart: str = "") -> None:
    """Lay links to the packages; the folders down to a file `apart` are folders of their own."""
    down = Path(apart).parts
    for package in PACKAGES:
        if not down or package != down[0]:
            (place / package).symlink_to(ROOT / package)
    for depth in range(1, len(down)):
        folder = Path(*down[:depth])
        (place / folder).mkdir()
        for one in (ROOT / folder).iterdir():
            if one.name not in (down[depth], "__pycache__"):
                (place / folder / one.name).symlink_to(one)
