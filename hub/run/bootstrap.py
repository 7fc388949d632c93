"""Builds the hub from its settings: the one place that knows which part uses which."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from broker.contract.address import BrokerAddress
from hub.base.access import EVERYTHING, PermissionRegistry, read_default_grants
from hub.base.changes import ChangeFeed
from hub.base.clock import Clock, SystemClock
from hub.base.engine.columns import metadata
from hub.base.engine.database import Database, open_database
from hub.base.engine.migrate import (
    SchemaTooNewError,
    SchemaTooOldError,
    require_current,
    upgrade,
)
from hub.base.ground import Ground
from hub.base.ids import new_id
from hub.base.jobs import Jobs
from hub.base.jobs.posting import WebPost
from hub.base.jobs.retrying import RetryJob
from hub.base.jobs.rows import TOPIC as JOBS
from hub.base.kept.drafts import Drafts
from hub.base.kept.files import Files
from hub.base.kept.folders import CLEAR, RECORD_FILES, KeptFolders
from hub.base.kept.notes import Notes
from hub.base.kept.views import Views
from hub.base.limits.machine import close_to_others
from hub.base.papers import KeptPapers
from hub.base.transaction import Transaction, Transactions
from hub.desk.accounts import parts as accounts
from hub.desk.approvals import parts as approvals
from hub.desk.assistant import parts as assistant
from hub.desk.bank import parts as bank
from hub.desk.claims import parts as claims
from hub.desk.deliveries import parts as deliveries
from hub.desk.field import parts as field
from hub.desk.imports import parts as imports
from hub.desk.invoices import parts as invoices
from hub.desk.invoices.store.letterheads import gstins_of_sellers
from hub.desk.notices import parts as notices
from hub.desk.orders import parts as orders
from hub.desk.orders.deciding import Desk
from hub.desk.orders.reads import past_orders
from hub.desk.parties import parts as parties
from hub.desk.parties.acts.count_start import count_start, starts_so_far
from hub.desk.parties.reads import read_distributor, scope_of
from hub.desk.partners import parts as partners
from hub.desk.payments import parts as payments
from hub.desk.people import parts as people
from hub.desk.people.acts import PeopleActs
from hub.desk.printing import parts as printing
from hub.desk.products import parts as products
from hub.desk.products.store import CatalogueInForce
from hub.desk.reports import parts as reports
from hub.desk.returns import parts as returns
from hub.desk.rulepacks import parts as rulepacks
from hub.desk.rulepacks.acts.watch_shadow import Shadowed, WatchShadow
from hub.desk.rulepacks.parts import PastOrders
from hub.desk.rulepacks.store import PackInForce, ReadyPacks, StoredSnapshots
from hub.desk.schemes import parts as schemes
from hub.desk.schemes.model import LeaseTerms
from hub.desk.stock import parts as stock
from hub.desk.stock.store.finding import warehouse_codes
from hub.desk.targets import parts as targets
from hub.desk.terminals import parts as terminals
from hub.desk.terminals.acts import TerminalActs
from hub.desk.webhooks import parts as webhooks
from hub.desk.workdays import parts as workdays
from hub.run.audit import Audit
from hub.run.backup import refuse_half_restored
from hub.run.config import Settings
from hub.run.config.asking import form_model_of
from hub.run.config.mail import mail_of
from hub.run.config.portal import read_portal
from hub.run.enrolment import EnrolmentFiles
from hub.run.signing import AnswerKey, PackSigner
from hub.web.noun import Noun
from hub.web.site import Frame, SafePages
from rules.tools.schema.documents import Question

_log = logging.getLogger(__name__)

NOUNS: Final[tuple[Noun, ...]] = tuple(
    one.NOUN
    for one in (
        people,
        parties,
        workdays,
        products,
        targets,
        rulepacks,
        stock,
        accounts,
        schemes,
        orders,
        terminals,
        approvals,
        notices,
        imports,
        deliveries,
        invoices,
        printing,
        payments,
        bank,
        returns,
        partners,
        webhooks,
        claims,
        field,
        reports,
        assistant,
    )
)
"""What the hub's pages and commands are made of."""


@dataclass(slots=True)
class Hub:
    """The hub's parts, ready to use."""

    settings: Settings
    ground: Ground
    changes: ChangeFeed
    transactions: Transactions
    jobs: Jobs
    desk: Desk
    ready: ReadyPacks
    signer: PackSigner
    answer_key: AnswerKey
    watch_shadow: WatchShadow

    def close(self) -> None:
        """Give everything back."""
        self.ground.close()


def build_hub(
    settings: Settings,
    *,
    clock: Clock | None = None,
    starting: bool = False,
    alone: bool = False,
    upgrading: bool = True,
) -> Hub:
    """Open the database, bring it to this version, and put the parts together.

    `starting` counts one more start of the hub; `alone` says that no other process has its files
    open; not `upgrading`, a database of another version is refused and left as it is. Raises
    AccessError, BackupError where a restore was cut short, ClockError, DatabaseDamagedError,
    DatabaseUnreachableError, SchemaTooNewError, SchemaTooOldError.
    """
    refuse_half_restored(settings.folder)
    permissions_of(NOUNS).check_defaults(read_default_grants())
    close_to_others(settings.folder, settings.database_file)
    database = open_database(settings.database_url, alone=alone, serving=starting)
    clock = clock or SystemClock()
    if upgrading:
        upgrade(database, make=partial(make_schema, now_ms=clock.now_ms()))
    else:
        _refuse_other(database)
    changes = ChangeFeed(database, JOBS, *(topic for noun in NOUNS for topic in noun.topics))
    transactions = Transactions(database, changes)
    boot = (
        count_start(transactions, now_ms=clock.now_ms())
        if starting
        else starts_so_far(transactions)
    )
    ground = Ground(
        database=database,
        clock=clock,
        ids=new_id,
        changes=changes,
        boot=boot,
        folder=settings.folder,
    )
    return _build(settings, ground, changes=changes, transactions=transactions)


def make_schema(connection: Connection, *, now_ms: int) -> None:
    """Make the tables of all nouns in an empty database, with what a new hub has in them."""
    metadata.create_all(connection, checkfirst=False)
    for noun in NOUNS:
        for write_rows in noun.first_rows:
            write_rows(connection, now_ms=now_ms)


def _refuse_other(database: Database) -> None:
    """Give a database back that is of another version."""
    try:
        require_current(database)
    except (SchemaTooNewError, SchemaTooOldError):
        database.close()
        raise


def permissions_of(nouns: Sequence[Noun]) -> PermissionRegistry:
    """Collect what the nouns say may be done; raises AccessError for what is said twice."""
    registry = PermissionRegistry()
    for noun in nouns:
        for what, verbs in noun.permissions.items():
            registry.declare(what, *verbs)
    return registry


def _build(
    settings: Settings, ground: Ground, *, changes: ChangeFeed, transactions: Transactions
) -> Hub:
    host, port = settings.broker_host or "127.0.0.1", settings.broker_port
    signer = PackSigner(settings.folder / "signing")
    answer_key = AnswerKey(settings.folder / "signing")
    secrets = EnrolmentFiles(
        settings.folder,
        BrokerAddress(host, port, Path(settings.broker_ca) if settings.broker_ca else None),
        own=not settings.broker_host,
        pack_key=lambda: signer.public,
        software_keys=settings.software_keys,
    )
    jobs = Jobs(ground.database, transactions, clock=ground.clock, changes=changes)
    ready = ReadyPacks(ground.database, ground.clock)
    desk = Desk(PackInForce(ready), CatalogueInForce())
    portal, terms = read_portal(settings)
    mail = mail_of(settings, ground.database)
    hooks, phones = WebPost(settings.inside_for_webhooks), WebPost(settings.inside_for_push)
    packs, watch_shadow = rulepacks.build(ground, transactions, signer, past=_past_orders())
    ground.put(KeptPapers(transactions, ground.clock))
    ground.put(
        parties.build(ground, transactions, jobs=jobs),
        imports.build(ground, transactions, desk, jobs=jobs),
        accounts.build(ground, transactions),
        products.build(ground, transactions),
        workdays.build(ground, transactions),
        targets.build(ground, transactions),
        stock.build(ground, transactions),
        people.build(ground, transactions, scope_of),
        packs,
        orders.build(ground, transactions, desk, jobs=jobs),
        *terminals.build(
            *(ground, transactions, secrets),
            key=answer_key,
            address=settings.public_url,
            software_keys=settings.software_keys,
        ),
        approvals.build(ground, transactions, desk, jobs=jobs),
        deliveries.build(ground, transactions, desk),
        invoices.build(ground, transactions, desk, jobs=jobs, host=portal, terms=terms),
        payments.build(ground, transactions, jobs=jobs),
        bank.build(ground, transactions),
        returns.build(ground, transactions, desk),
        partners.build(ground, transactions, jobs=jobs, mail=mail),
        webhooks.build(ground, transactions, jobs=jobs, web=hooks),
        claims.build(ground, transactions, desk),
        *field.build(ground, transactions, jobs=jobs),
        notices.build(ground, transactions, jobs=jobs, mail=mail, web=phones),
        *reports.build(ground, transactions, jobs=jobs, mail=mail),
        *assistant.build(ground, transactions, form_model_of(settings)),
        RetryJob(transactions, ground.clock),
        *_kept(ground, transactions, jobs),
    )
    ground.put(printing.build(ground, transactions, jobs=jobs))
    return Hub(
        settings, ground, changes, transactions, jobs, desk, ready, signer, answer_key, watch_shadow
    )


def _kept(ground: Ground, transactions: Transactions, jobs: Jobs) -> Sequence[object]:
    """Make what people keep beside the nouns, views of lists, drafts, notes and files; the audit.

    Files that no row names any more are taken away by jobs.
    """
    folders = KeptFolders(ground.folder)
    jobs.handle(CLEAR, folders.clear)
    return (
        Audit(ground.database, ground.clock, NOUNS, folders.check),
        Views(ground.database, transactions, ground.clock),
        Drafts(ground.database, transactions, ground.clock),
        Notes(transactions, ground.clock),
        Files(transactions, ground.clock, folders.of[RECORD_FILES]),
    )


def _past_orders() -> PastOrders:
    """Let rule packs look at the orders of the past, and at the warehouses that they name."""
    snapshots = StoredSnapshots()

    def newest(t: Transaction, most: int) -> Sequence[Question]:
        return past_orders.newest_orders(t.connection, most, scope=EVERYTHING)

    def after(
        t: Transaction, after: int, *, without: Sequence[int], most: int
    ) -> Sequence[Shadowed]:
        found = past_orders.orders_after(
            t.connection, after, without=without, most=most, snapshots=snapshots, scope=EVERYTHING
        )
        return [Shadowed(*one) for one in found]

    def last(t: Transaction) -> int:
        return past_orders.last_order(t.connection, scope=EVERYTHING)

    return PastOrders(newest, after, last, warehouse_codes)


def frame_of(hub: Hub, *, safe: SafePages | None = None) -> Frame:
    """Say what the hub's pages are made of; `safe` where it serves them over HTTPS itself."""
    return Frame(
        ground=hub.ground,
        nouns=NOUNS,
        find_session=hub.ground.part(PeopleActs).sign_in.find,
        find_token=hub.ground.part(PeopleActs).tokens.find,
        read_distributor=read_distributor,
        hosts=hub.settings.host_names | frozenset(safe.names if safe else ()),
        safe=safe,
    )


def build_wire(hub: Hub, *, http: str) -> TerminalActs:
    """Put together what a hub needs to serve terminals; `http` is where they fetch snapshots."""
    terms = LeaseTerms(hub.settings.lease_percent, hub.settings.lease_hours)
    _log.info("rule packs are signed for the key %s", hub.signer.public)
    return terminals.build_wire(
        hub.ground,
        hub.transactions,
        hub.desk,
        terms=terms,
        http=http,
        sign=hub.signer.sign,
        key=hub.answer_key,
        gstins=gstins_of_sellers,
    )
