"""A counter that prices offline from what its hub leased it, and keeps its orders to itself."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from broker.contract import Config, ConfigData, ConfigJoiner, Status, StatusData, leases_hash
from hub.desk.terminals.store.inbox import Submitted
from rules import CounterChange, load_pack
from terminal.core.order import Line
from terminal.core.pricing import Priced, PriceFacts, counters_of, price
from terminal.core.words import Voice
from terminal.store.catalogue import Catalogue, build_catalogue
from tests.builders.market import Market, new_uuid

BOUNDED: Final = """
schemes:
  - id: MONEY
    when: {sku: RICE}
    slabs: [{from: 1, percent: 10}]
    budget: {amount: 40.00}
  - id: LAST
    when: {sku: TEA}
    slabs: [{from: 1, amount: 1.00}]
    limit: {total: 1}
  - id: DAILY
    when: {sku: OIL}
    slabs: [{from: 1, amount: 1.00}]
    limit: {total: {uses: 10, each: day}}
"""
"""Schemes with a budget, with one use, and with ten uses a day."""
TODAY: Final = date(2026, 11, 21)


@dataclass
class LeasedCounter:
    """One terminal of a market; `sell` quotes by its leases and gives the order to send later."""

    market: Market
    folder: Path
    terminal: str = "shop-2"
    shown: int = 0
    sold: list[tuple[int, tuple[CounterChange, ...]]] = field(default_factory=list)
    _config: ConfigData | None = None

    def hear(self) -> bool:
        """Say that it is there, and take what the hub sends; False where it sends nothing."""
        known = (
            leases_hash(self._config.leases, self._config.counters) if self._config else "0" * 64
        )
        data = StatusData(state="online", leases=known)
        said = Status(id=new_uuid(), term=self.terminal, boot=1, at=self.market.clock.ms, data=data)
        told = [one for one in self.market.hears(said) if one.kind == "cmd"]
        joiner = ConfigJoiner()
        for one in told:
            whole = joiner.take(msgspec.json.decode(one.payload, type=Config).data)
            self._config = whole or self._config
        return bool(told)

    @property
    def config(self) -> ConfigData:
        """What the hub said last."""
        assert self._config is not None
        return self._config

    def price(self, *lines: tuple[str, int]) -> Priced:
        """Price an order as the counter shows it now."""
        pack = load_pack(self._body(self.config.pack.hash))
        spent = [
            change
            for seq, changes in self.sold
            if seq > self.config.counted_to
            for change in changes
        ]
        now_ms = self.market.clock.ms
        facts = PriceFacts(
            self.config.customer,
            self.config.catalogue.hash,
            products=self._catalogue(),
            pack=pack,
            counters=counters_of(self.config, pack, spent, day=TODAY, now_ms=now_ms),
        )
        scanned = [Line(at, sku, sku, qty) for at, (sku, qty) in enumerate(lines, 1)]
        return price(new_uuid(), scanned, day=TODAY, facts=facts, voice=Voice())

    def sell(self, *lines: tuple[str, int]) -> Submitted:
        """Show a price, keep what it uses of schemes, and give the order."""
        priced = self.price(*lines)
        customer = self.config.customer.id
        order = self.market.order(
            *lines, terminal=self.terminal, customer=customer, quote=priced.quote()
        )
        self.sold.append((order.message.seq, priced.changes))
        self.shown += priced.totals.discount
        return order

    def _catalogue(self) -> Catalogue:
        digest = self.config.catalogue.hash
        target = self.folder / f"{digest}.db"
        if not target.exists():
            snapshot = self.folder / f"{digest}.json"
            snapshot.write_bytes(self._body(digest))
            build_catalogue(snapshot, target)
        return Catalogue(target)

    def _body(self, digest: str) -> bytes:
        (body,) = self.market.rows("SELECT body FROM snapshot WHERE hash = :h", h=digest)[0]
        return bytes(body)
