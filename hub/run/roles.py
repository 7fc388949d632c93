"""`run`: the hub with its pages, its intake and, unless told of another, its own broker."""

import argparse
import gc
import json
import logging
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

from pythonjsonlogger.json import JsonFormatter

from broker.contract import HubStatus, HubStatusData, encode
from broker.contract.address import BrokerAddress
from broker.embedded import (
    HUB_USER,
    BrokerPortError,
    BrokerStartError,
    Credentials,
    Door,
    FolderInUseError,
    KeptBroker,
    hold_folder,
    is_held,
)
from broker.link.hub_link import HubLink
from broker.tracing.sending import TraceSender
from hub.base.access import EVERYTHING
from hub.base.commands import CommandError, add_broker, add_folder, example
from hub.base.ids import new_id
from hub.base.jobs import JobRunner
from hub.base.limits.machine import raise_descriptor_limit
from hub.desk.assistant.reads.indexes import NameIndexes
from hub.desk.claims.acts import ClaimActs
from hub.desk.notices.acts import NoticeActs
from hub.desk.orders.acts import OrderActs
from hub.desk.parties.acts.note_address import note_address
from hub.desk.people.acts import PeopleActs
from hub.desk.reports.acts import ReportActs
from hub.desk.stock.acts import StockActs
from hub.desk.terminals.acts.software import SoftwareActs
from hub.desk.terminals.intake.intake import Intake
from hub.desk.webhooks.acts import WebhookActs
from hub.run.background import Background, Work
from hub.run.bootstrap import Hub, build_hub, build_wire, frame_of
from hub.run.config import Settings, settings_of
from hub.run.https.certificates import HttpsError, renewed, safe_pages
from hub.run.operating.discovery import Announcement
from hub.run.operating.figures import figures_of_intake, figures_of_jobs
from hub.run.operating.metrics import (
    Figure,
    MetricsServer,
    figure_of_health,
    figures_of_process,
)
from hub.run.operating.sharing import SharedShards
from hub.run.operating.supervision import Supervisor
from hub.web.app import create_app
from hub.web.serving.server import (
    THREADS,
    THREADS_BESIDE_ORDERS,
    SafePort,
    WebServer,
    WebServerError,
)

_log = logging.getLogger(__name__)

Role = Literal["all", "web", "intake", "jobs"]
"""What one process of a hub does."""

_SHOWS_PAGES: Final = frozenset({"all", "web"})
_TAKES_ORDERS: Final = frozenset({"all", "intake"})
_DOES_JOBS: Final = frozenset({"all", "jobs"})
_WATCH_S: Final = 0.5
_SWITCH_S: Final = 0.0001
"""How long a busy thread keeps the others waiting: each statement of an order would lose some of
Python's usual 5 ms while the network thread reads a flood, or others draw pages. While strangers
asked for a hundred pages at once, half of the orders took 25 ms at 0.5 ms, and 14 ms so."""
_GARBAGE: Final = 200_000
"""How many objects more are made than given back before Python looks for circles among them. The
orders of a group make none: at Python's usual 700 each of them was searched in vain."""
_CONNECT_S: Final = 15.0


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "run",
        help="serve terminals and pages until SIGTERM",
        description="Prints one line `ready {json}` once it serves; while nobody is there to sign "
        "in, another one with the address at which the hub is set up. Without --broker-host it "
        "starts its own broker on --broker-port. A hub may be several processes on one database: "
        "as many as you like that show pages (web) or do what orders do not wait for (jobs), and "
        "one that takes orders (intake). On PostgreSQL, with a broker of its own, these may be "
        "several, too, each with its own broker_user (hub-1, hub-2): they share the terminals.",
        epilog=example("run --data ./hub-files --http-port 8080"),
    )
    add_folder(parser)
    parser.add_argument("--role", choices=get_args(Role), default="all", help="what it does (all)")
    parser.add_argument("--http-host", metavar="HOST", help="where the pages are (127.0.0.1)")
    parser.add_argument("--http-port", metavar="PORT", help="their port (8080; 0: a free one)")
    parser.add_argument(
        "--metrics-port", metavar="PORT", help="where /metrics and /health of this process are"
    )
    add_broker(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    settings = settings_of(arguments)
    log_as_json(settings.log_level)
    sys.setswitchinterval(_SWITCH_S)
    gc.set_threshold(_GARBAGE)
    raise_descriptor_limit()
    supervisor = Supervisor.take()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    role: Role = arguments.role
    alone = role in _TAKES_ORDERS and not _may_be_several(settings)
    with ExitStack() as stack:
        if alone:
            _hold(settings.folder, "hub", stack)
        hub = build_hub(settings, starting=True, alone=alone)
        stack.callback(hub.close)
        _log.info("%s", hub.ground.database.durability())
        ready = {"role": role, "database": hub.ground.database.where}
        ready["durability"] = hub.ground.database.durability()
        broker = _open_broker(settings, stack) if role in _TAKES_ORDERS else None
        url = settings.public_url
        if role in _SHOWS_PAGES:
            ready["http"] = _show_pages(hub, stack, beside_orders=broker is not None)
            url = url or ready["http"]
            _announce(settings, url, stack)
        figures = [*figures_of_process()]
        if broker is not None:
            figures += _take_orders(hub, broker, http=url, stack=stack)
            ready["broker"] = f"{broker.address.host}:{broker.address.port}"
        if role in _DOES_JOBS:
            _do_jobs(hub, stack)
            figures += figures_of_jobs(hub.ground.database, hub.ground.clock, settings.folder)
        if settings.metrics_port:
            ready["metrics"] = _show_figures(hub, role, figures, stack=stack)
        hub.changes.start()
        stack.callback(hub.changes.stop)
        print(f"ready {json.dumps(ready)}", flush=True)
        if role in _SHOWS_PAGES:
            _offer_setup(hub, url)
        _serve(stopping, broker.own if broker else None, supervisor)
    return 0


class _Broker(NamedTuple):
    """The broker that terminals use; `own` is set where the hub has started it, and has a door."""

    own: KeptBroker | None
    address: BrokerAddress
    password: str
    keep_out: Callable[[str], bool] = lambda _: False


def _show_pages(hub: Hub, stack: ExitStack, *, beside_orders: bool) -> str:
    """Serve the pages; gives their address."""
    settings = hub.settings
    try:
        made = renewed(settings.folder, now_ms=hub.ground.clock.now_ms())
    except HttpsError as error:
        raise CommandError(str(error)) from error
    port = SafePort(settings.https_port, made.certificate, made.key) if made else None
    server = WebServer(
        create_app(frame_of(hub, safe=safe_pages(made, settings.https_port) if made else None)),
        host=settings.http_host,
        port=settings.http_port,
        proxies=settings.proxies,
        safe=port,
        threads=THREADS_BESIDE_ORDERS if beside_orders else THREADS,
    )
    try:
        url = server.start()
    except WebServerError as error:
        raise CommandError(f"{error}; --http-port names another") from error
    if server.safe_address:
        _log.info("the pages are at %s as well", server.safe_address)
    stack.callback(server.stop)
    note_address(hub.transactions, url, now_ms=hub.ground.clock.now_ms())
    hub.ground.part(NameIndexes).begin(scope=EVERYTHING)
    return url


def _announce(settings: Settings, url: str, stack: ExitStack) -> None:
    """Say in the network where the hub is, where that is allowed; it serves without it too."""
    if settings.discovery != "yes":
        return
    try:
        announcement = Announcement(url)
    except (ImportError, OSError) as error:
        _log.warning("devices do not find the hub by themselves: %s", error)
        return
    stack.callback(announcement.close)


def _offer_setup(hub: Hub, url: str) -> None:
    """Tell who started a hub that has no user where it is set up, with a word that works once."""
    word = hub.ground.part(PeopleActs).first.make_word()
    if word is not None:
        print(f"set this hub up at {url}/setup?word={word}", flush=True)


def _show_figures(hub: Hub, role: str, figures: Sequence[Figure], *, stack: ExitStack) -> str:
    """Serve this process's figures and health; gives their address."""
    settings, ground = hub.settings, hub.ground

    def faults() -> list[str]:
        answers = ground.database.answers()
        return [*([] if answers else ["the database does not answer"]), *ground.health()]

    server = MetricsServer(role, [*figures, figure_of_health(faults)], faults)
    stack.callback(server.stop)
    return server.start(settings.metrics_host, settings.metrics_port)


def _take_orders(hub: Hub, broker: _Broker, *, http: str, stack: ExitStack) -> list[Figure]:
    """Serve terminals and give their figures; `http` is where they fetch snapshots."""
    if not http:
        raise CommandError(
            "terminals have to be told where the pages are, which are not served here: "
            "set public_url in hub.toml"
        )
    shared = _may_be_several(hub.settings)
    intake = Intake(
        build_wire(hub, http=http),
        is_ours=lambda name: not shared or shards.has(name),
        keep_out=broker.keep_out,
        spans=_open_traces(hub.settings, stack),
    )
    link = _link(hub, broker, intake=intake, shared=shared)
    shards = SharedShards(hub.ground.database, link)
    intake.start(link)
    if shared:
        shards.share()  # first: who is connected hears its terminals
    link.start()
    stack.callback(link.stop)
    if shared:
        shards.start()
        stack.callback(shards.stop)
    stack.callback(intake.stop)  # first: what it has committed can still be published
    hub.ground.health = lambda: _faults(intake, link)
    link.connected.wait(_CONNECT_S)
    return figures_of_intake(intake, link, shards if shared else None)


def _open_traces(settings: Settings, stack: ExitStack) -> TraceSender | None:
    """Have the steps of orders told to a collector, where one is named."""
    if not settings.traces_url:
        return None
    name = settings.broker_user
    sender = TraceSender(settings.traces_url, service="orderwire-hub", instance=name)
    sender.start()
    stack.callback(sender.stop)
    return sender


def _do_jobs(hub: Hub, stack: ExitStack) -> None:
    """Do what no order waits for: jobs, drafts in shadow, packs compiled ahead, sums folded.

    Stock is watched for what became low, terminals for who did not come back from an update, mails
    of reports and notices for what a fast clock planned, and old messages to other programs are
    deleted. Of
    invoices of before there were claims, what schemes gave is read.
    """
    part = hub.ground.part
    works: list[Work] = [part(OrderActs).fold, part(OrderActs).keep, part(ClaimActs).gather]
    works += [part(StockActs).watch, part(WebhookActs).forget, part(SoftwareActs).watch]
    works += [part(ReportActs).replan, part(NoticeActs).replan]
    background = Background([hub.ready.compile_next, hub.watch_shadow, *works])
    runner = JobRunner(hub.jobs, hub.changes)
    background.start()
    stack.callback(background.stop)
    runner.start()
    stack.callback(runner.stop)


def _hold(folder: Path, program: str, stack: ExitStack) -> None:
    """Keep the folder to this program before anything in it is written."""
    try:
        stack.enter_context(hold_folder(folder, program))
    except FolderInUseError as error:
        raise CommandError(f"{error}: stop it first, or name another folder with --data") from error
    except OSError as error:
        raise CommandError(
            f"cannot write to {folder} ({error.strerror}): name another folder with --data"
        ) from error


def log_as_json(level: str) -> None:
    """Write logs as one JSON object a line to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _open_broker(settings: Settings, stack: ExitStack) -> _Broker:
    """Start the hub's own broker, or name the one it was told of."""
    folder = settings.folder / "broker"
    if settings.broker_host:
        renew_access(folder)
        ca_file = Path(settings.broker_ca) if settings.broker_ca else None
        address = BrokerAddress(settings.broker_host, settings.broker_port, ca_file)
        # `broker run` on these files heeds by itself; any other broker has passwords of its own.
        door = _open_door(folder, lambda: None, stack, serves=lambda: is_held(folder, "broker"))
        return _Broker(None, address, settings.broker_password, door.keep_out)
    _hold(folder, "broker", stack)
    password = secrets.token_urlsafe(32)
    Credentials(folder).set(HUB_USER, password)
    try:
        broker = KeptBroker(folder, port=settings.broker_port, kind=settings.broker_kind)  # type: ignore[arg-type]
    except BrokerPortError as error:
        raise CommandError(f"{error}; --broker-port names another") from error
    except BrokerStartError as error:
        raise CommandError(str(error)) from error
    stack.callback(broker.stop)
    _log.info("started %s", broker.describe())
    door = _open_door(folder, broker.heed, stack)
    return _Broker(broker, broker.address, password, door.keep_out)


def _open_door(
    folder: Path,
    heed: Callable[[], None],
    stack: ExitStack,
    *,
    serves: Callable[[], bool] = lambda: True,
) -> Door:
    """Have whoever floods the broker on these files kept out for a while."""
    door = Door(Credentials(folder), heed, serves=serves)
    door.start()
    stack.callback(door.stop)
    return door


def renew_access(folder: Path) -> None:
    """Bring the access file of a broker that another started to this version, and say so."""
    if not (folder / "acl").exists():
        return  # that broker has its own: the hub says so where a terminal is kept from giving back
    if Credentials(folder).renew():
        _log.warning(
            "%s was written by an earlier version, which did not let terminals write all that they "
            "do now (up/kept, up/ask): it is written anew. Have the broker read it again, for "
            "example by SIGHUP",
            folder / "acl",
        )


def _may_be_several(settings: Settings) -> bool:
    """Tell whether several processes may take orders: on a database server, and another's broker.

    The hub's own broker has one hub, and one process writes to SQLite.
    """
    return settings.database_file is None and bool(settings.broker_host)


def _link(hub: Hub, broker: _Broker, *, intake: Intake, shared: bool) -> HubLink:
    """Prepare the link; hub/status says online while it is up."""

    def status(state: str) -> bytes:
        now_ms = hub.ground.clock.now_ms()
        data = HubStatusData(state="online" if state == "online" else "offline")
        return encode(
            HubStatus(id=new_id(now_ms), term="hub", boot=hub.ground.boot, at=now_ms, data=data)
        )

    return HubLink(
        broker.address,
        user=hub.settings.broker_user,
        password=broker.password,
        client_id=hub.settings.broker_user,
        birth=lambda: status("online"),
        will=lambda: status("offline"),
        on_up=intake.deliver,
        on_muted=intake.passed_over,
        shared=shared,
    )


def _faults(intake: Intake, link: HubLink) -> list[str]:
    """Say what keeps the hub from taking orders; empty while nothing does."""
    faults = []
    if not link.connected.is_set():
        faults.append("the broker is not connected")
    if not intake.alive:
        faults.append("the intake has stopped")
    if intake.fault is not None:
        faults.append(f"the last work failed and is tried again: {intake.fault}")
    return faults


def _serve(stopping: threading.Event, broker: KeptBroker | None, supervisor: Supervisor) -> None:
    """Wait for the end; meanwhile tend the hub's own broker, which hears so who came or went."""
    supervisor.serves()
    while not stopping.wait(_WATCH_S):
        supervisor.turns()
        if broker is not None:
            broker.tend()
    supervisor.ends()
    _log.info("stopping")
