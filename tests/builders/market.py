"""A small distributor in a real database: four shops, five products, one rule pack.

Tea costs 100.00, rice 50.00, soap 10.00; oil has no price; honey is given by a scheme. Tea is taxed
at 10 %. The launch scheme takes 5.00 off three times, once a customer.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import text

from broker.contract import (
    Answer,
    AnswerData,
    Notice,
    Order,
    OrderData,
    OrderLine,
    Quote,
    Status,
    decode_down,
    encode,
    uuid7,
)
from hub.base.access import EVERYTHING
from hub.base.engine.database import Database
from hub.desk.approvals.acts import ApprovalActs
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.orders.acts import OrderActs
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.model.packed import PackedPack
from hub.desk.rulepacks.model.versions import Version
from hub.desk.terminals.acts import EnrolmentActs, TerminalActs
from hub.desk.terminals.acts.access.enrol_terminal import EnrolTerminal
from hub.desk.terminals.acts.access.settle_kept import SettleKept
from hub.desk.terminals.acts.load_distributor import LoadDistributor, Loaded
from hub.desk.terminals.acts.take_orders import Answered, RefusedOrder, Reply
from hub.desk.terminals.commands.load.reading import read_distributor
from hub.desk.terminals.model import Outgoing
from hub.desk.terminals.reads.leases import every_lease
from hub.desk.terminals.store.inbox import Submitted, submitted
from hub.desk.terminals.wire.statuses import Heard
from hub.run.audit import Audit, Report
from hub.run.bootstrap import Hub, build_hub, build_wire
from hub.run.config import Settings
from rules import load_pack
from rules.language import read_pack

NOON: Final = 1_795_244_400_000
"""21 November 2026, 12:30 in Kolkata."""
_PACK_FILES: Final[Mapping[str, str]] = {
    "pack.yaml": """
pack:
  name: corner
  version: 1
  currency: INR
  scale: 2
  timezone: Asia/Kolkata
  tax: exclusive
prices:
  - {id: PL-BASE, level: default, csv: prices.csv}
schemes:
  - id: SCH-LAUNCH
    when: {sku: SOAP}
    count: {over: line, of: qty}
    slabs: [{from: 10, amount: 5.00}]
    limit: {total: 3, per_customer: 1}
  - id: SCH-HONEY
    when: {sku: RICE}
    count: {over: line, of: qty}
    free: {every: 10, give: 1, item: HONEY}
taxes:
  - {id: TAX-10, when: {tax_class: full}, heads: {VAT: 10}}
  - {id: TAX-0, when: {tax_class: none}, heads: {VAT: 0}}
allocation:
  - {id: AL-ALL, pick: fefo, split: true, short: cut}
""",
    "prices.csv": "sku,price\nTEA,100.00\nRICE,50.00\nSOAP,10.00\nHONEY,80.00\n",
}
FILES: Final[Mapping[str, str]] = {
    "distributor.toml": (
        'name = "Corner Supplies"\nsupport = "call us"\ntimezone = "Asia/Kolkata"\n'
    ),
    "products.csv": (
        "sku,gtins,name,category,brand,tax_class,base_unit,pack_sizes\n"
        "TEA,8901234567894,Tea,drinks/hot,Leaf,full,PCS,CASE=12\n"
        "RICE,,Rice,food,,none,KG,\n"
        "SOAP,,Soap,home,,none,PCS,\n"
        "OIL,,Oil,food,,none,PCS,\n"
        "HONEY,,Honey,food,,none,PCS,\n"
    ),
    "customers.csv": (
        "id,name,type,geo,status,credit_limit,opening_outstanding\n"
        "C1,First Shop,retailer,IN/KA,active,1000.00,100.00\n"
        "C2,Second Shop,retailer,IN/KA,active,none,\n"
        "C3,Third Shop,retailer,IN/KA,blocked,none,\n"
        "C4,Fourth Shop,retailer,IN/KA,active,cash_only,\n"
    ),
    "warehouses.csv": "code,name,priority\nMAIN,Main store,1\n",
    "batches.csv": (
        "warehouse,sku,batch,manufactured,expiry,received,on_hand\n"
        "MAIN,TEA,T-EARLY,2026-01-01,2027-01-31,2026-02-01,10\n"
        "MAIN,TEA,T-LATE,2026-03-01,2027-12-31,2026-04-01,100\n"
        "MAIN,TEA,T-OLD,2024-03-01,2026-11-20,2024-04-01,100\n"
        "MAIN,RICE,R1,2026-01-01,,2026-02-01,1000\n"
        "MAIN,SOAP,S1,2026-01-01,,2026-02-01,5000\n"
        "MAIN,OIL,O1,2026-01-01,,2026-02-01,1000\n"
        "MAIN,HONEY,H1,2026-01-01,,2026-02-01,50\n"
    ),
    "terminals.csv": (
        "id,customer,warehouse\nshop-1,C1,MAIN\nshop-2,C2,MAIN\nshop-3,C3,MAIN\nshop-4,C4,MAIN\n"
    ),
}


def filled(written: str) -> str:
    """Give every row of a CSV text an empty cell for each column of the header that it lacks."""
    head, *rows = written.splitlines()
    columns = head.count(",")
    return "\n".join([head, *(row + "," * (columns - row.count(",")) for row in rows)]) + "\n"


CUSTOMER_OF: Final = {"shop-1": "C1", "shop-2": "C2", "shop-3": "C3", "shop-4": "C4"}


@dataclass(slots=True)
class FakeClock:
    """A clock that tests set."""

    ms: int = NOON
    behind_ms: int = 0

    def now_ms(self) -> int:
        """Give the time it was set to."""
        return self.ms

    def mono_ms(self) -> int:
        """Give what only rises."""
        return self.ms + self.behind_ms

    def set_back(self, ms: int) -> None:
        """Have somebody set the clock back; what waits go by stays."""
        self.ms -= ms
        self.behind_ms += ms


@lru_cache(maxsize=8)
def packed(
    version: int = 1,
    soap: str = "10.00",
    head: str = "",
    *,
    more: str = "",
    currency: str = "INR",
) -> PackedPack:
    """Read the market's pack with another number or price of soap, or with more in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "more.yaml").write_text(more or "{}\n")
        write_pack(folder, version=version, soap=soap, head=head, currency=currency)
        body = read_pack(folder)
    return PackedPack(body, load_pack(body))


def write_pack(
    folder: Path,
    *,
    version: int = 1,
    soap: str = "10.00",
    head: str = "",
    currency: str = "INR",
) -> None:
    """Write the market's pack the way people do: as files."""
    for name, written in _PACK_FILES.items():
        changed = written.replace("version: 1", f"version: {version}\n  {head}")
        changed = changed.replace("currency: INR", f"currency: {currency}")
        (folder / name).write_text(changed.replace("SOAP,10.00", f"SOAP,{soap}"))


@dataclass(slots=True)
class Market:
    """The distributor's hub, with a clock that stands still."""

    hub: Hub
    wire: TerminalActs
    clock: FakeClock
    url: str
    _seqs: dict[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """Give the hub's database."""
        return self.hub.ground.database

    @property
    def orders(self) -> OrderActs:
        """Give the acts of orders."""
        return self.hub.ground.part(OrderActs)

    @property
    def approvals(self) -> ApprovalActs:
        """Give the acts of approvals."""
        return self.hub.ground.part(ApprovalActs)

    @property
    def deliveries(self) -> DeliveryActs:
        """Give the acts of deliveries."""
        return self.hub.ground.part(DeliveryActs)

    @property
    def packs(self) -> PackActs:
        """Give the acts of rule packs."""
        return self.hub.ground.part(PackActs)

    @property
    def enrol(self) -> EnrolTerminal:
        """Give the acts that add and revoke terminals."""
        return self.hub.ground.part(EnrolmentActs).enrol

    @property
    def settle(self) -> SettleKept:
        """Give the act that settles what a terminal cannot give back."""
        return self.hub.ground.part(EnrolmentActs).settle

    def leases(self) -> list[dict[str, object]]:
        """Give every open lease."""
        with self.database.read() as connection:
            return every_lease(connection, now_ms=self.clock.ms, scope=EVERYTHING)

    def load(self, pack: PackedPack | None = None, **files: str) -> Loaded:
        """Load the distributor, with some files replaced: `products="..."`."""
        texts = {**FILES, **{f"{name}.csv": written for name, written in files.items()}}
        distributor = read_distributor(texts, scale=2)
        return self.hub.ground.part(LoadDistributor)(distributor, pack or packed())

    def publish(self, pack: PackedPack) -> Version:
        """Have one person add a pack and another publish it; then a millisecond passes."""
        added = self.packs.add(pack, by="asha")
        published = self.packs.publish(added.version, by="vikram")
        self.clock.ms += 1
        return published

    def order(self, *lines: tuple[str, int], terminal: str = "shop-2", **changed: Any) -> Submitted:
        """Write an order with the terminal's next number; `changed` replaces what it says."""
        seq = changed.pop("seq", None) or self._seqs.get(terminal, 0) + 1
        self._seqs[terminal] = max(seq, self._seqs.get(terminal, 0))
        said: dict[str, Any] = {
            "order": new_uuid(),
            "number": f"{terminal}-{seq}",
            "customer": CUSTOMER_OF.get(terminal, "C2"),
            "lines": [OrderLine(line=n, sku=s, qty=q) for n, (s, q) in enumerate(lines, 1)],
            "captured_at": self.clock.ms,
            "mono_ms": 0,
            "clock_trusted": True,
        }
        message = Order(
            id=new_uuid(),
            term=terminal,
            boot=1,
            seq=seq,
            at=self.clock.ms,
            data=OrderData(**{**said, **changed}),
        )
        return submitted(message, encode(message))

    def replies(self, *asked: Submitted) -> list[Reply]:
        """Have orders decided in one group."""
        return self.wire.take(asked)

    def answer(self, asked: Submitted) -> AnswerData:
        """Have one order decided, and read its answer."""
        (reply,) = self.replies(asked)
        return told(reply)

    def place(self, *lines: tuple[str, int], **said: Any) -> AnswerData:
        """Write an order, have it decided, and read its answer."""
        return self.answer(self.order(*lines, **said))

    def hears(self, *said: Status, retained: bool = False) -> list[Outgoing]:
        """Hear what terminals say of themselves, together; gives what is sent back."""
        return self.wire.hear.statuses([Heard(one, retained) for one in said])

    def quote(self, *lines: tuple[str, int], terminal: str = "shop-2") -> Quote:
        """Quote the way a terminal would: what the same lines cost now, with another order."""
        probe = self.place(*lines, terminal=terminal)
        (price_hash,) = self.rows(
            "SELECT r.price_hash FROM order_revision r JOIN order_ o ON o.id = r.order_id "
            "WHERE o.uuid = :u AND r.revision = 1",
            u=probe.order,
        )[0]
        self.orders.cancel(probe.order, why="a quote", by="test")
        assert probe.totals is not None
        assert probe.pack is not None
        return Quote(
            pack=probe.pack,
            pack_version=probe.pack_version,
            facts=hashlib.sha256(b"facts").hexdigest(),
            price_hash=price_hash,
            payable=probe.totals.payable,
        )

    def newest_notice(self) -> Notice:
        """Read the newest notice that waits for its terminal."""
        statement = "SELECT payload FROM outbox WHERE kind = 'notice' ORDER BY id DESC LIMIT 1"
        ((payload,),) = self.rows(statement)
        notice = decode_down(bytes(payload))
        assert isinstance(notice, Notice)
        return notice

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Read rows."""
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def discounts(self) -> list[int]:
        """Give what every order was given, in the order they came."""
        return [
            row[0]
            for row in self.rows(
                "SELECT discount FROM order_revision WHERE revision = 1 ORDER BY order_id"
            )
        ]

    def change(self, statement: str, **values: Any) -> None:
        """Change rows behind the hub's back."""
        with self.database.write() as connection:
            connection.execute(text(statement), values)
            connection.commit()

    def broken(self) -> set[str]:
        """Name the promises that the audit finds broken."""
        return {one.promise.name for one in self.audit().kept if one.faults}

    def audit(self) -> Report:
        """Check every promise."""
        return self.hub.ground.part(Audit)()


@contextmanager
def open_market(url: str, folder: Path) -> Iterator[Market]:
    """Load the distributor into a database at the newest schema."""
    with open_loaded(url, folder) as market:
        market.load()
        yield market


@contextmanager
def open_copy(kept: Path, folder: Path) -> Iterator[Market]:
    """Open a copy of what `sqlite_market` keeps, in a folder of the test's own."""
    shutil.copy(kept / "hub.db", folder)
    shutil.copytree(kept / "files", folder / "files")
    with open_loaded(f"sqlite:///{folder / 'hub.db'}", folder / "files") as market:
        yield market


@contextmanager
def open_loaded(url: str, folder: Path) -> Iterator[Market]:
    """Open a hub whose database has the distributor already, with the folder that belongs to it."""
    clock = FakeClock()
    hub = build_hub(Settings(folder=folder, database=url, hosts="hub.test"), clock=clock)
    yield Market(hub, build_wire(hub, http="http://hub"), clock, url)
    hub.close()


def told(reply: Reply) -> AnswerData:
    """Read the answer out of a reply."""
    assert isinstance(reply, Answered), reply
    return msgspec.json.decode(reply.payload, type=Answer).data


def refused(reply: Reply) -> str:
    """Read the reason code out of a reply."""
    assert isinstance(reply, RefusedOrder), reply
    return reply.why.code


def new_uuid() -> str:
    """Make an id."""
    return uuid7(NOON, os.urandom(10))
