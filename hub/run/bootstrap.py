"""Builds the hub from its settings: the one place that knows which part uses which."""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import select

from broker.contract.address import BrokerAddress
from hub.base.changes import Broadcaster
from hub.base.clock import Clock, SystemClock
from hub.base.engine.columns import table_of
from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import upgrade
from hub.base.ground import Ground
from hub.base.ids import new_id
from hub.db import tables
from hub.db.accounts import StoredAccounts
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
from hub.db.views.distributor import read_distributor
from hub.db.wire import StoredOutbox, StoredRefusals
from hub.domain.leases import LeaseTerms
from hub.enrolment import EnrolmentFiles
from hub.intake.services import WireServices
from hub.routes import parts as routes
from hub.routes.sign_in import SignInLimits
from hub.run.config import Settings
from hub.run.signing import PackSigner
from hub.services.audit import Audit
from hub.services.cancel_order import CancelOrder
from hub.services.decide_orders import DecideOrders
from hub.services.hear_terminals import HearTerminals
from hub.services.load_distributor import LoadDistributor
from hub.services.outbox import Outbox
from hub.services.packs.acts import PackActs
from hub.services.packs.add_pack import AddPack
from hub.services.packs.call_off_pack import CallOffPack
from hub.services.packs.drop_pack import DropPack
from hub.services.packs.foresee_pack import ForeseePack
from hub.services.packs.publish_pack import PublishPack
from hub.services.packs.roll_back_pack import RollBackPack
from hub.services.packs.shadow_pack import ShadowPack
from hub.services.packs.watch_shadow import WatchShadow
from hub.services.refuse_message import RefuseMessage
from hub.services.sign_in import find_session, hash_password
from hub.services.terminals import Terminals
from hub.services.users import AddUser
from hub.web.noun import Noun
from hub.web.site import Frame

_log = logging.getLogger(__name__)
_settings: Final = table_of(tables.Setting)


NOUNS: Final[tuple[Noun, ...]] = (routes.NOUN,)
"""What the hub's pages and commands are made of."""


@dataclass(slots=True)
class Hub:
    """The hub's parts, ready to use."""

    settings: Settings
    ground: Ground
    cancel_order: CancelOrder
    load_distributor: LoadDistributor
    terminals: Terminals
    add_user: AddUser
    audit: Audit
    leases: StoredLeaseList
    packs: PackActs

    @property
    def database(self) -> Database:
        """Give the hub's database."""
        return self.ground.database

    @property
    def clock(self) -> Clock:
        """Give the hub's clock."""
        return self.ground.clock

    @property
    def changes(self) -> Broadcaster:
        """Give what tells pages of changes."""
        return self.ground.changes

    def close(self) -> None:
        """Give everything back."""
        self.ground.close()


def build_hub(settings: Settings, *, clock: Clock | None = None, starting: bool = False) -> Hub:
    """Open the database, bring it to this version, and put the parts together.

    `starting` counts one more start of the hub. Raises DatabaseUnreachableError, SchemaTooNewError.
    """
    database = open_database(settings.database_url)
    upgrade(database)
    ground = Ground(
        database=database,
        clock=clock or SystemClock(),
        ids=new_id,
        changes=Broadcaster(),
        boot=_boot(database, counting=starting),
        folder=settings.folder,
    )
    hub = _build(settings, ground)
    ground.put(
        hub.cancel_order,
        hub.load_distributor,
        hub.terminals,
        hub.add_user,
        hub.audit,
        hub.leases,
        hub.packs,
        StoredOrders(database),
        StoredAccounts(database),
        SignInLimits(),
    )
    return hub


def _build(settings: Settings, ground: Ground) -> Hub:
    database, clock, changes = ground.database, ground.clock, ground.changes
    host, port = settings.broker_host or "127.0.0.1", settings.broker_port
    signer = PackSigner(settings.folder / "signing")
    secrets = EnrolmentFiles(
        settings.folder, BrokerAddress(host, port), pack_key=lambda: signer.public
    )
    return Hub(
        settings=settings,
        ground=ground,
        cancel_order=CancelOrder(
            units=OpenCancelUnits(database),
            clock=clock,
            ids=ground.ids,
            changes=changes,
            boot=ground.boot,
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
        packs=_build_packs(ground, signer),
    )


def _build_packs(ground: Ground, signer: PackSigner) -> PackActs:
    database, clock, changes = ground.database, ground.clock, ground.changes
    units = OpenPackUnits(database)
    return PackActs(
        add=AddPack(units, clock, changes),
        shadow=ShadowPack(units, clock, changes),
        foresee=ForeseePack(StoredPastOrders(database), clock),
        publish=PublishPack(units, clock, changes),
        call_off=CallOffPack(units, clock, changes),
        drop=DropPack(units, clock, changes),
        roll_back=RollBackPack(units, clock, changes),
        signer=signer,
    )


def frame_of(hub: Hub) -> Frame:
    """Say what the hub's pages are made of."""
    return Frame(
        ground=hub.ground,
        nouns=NOUNS,
        find_session=partial(find_session, hub.ground.part(StoredAccounts)),
        read_distributor=read_distributor,
    )


def build_wire(hub: Hub, *, http: str) -> WireServices:
    """Put together what a hub needs to serve terminals; `http` is where they fetch snapshots."""
    ground = hub.ground
    database, clock, ids = ground.database, ground.clock, ground.ids
    changes, boot, signer = ground.changes, ground.boot, hub.packs.signer
    watch, ready = StoredWatch(database), ReadyPacks(database, clock)
    shelf = Shelf(database, ready)
    terms = LeaseTerms(hub.settings.lease_percent, hub.settings.lease_hours)
    _log.info("rule packs are signed for the key %s", signer.public)
    return WireServices(
        decide=DecideOrders(books=OrderBooks(database, shelf), clock=clock, ids=ids, boot=boot),
        hear=HearTerminals(
            watch=watch,
            desires=watch,
            leases=StoredLeases(database, shelf, terms),
            clock=clock,
            ids=ids,
            changes=changes,
            boot=boot,
            http=http,
            sign=signer.sign,
        ),
        outbox=Outbox(rows=StoredOutbox(database), clock=clock, changes=changes),
        refuse=RefuseMessage(
            rows=StoredRefusals(database), clock=clock, ids=ids, changes=changes, boot=boot
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
