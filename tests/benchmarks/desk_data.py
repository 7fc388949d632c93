"""A distributor of a size, with a year of orders, made by the hub's own paths and kept.

Real products and their variants, made-up shops, ample stock, and orders decided one group after
another as every entrance has them decided; only their moments are spread over a year. What was made
once is found again, and brought to the newest shape like any distributor's.
"""

import random
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import text

from hub.base.access import EVERYTHING
from hub.base.ids import new_id
from hub.base.transaction import Transaction
from hub.desk.orders.acts import OrderActs
from hub.desk.orders.deciding import place
from hub.desk.orders.model.request import OrderRequest, Requester
from hub.desk.orders.store import next_order_number, warehouse_of
from hub.desk.parties.store import business_day, seller_of
from hub.desk.rulepacks.commands.folder import read_pack_folder
from hub.desk.terminals.acts.load_distributor import LoadDistributor
from hub.desk.terminals.commands.load.reading import FILES, read_distributor
from hub.run.bootstrap import Hub, build_hub
from hub.run.config import Settings
from rules import Order, OrderLine, Quantity
from simulators.data import Batch, Customer, Distributor, Product, fmcg

GROUP: Final = 200
LINES: Final = 3
YEAR_MS: Final = 365 * 24 * 3_600_000
_TOWNS: Final = ("IN/KA/BLR", "IN/KA/MYS", "IN/TN/MAA", "IN/KL/COK", "IN/MH/BOM", "IN/DL/DEL")
_NAMES: Final = ("Lakshmi", "Nandi", "Ganesh", "Annapoorna", "Sharma", "Gupta", "Malabar", "Pothys")
_KINDS: Final = ("Stores", "Provision", "Super Bazaar", "Kirana", "Mart", "Bhandar")
_LIMITS: Final = ("none", "none", "none", "2000000", "50000", "cash_only")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is."""

    orders: int
    products: int
    customers: int

    @property
    def word(self) -> str:
        """Name it, as part of a folder's name."""
        return f"{self.orders}-{self.products}-{self.customers}"


@dataclass(slots=True)
class _Clock:
    """A clock that is set: the hub's, while its past is made."""

    ms: int

    def now_ms(self) -> int:
        """Give Unix milliseconds."""
        return self.ms

    def mono_ms(self) -> int:
        """Give the same: it only rises."""
        return self.ms


def made(folder: Path, url: str | None, size: Size) -> Path:
    """Give the hub's folder with these data, made now or earlier; `url` names its database."""
    done = folder / "made"
    if done.is_file():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    distributor = _distributor(size)
    distributor.write(folder / "distributor")
    few_terminals(folder / "distributor" / "terminals.csv")
    settings = Settings(folder=folder)
    clock = _Clock(time.time_ns() // 1_000_000 - YEAR_MS)
    hub = build_hub(replace(settings, database=url) if url else settings, clock=clock)
    try:
        _load(hub, folder / "distributor")
        _place_all(hub, clock, size, [one.sku for one in distributor.products])
        _settle(hub)
    finally:
        hub.close()
    done.touch()
    return folder


def _distributor(size: Size) -> Distributor:
    real = fmcg(today=date.today())  # noqa: DTZ011  (any day near now)
    products = tuple(variants(real.products, size.products))
    return replace(
        real,
        products=products,
        customers=tuple(_shop(n) for n in range(size.customers)),
        batches=tuple(
            Batch(one.sku, f"L-{one.sku}", 100_000_000, received=date(2025, 1, 1))
            for one in products
        ),
    )


def variants(real: tuple[Product, ...], count: int) -> Iterator[Product]:
    """Give real products, and then the same ones again under other codes."""
    for number in range(count):
        round_, at = divmod(number, len(real))
        one = real[at]
        yield (
            one
            if not round_
            else replace(
                one, sku=f"{one.sku}-{round_}", name=f"{one.name} {round_}", gtin="", pack_gtins={}
            )
        )


def _shop(number: int) -> Customer:
    name = f"{_NAMES[number % len(_NAMES)]} {_KINDS[number // 8 % len(_KINDS)]} {number}"
    limit = _LIMITS[number % len(_LIMITS)]
    town = _TOWNS[number % len(_TOWNS)]
    return Customer(f"B{number:05}", name, f"b-{number}", "retailer", town, credit_limit=limit)


def few_terminals(file: Path) -> None:
    """Leave a hundred terminals: a secret and a file for each shop would be no use here."""
    file.write_text("\n".join(file.read_text().splitlines()[:101]) + "\n")


def _load(hub: Hub, source: Path) -> None:
    """Load the distributor as `hub load` does, at the moment of the hub's clock."""
    pack = read_pack_folder(source / "pack", shown="pack/")
    texts = {name: (source / name).read_text() for name in FILES if (source / name).is_file()}
    distributor = read_distributor(texts, scale=pack.compiled.scale)
    hub.ground.part(LoadDistributor)(distributor, pack, by="bench")


def _place_all(hub: Hub, clock: _Clock, size: Size, skus: list[str]) -> None:
    """Have every order decided, from a year ago on; a seed makes them the same each time."""
    draw = random.Random(size.word)
    began_ms, started = clock.ms + 1, time.monotonic()
    for first in range(0, size.orders, GROUP):
        clock.ms = began_ms + YEAR_MS * first // size.orders
        with hub.transactions.open(actor="programs", at_ms=clock.ms) as t:
            count = min(GROUP, size.orders - first)
            place(t, hub.desk, [_request(t, draw, size, skus=skus) for _ in range(count)])
            t.commit()
        if first % 50_000 == 0:
            spent = time.monotonic() - started
            print(f"{first} of {size.orders} orders, {spent:.0f} s", file=sys.stderr)


def _settle(hub: Hub) -> None:
    """Have all orders but those of the last days be history: billed, and the held ones cancelled.

    No distributor has a year of orders on the floor. The acts that would do it would take hours, so
    that states are written by hand here, and what is kept of them is added up anew.
    """
    with hub.ground.database.write() as connection:
        for statement in SETTLED:
            connection.execute(text(statement))
        connection.commit()
    keep_sums(hub)


def keep_sums(hub: Hub) -> None:
    """Have the sums of past days made, as the jobs of a hub that runs would have made them."""
    keep = hub.ground.part(OrderActs).keep
    while keep():
        pass


SETTLED: Final = (
    """
    CREATE TEMPORARY TABLE past AS SELECT id, revision,
        CASE WHEN status = 'held' THEN 'cancelled' ELSE 'invoiced' END AS status
    FROM order_ WHERE status IN ('held', 'confirmed', 'allocated')
        AND business_date < (SELECT max(business_date) FROM order_ AS newest)
        AND id < (SELECT max(id) FROM order_ AS newest) - 3 * (
            SELECT count(*) FROM order_ AS all_orders) / 365
    """,
    "CREATE UNIQUE INDEX past_id ON past (id)",
    """
    UPDATE order_revision SET exposure = 0, status = (
        SELECT status FROM past WHERE past.id = order_revision.order_id)
    WHERE EXISTS (SELECT 1 FROM past
        WHERE past.id = order_revision.order_id AND past.revision = order_revision.revision)
    """,
    """
    UPDATE order_ SET status = (SELECT status FROM past WHERE past.id = order_.id)
    WHERE id IN (SELECT id FROM past)
    """,
    "DELETE FROM order_sum",
    """
    INSERT INTO order_sum
        (day, seller_id, warehouse_id, status, currency, scale, orders, payable, priced)
    SELECT o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency, r.scale, count(*),
        sum(r.payable), sum(CASE WHEN r.price_hash IS NULL THEN 0 ELSE r.payable END)
    FROM order_ o JOIN order_revision r ON r.order_id = o.id AND r.revision = o.revision
    GROUP BY o.business_date, o.seller_id, o.warehouse_id, o.status, r.currency, r.scale
    """,
)


def _request(t: Transaction, draw: random.Random, size: Size, *, skus: list[str]) -> OrderRequest:
    customer = f"B{draw.randrange(size.customers):05}"
    seller = seller_of(t, customer, scope=EVERYTHING)
    warehouse = warehouse_of(t, seller, "", scope=EVERYTHING) if seller is not None else None
    assert seller is not None
    assert warehouse is not None
    uuid = new_id(t.at_ms)
    lines = tuple(
        OrderLine(number, sku, Quantity(draw.randint(1, 24)))
        for number, sku in enumerate(draw.sample(skus, LINES), 1)
    )
    return OrderRequest(
        order=Order(
            id=uuid,
            customer=customer,
            business_date=business_day(t),
            lines=lines,
            payment=draw.choice(("credit", "credit", "cash")),
        ),
        number=next_order_number(t, "api"),
        source="api",
        source_key=uuid,
        seller=seller,
        warehouse=warehouse,
        requester=Requester("token", "programs"),
        captured_at=t.at_ms,
    )
