"""A terminal's own pricing, set up from what its hub tells it: packed bytes, SQLite catalogue."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from broker.contract import Config, ConfigData, Quote, Status, StatusData
from rules import CompiledPack, load_pack
from terminal.core.order import Line
from terminal.core.pricing import PriceFacts, price
from terminal.core.words import Voice
from terminal.store.catalogue import Catalogue, build_catalogue
from tests.builders.market import NOON, Market, new_uuid


class CounterPrices:
    """Prices as the terminal does by the market's catalogue and pack as they are now."""

    def __init__(self, market: Market, folder: Path, terminal: str = "shop-2") -> None:
        self.terminal = terminal
        self.config = _config(market, terminal)
        snapshot = folder / f"{new_uuid()}.json"
        snapshot.write_bytes(_body(market, self.config.catalogue.hash))
        target = snapshot.with_suffix(".db")
        build_catalogue(snapshot, target)
        self._packed = _body(market, self.config.pack.hash)
        self.pack: CompiledPack = load_pack(self._packed)
        self.catalogue = Catalogue(target)

    def quote(self, *lines: tuple[str, int], day: date) -> Quote:
        """Quote pieces as the counter would show them."""
        scanned = [Line(at, sku, sku, qty) for at, (sku, qty) in enumerate(lines, 1)]
        return self.quote_lines(scanned, day=day)

    def quote_lines(self, lines: Sequence[Line], *, day: date) -> Quote:
        """Quote lines in any unit, of any batch."""
        facts = PriceFacts(
            self.config.customer,
            self.config.catalogue.hash,
            products=self.catalogue,
            pack=self.pack,
        )
        return price(new_uuid(), lines, day=day, facts=facts, voice=Voice()).quote()

    def tamper(self, **prices: int) -> None:
        """Change prices in the terminal's memory, in 1/10,000; its pack still goes by its hash."""
        base = json.loads(self._packed)["prices"]
        base[0]["rates"].update(prices)
        self.pack = replace(load_pack(repacked(self._packed, prices=base)), hash=self.pack.hash)


def _config(market: Market, terminal: str) -> ConfigData:
    said = Status(id=new_uuid(), term=terminal, boot=1, at=NOON, data=StatusData(state="online"))
    told = market.hears(said)
    return msgspec.json.decode(told[0].payload, type=Config).data


def _body(market: Market, digest: str) -> bytes:
    (body,) = market.rows("SELECT body FROM snapshot WHERE hash = :h", h=digest)[0]
    return bytes(body)


def repacked(body: bytes, **values: Any) -> bytes:
    """Write a packed pack with some of it changed."""
    return json.dumps({**json.loads(body), **values}).encode()
