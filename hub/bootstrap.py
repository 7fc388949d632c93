"""Builds the hub from its settings: the one place that knows which part uses which."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from broker.contract.address import BrokerAddress
from hub.base.changes import Broadcaster, Changes
from hub.base.clock import Clock, SystemClock
from hub.base.engine.columns import table_of
from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import upgrade
from hub.base.ids import new_id
from hub.config import Settings
from hub.db import tables
from hub.db.audits import StoredBooks
from hub.db.desired import StoredWatch
from hub.db.masters import OpenMasterUnits
from hub.db.orders.book import OrderBooks
from hub.db.orders.cancelling import OpenCancelUnits
from hub.db.orders.listing import StoredOrders
from hub.db.orders.renewing import StoredLeases
from hub.db.orders.shelf import Shelf
from hub.db.packs.past_orders import StoredPastOrders
from hub.db.packs.ready import ReadyPacks
from hub.db.packs.rows import OpenPackUnits
from hub.db.packs.shadows import StoredShadows
from hub.db.shelves import StoredShelves
from hub.db.terminals import StoredLeaseList, StoredTerminals, StoredUsers
from hub.db.wire import StoredOutbox, StoredRefusals
from hub.domain.leases import LeaseTerms
from hub.enrolment import EnrolmentFiles
from hub.services.audit import Audit
from hub.services.cancel_order import CancelOrder
from hub.services.decide_orders import DecideOrders
from hub.services.hear_terminals import HearTerminals
from hub.services.load_distributor import LoadDistributor
from hub.services.outbox import Outbox
from hub.services.packs.add_pack import AddPack
from hub.services.packs.call_off_pack import CallOffPack
from hub.services.packs.drop_pack import DropPack
from hub.services.packs.foresee_pack import ForeseePack
from hub.services.packs.publish_pack import PublishPack
from hub.services.packs.roll_back_pack import RollBackPack
from hub.services.packs.shadow_pack import ShadowPack
from hub.services.packs.watch_shadow import WatchShadow
from hub.services.refuse_message import RefuseMessage
from hub.services.sign_in import hash_password
from hub.services.terminals import Terminals
from hub.services.users import AddUser
from hub.signing import PackSigner

_log = logging.getLogger(__name__)
_settings: Final = table_of(tables.Setting)


@dataclass(frozen=True, slots=True)
class Packs:
    """The use cases of rule packs."""

    add: AddPack
    shadow: ShadowPack
    foresee: ForeseePack
    publish: PublishPack
    call_off: CallOffPack
    drop: DropPack
    roll_back: RollBackPack


@dataclass(slots=True)
class Hub:
    """The hub's parts, ready to use; `health` is filled by whoever serves."""

    settings: Settings
    database: Database
    clock: Clock
    changes: Broadcaster
    boot: int
    cancel_order: CancelOrder
    load_distributor: LoadDistributor
    terminals: Terminals
    add_user: AddUser
    audit: Audit
    leases: StoredLeaseList
    orders: StoredOrders
    packs: Packs
    signer: PackSigner
    health: Callable[[], list[str]] = field(default=list)

    def close(self) -> None:
        """Give everything back."""
        self.database.close()


def build_hub(settings: Settings, *, clock: Clock | None = None, starting: bool = False) -> Hub:
    """Open the database, bring it to this version, and put the parts together.

    `starting` counts one more start of the hub. Raises DatabaseUnreachableError, SchemaTooNewError.
    """
    database = open_database(settings.database_url)
    upgrade(database)
    clock = clock or SystemClock()
    changes = Broadcaster()
    boot = _boot(database, counting=starting)
    host, port = settings.broker_host or "127.0.0.1", settings.broker_port
    signer = PackSigner(settings.folder / "signing")
    secrets = EnrolmentFiles(
        settings.folder, BrokerAddress(host, port), pack_key=lambda: signer.public
    )
    return Hub(
        settings=settings,
        database=database,
        clock=clock,
        changes=changes,
        boot=boot,
        cancel_order=CancelOrder(
            units=OpenCancelUnits(database), clock=clock, ids=new_id, changes=changes, boot=boot
        ),
        load_distributor=LoadDistributor(
            units=OpenMasterUnits(database), secrets=secrets, clock=clock, changes=changes
        ),
        terminals=Terminals(
            rows=StoredTerminals(database), secrets=secrets, clock=clock, changes=changes
        ),
        add_user=AddUser(rows=StoredUsers(database), clock=clock, hash_password=hash_password),
        audit=Audit(StoredBooks(database, clock)),
        leases=StoredLeaseList(database, clock),
        orders=StoredOrders(database),
        packs=_build_packs(database, clock, changes),
        signer=signer,
    )


def _build_packs(database: Database, clock: Clock, changes: Changes) -> Packs:
    units = OpenPackUnits(database)
    return Packs(
        add=AddPack(units, clock, changes),
        shadow=ShadowPack(units, clock, changes),
        foresee=ForeseePack(StoredPastOrders(database), clock),
        publish=PublishPack(units, clock, changes),
        call_off=CallOffPack(units, clock, changes),
        drop=DropPack(units, clock, changes),
        roll_back=RollBackPack(units, clock, changes),
    )


@dataclass(frozen=True, slots=True)
class WireServices:
    """The use cases that messages from terminals go to, and what is done beside them."""

    decide: DecideOrders
    hear: HearTerminals
    outbox: Outbox
    refuse: RefuseMessage
    watch_shadow: WatchShadow
    ready: ReadyPacks


def build_wire(hub: Hub, *, http: str) -> WireServices:
    """Put together what a hub needs to serve terminals; `http` is where they fetch snapshots."""
    database, clock, changes, boot = hub.database, hub.clock, hub.changes, hub.boot
    watch, ready = StoredWatch(database), ReadyPacks(database, clock)
    shelf = Shelf(database, ready)
    terms = LeaseTerms(hub.settings.lease_percent, hub.settings.lease_hours)
    _log.info("rule packs are signed for the key %s", hub.signer.public)
    return WireServices(
        decide=DecideOrders(books=OrderBooks(database, shelf), clock=clock, ids=new_id, boot=boot),
        hear=HearTerminals(
            watch=watch,
            desires=watch,
            leases=StoredLeases(database, shelf, terms),
            clock=clock,
            ids=new_id,
            changes=changes,
            boot=boot,
            http=http,
            sign=hub.signer.sign,
        ),
        outbox=Outbox(rows=StoredOutbox(database), clock=clock, changes=changes),
        refuse=RefuseMessage(
            rows=StoredRefusals(database), clock=clock, ids=new_id, changes=changes, boot=boot
        ),
        watch_shadow=WatchShadow(rows=StoredShadows(database), shadow=hub.packs.shadow),
        ready=ready,
    )


def _boot(database: Database, *, counting: bool) -> int:
    """Read how often the hub was started, counting this time if asked."""
    with database.write() as connection:
        query = select(_settings.c.value).where(_settings.c.key == "boot")
        boot = int(connection.execute(query).scalar() or 0)
        if counting:
            boot += 1
            StoredShelves(connection).set("boot", str(boot))
            connection.commit()
    return boot
