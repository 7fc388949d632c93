"""One terminal, put together and run: everything it does is a task of `Terminal.run`."""

import asyncio
import logging
import random
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Final, Literal

from broker.contract.cards import OperatorCard
from broker.contract.enrolment import is_claim
from broker.contract.topics import up
from broker.link import LinkChange, LinkDown
from terminal.app.board import Board
from terminal.app.cards import Operators
from terminal.app.counter import Counter
from terminal.app.diagnosis import Diagnoses, standing_of
from terminal.app.disk import DiskWatch, is_of_disk, open_store
from terminal.app.enrolment.broker_line import LinkEnds, LinkMaker, mqtt_link
from terminal.app.enrolment.passwords import Passwords
from terminal.app.enrolment.rotation import Rotations
from terminal.app.enrolment.scanned import ClaimScannedError, leaves_of
from terminal.app.knowledge import Hashes, Knowledge
from terminal.app.machine.desk import MachineDesk
from terminal.app.postbox import Link, Postbox
from terminal.app.printing import SlipPrinter
from terminal.app.questions import Asks, Questions
from terminal.app.settings import Settings
from terminal.app.slips import SlipDesk
from terminal.app.snapshots import SnapshotKeeper
from terminal.app.status import write_status
from terminal.app.update.updates import Updates, updates_of
from terminal.app.update.watch import SwitchDueError
from terminal.core.codes import typed
from terminal.core.ports import Clock, Encoder, Printer, Scanner, Signals
from terminal.core.screen import Screen
from terminal.core.words import Voice, said
from terminal.devices.clock import SystemClock
from terminal.devices.encoding import EncoderProcess
from terminal.devices.wifi import NetworkManager
from terminal.page import Page
from terminal.store import Store
from terminal.store.catalogue import CatalogueError
from terminal.store.records import SpoolJob

_log = logging.getLogger(__name__)
_PAUSE_S: Final = 2.0


class Terminal:
    """A counter terminal on the given devices; its records are in `settings.data`.

    `ready` is set once codes can be scanned, `page_url` is then where its page is. Its run ends
    without a slip where `switch_is_due`: other software is to be started.
    """

    _said: tuple[Hashes, int] | None = None
    """What was said last of what a config may change."""

    def __init__(
        self,
        settings: Settings,
        *,
        scanner: Scanner,
        printer: Printer,
        signals: Signals,
        clock: Clock | None = None,
        encoder: Encoder | None = None,
        make_link: LinkMaker = mqtt_link,
        store: Store | None = None,
        takes_claims: bool = False,
        passwords: Passwords | None = None,
    ) -> None:
        """Put the parts together; a `store` that is open already becomes the terminal's own.

        Without one it is opened here: raises StoreInUseError, and OSError or sqlite3.Error. One
        that `takes_claims` ends its run by an enrolment slip that is scanned. `passwords` are those
        that took the place of the settings' own.
        """
        self.settings = settings
        self.ready = asyncio.Event()
        self.page_url: str | None = None
        self.switch_is_due = False
        self._clock = clock or SystemClock()
        self._scanner = scanner
        self._printer = printer
        self._make_link = make_link
        self._status_wanted = asyncio.Event()
        self._takes_claims = takes_claims
        self._claims: asyncio.Queue[str] = asyncio.Queue()
        self.store = store or open_store(settings, self._clock)
        self.store.enrol(settings.password)
        self._passwords = passwords or Passwords(settings.password)
        voice = Voice(settings.language)
        self._knowledge = Knowledge(self.store, self._clock, settings.id, voice=voice)
        self._board = Board(settings.id, self.store, self._knowledge, signals)
        self._slips = self._make_slips()
        columns = self.store.columns
        self._encoder = encoder or EncoderProcess(settings.printer.profile, columns=columns)
        self._spooler = SlipPrinter(self.store, self._board, printer=printer, encoder=self._encoder)
        self._postbox = Postbox(
            settings.id,
            self.store,
            knowledge=self._knowledge,
            board=self._board,
            slips=self._slips,
            clock=self._clock,
            jitter=random.random,
        )
        self._asks = self._make_asks()
        self._counter = self._make_counter()
        self._snapshots = SnapshotKeeper(self._knowledge, settings, self._passwords)
        self._disk = DiskWatch(self.store, self._board)
        self._updates: Updates | None = None
        self._updates = self._make_updates()
        self._diagnoses, self._rotations = self._make_asked()
        self._connect_parts()

    @property
    def screen(self) -> Screen:
        """What a person at the counter would see now."""
        return self._board.screen

    def scan(self, code: str) -> None:
        """Take a code as if the scanner had read it; commands may miss their prefix."""
        self._handle(typed(code))

    async def run(self) -> str:
        """Run until cancelled, or until an enrolment slip is scanned between two orders: gives it.

        Nothing is lost by that: what is not sent yet waits in the records.
        """
        link = self._make_link(
            self.settings,
            LinkEnds(
                birth=lambda: self._status("online"),
                will=lambda: self._status("offline"),
                on_message=self._deliver,
                on_change=self._link_changed,
                passwords=self._passwords,
            ),
        )
        claims: list[str] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._serve_page(tasks)
                self._report_start()
                if self.store.orders.count_waiting():
                    self._spooler.warm()
                tasks.create_task(self._scan_loop(), name="scan")
                tasks.create_task(self._end_by_claim(), name="claims")
                if self._updates is not None:
                    tasks.create_task(self._updates.watch.run(), name="updates")
                    coming = self._kept_up("software", self._updates.keeper.run)
                    tasks.create_task(coming, name="software")
                for name, work in {
                    "slips": self._slips.run,
                    "questions": self._asks.run,
                    "printing": self._spooler.run,
                    "postbox": lambda: self._postbox.run(link),
                    "snapshots": self._snapshots.run,
                    "heartbeat": lambda: self._heartbeat(link),
                    "disk": self._disk.run,
                    "diagnosis": self._diagnoses.run,
                    "password": self._rotations.run,
                    "link": lambda: self._postbox.keep_linked(link),
                }.items():
                    tasks.create_task(self._kept_up(name, work), name=name)
                # One turn of the loop, in which the scan loop opens its scanner: what is scanned
                # before that is dropped as old.
                await asyncio.sleep(0)
                self.ready.set()
                # Another, in which whoever waits for `ready` says so before the counter speaks.
                await asyncio.sleep(0)
                self._counter.greet()
        except* ClaimScannedError as scanned:
            claims += [str(one) for one in leaves_of(scanned)]
        except* SwitchDueError:
            self.switch_is_due = True
        finally:
            self.store.close()
            await self._printer.aclose()
            await self._encoder.aclose()
        return "" if self.switch_is_due else claims[0]

    def _make_updates(self) -> Updates | None:
        """Make updates; the counter rests while no order is open and no slip comes."""
        return updates_of(
            self.settings,
            self._knowledge,
            self._passwords,
            is_at_rest=lambda: self._counter.is_at_rest and not self.store.spool.is_under_way(),
            is_well=self.ready.is_set,
            remark=self._postbox.remark,
            on_news=self._software_news,
        )

    def _software_news(self) -> None:
        """Tell hub and counter how far an update is, and why one is not in use."""
        if self._updates is not None:
            code, text = self._updates.keeper.held_by()
            voice = self._knowledge.voice
            self._board.software_hold = voice.known(f"software.{code}", text) if code else ""
            self._board.refresh()
        self._status_wanted.set()

    def _make_asked(self) -> tuple[Diagnoses, Rotations]:
        """Make what does what the hub asks for: to tell of itself, to change the password."""
        name, passwords = self.settings.id, self._passwords
        diagnoses = Diagnoses(
            self.settings,
            lambda: passwords.current,
            self._clock,
            lambda: standing_of(self.store, self._board, self._clock),
            self._postbox.give,
        )
        return diagnoses, Rotations(name, passwords, self._knowledge.hub, self._postbox.relink)

    def _make_slips(self) -> SlipDesk:
        return SlipDesk(
            self.store,
            self._knowledge,
            self._clock,
            grace_ms=round(self.settings.queued_after_s * 1000),
            opens_drawer=self.settings.printer.drawer == "cash",
        )

    def _make_asks(self) -> Asks:
        return Asks(
            self.store,
            knowledge=self._knowledge,
            board=self._board,
            slips=self._slips,
            clock=self._clock,
            patience_ms=round(self.settings.queued_after_s * 1000),
        )

    def _make_counter(self) -> Counter:
        questions = Questions(
            self.store,
            knowledge=self._knowledge,
            board=self._board,
            slips=self._slips,
            asks=self._asks,
            machine=MachineDesk(
                self.store,
                knowledge=self._knowledge,
                board=self._board,
                network=NetworkManager(),
                updates=lambda: self._updates,
            ),
        )
        operators = Operators(
            self.store, knowledge=self._knowledge, board=self._board, clock=self._clock
        )
        operators.on_locked = self._card_locked
        return Counter(
            self.settings.id,
            self.store,
            knowledge=self._knowledge,
            board=self._board,
            slips=self._slips,
            questions=questions,
            operators=operators,
        )

    def _connect_parts(self) -> None:
        self._slips.on_spooled = self._spooler.wake
        self._counter.on_submitted = self._postbox.submitted
        self._counter.on_first_scan = self._spooler.warm
        self._counter.on_boundary = self._take_up
        self._counter.on_disk = self._disk.failed
        self._counter.on_catalogue = self._catalogue_damaged
        self._disk.on_well = self._disk_well
        self._snapshots.on_offered = self._take_up
        self._snapshots.on_trouble = self._snapshots_trouble
        self._snapshots.on_bad = lambda code, text: self._postbox.remark("alarm", code, text)
        self._postbox.on_config = self._config_came
        self._postbox.on_doubt = self._status_wanted.set
        self._postbox.on_copied = self._copied
        self._postbox.on_reply = self._asks.replied
        self._postbox.on_unreachable = self._asks.line_lost
        self._asks.send = self._postbox.ask
        self._spooler.on_unknown = self._print_unknown
        self._software_news()

    def _deliver(self, topic: str, payload: bytes) -> None:
        """Take in a message; the hub sends one again that the disk did not take."""
        try:
            self._postbox.deliver(topic, payload)
        except (sqlite3.Error, OSError) as error:
            self._disk.failed(error)
        except CatalogueError as error:
            self._catalogue_damaged(error)

    def _link_changed(self, change: LinkChange) -> None:
        self._postbox.link_changed(change)
        if change.online:
            self._rotations.linked()

    def _disk_well(self) -> None:
        """Go on where the disk held things up."""
        self._spooler.wake()
        self._snapshots.wake()
        self._status_wanted.set()

    def _settle_troubles(self) -> None:
        """Take off the screen what was damaged and has come anew."""
        config = self._knowledge.config
        if self._knowledge.has_catalogue:
            self._board.over("catalogue")
        if config is not None and self._knowledge.hashes().pack == config.pack.hash:
            self._board.over("pack")

    def _snapshots_trouble(self, is_of_disk: bool) -> None:  # noqa: FBT001  # a callback's only word
        """Say that a new catalogue or pack cannot be stored, until it could be."""
        if is_of_disk:
            self._board.trouble("snapshots", said("trouble.snapshots"))
        else:
            self._board.over("snapshots")

    def _catalogue_damaged(self, error: CatalogueError) -> None:
        """Have a damaged catalogue fetched again, and say so."""
        _log.error("%s", error)
        self.store.drop_catalogue()
        self._board.trouble("catalogue", said("trouble.catalogue"))
        self._postbox.remark("alarm", "catalogue_damaged", str(error))
        self._snapshots.wake()

    def _take_up(self) -> None:
        """Use a new catalogue or pack, where no order is open; tell of one that is held."""
        hold = self._board.screen.pack_hold
        if self._counter.is_idle:
            self._knowledge.packs.rest()
        if self._counter.is_idle and self._knowledge.between_orders():
            _log.info("new catalogue or rules in use")
            self._settle_troubles()
            if self._board.screen.tone != "done":
                self._counter.greet()
            self._snapshots.wake()
            self._status_wanted.set()
        self._board.refresh()
        if self._board.screen.pack_hold != hold:
            self._status_wanted.set()

    def _config_came(self) -> None:
        """Use what the hub set; say so where it changes what was said of this terminal last.

        The hub sends it again for each status that lacks something: to answer each would not end
        before a new pack is proved.
        """
        config = self._knowledge.config
        self._diagnoses.want(config.diagnosis if config else None)
        self._rotations.want(config.rotation if config else None)
        if self._updates is not None and config is not None:
            self._updates.keeper.want(config.software)
        self._snapshots.wake()
        self._counter.settle()
        self._counter.reprice()
        if self._said != self._in_use():
            self._status_wanted.set()

    def _copied(self) -> None:
        """Say that another machine runs under this terminal's id, and which of the two stops."""
        is_new = "copied" not in self._board.troubles
        self._board.trouble(
            "copied", said("trouble.halted" if self.store.halted else "trouble.copied")
        )
        if is_new:
            _log.error("another machine runs as this terminal", extra={"halted": self.store.halted})
            self._board.signals.beep("error")
        self._status_wanted.set()

    def _card_locked(self, card: OperatorCard) -> None:
        """Tell the hub that somebody tried PINs."""
        text = f"Card {card.card} of {card.name} is locked for a while: three wrong PINs in a row"
        self._postbox.remark("warning", "operator_locked", text)

    def _print_unknown(self, job: SpoolJob) -> None:
        text = "A slip may not have been printed; a copy of it can be"
        self._postbox.remark("warning", "print_unknown", text, order=job.order_id)

    def _report_start(self) -> None:
        """Say what went wrong before this start, loudly: to the log and to the hub."""
        store = self.store
        _log.info("terminal starts", extra={"boot": store.boot, "durability": store.durability})
        if store.moved_to is not None:
            newest = f", the newest {store.salvaged[-1]}" if store.salvaged else ""
            text = (
                f"The records were damaged and put aside as {store.moved_to.name}; an order that"
                f" was open is lost. {len(store.salvaged)} submitted orders without an answer were"
                f" read out of them and are sent{newest}; others must be looked for at the hub"
            )
            self._postbox.remark("alarm", "records_damaged", text)
            self._board.trouble("records", said("trouble.records", name=store.moved_to.name))
        for number in store.unreadable:
            self._board.trouble(f"order {number}", said("trouble.order", number=number))
            text = f"Order {number} cannot be read at the terminal and was put aside"
            self._postbox.remark("alarm", "order_unreadable", text)
        if store.halted:
            self._copied()
        if store.slips_given_up:
            text = f"{store.slips_given_up} slips were on their way to the printer at a stop"
            self._postbox.remark("warning", "print_unknown", text)
        if self._knowledge.packs.fault:
            self._postbox.remark("alarm", "pack_unreadable", self._knowledge.packs.fault)
            self._board.trouble("pack", said("trouble.pack"))
        if store.catalogue_hash() and not self._knowledge.has_catalogue:
            self._catalogue_damaged(CatalogueError("the catalogue was damaged or gone"))

    async def _scan_loop(self) -> None:
        while True:
            try:
                code = await self._scanner.read()
            except EOFError:
                _log.info("the scanner is at its end")
                return
            self._handle(code)

    def _handle(self, code: str) -> None:
        """Take a code; an enrolment slip ends the run, and waits while an order is open."""
        if not (self._takes_claims and is_claim(code)):
            self._counter.handle(code)
        elif self._counter.is_idle:
            self._claims.put_nowait(code)
        else:
            self._board.tell(said("enrol.order_open"), "error")

    async def _end_by_claim(self) -> None:
        raise ClaimScannedError(await self._claims.get())

    async def _serve_page(self, tasks: asyncio.TaskGroup) -> None:
        wanted = self.settings.page
        if not wanted.port:
            return
        page = Page(screen=lambda: self._board.screen, scan=self.scan)
        try:
            self.page_url = await page.open(wanted.host, wanted.port)
        except OSError as error:
            # The page is a comfort; scanner and printer sell without it.
            self._postbox.remark("warning", "page_failed", f"the page cannot be served: {error}")
            return
        tasks.create_task(page.serve(), name="page")

    async def _kept_up(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin again where a part failed: a full disk may be cleared; the counter goes on."""
        while True:
            try:
                return await work()
            except CatalogueError as error:
                self._catalogue_damaged(error)
            except Exception as error:  # noqa: BLE001  # one part must not end the others
                if is_of_disk(error):
                    self._disk.failed(error)
                _log.warning("%s stopped and begins again", name, exc_info=error)
            await asyncio.sleep(_PAUSE_S)

    async def _heartbeat(self, link: Link) -> None:
        """Tell the hub how the terminal is; some brokers never deliver a will."""
        topic = up(self.settings.id, "status")
        while True:
            try:
                async with asyncio.timeout(self.settings.heartbeat_s):
                    await self._status_wanted.wait()
            except TimeoutError:
                self._take_up()  # a pack may have waited for this day
                self._let_go()
                self._counter.settle()
            # Cleared before it is sent: what changes during the sending is then sent as well.
            self._status_wanted.clear()
            try:
                await link.publish(topic, self._status("online"), retain=True)
            except LinkDown:
                continue  # the birth of the next connection says it all

    def _let_go(self) -> None:
        """Let go of what is older than it has to be; never by a clock that nobody has set."""
        now = self._knowledge.now()
        gone = self.store.let_go(now.at_ms) if now.trusted and self._counter.is_idle else 0
        if gone:
            _log.info("%d old orders are kept by the hub alone from now on", gone)

    def _in_use(self) -> tuple[Hashes, int]:
        """Name what a config may change of a status."""
        return self._knowledge.hashes(), self.store.numbered_to()

    def _status(self, state: Literal["online", "offline"]) -> bytes:
        if state == "online":
            self._said = self._in_use()
        return write_status(
            state,
            self.settings,
            store=self.store,
            knowledge=self._knowledge,
            board=self._board,
            update=self._updates.keeper.said() if self._updates else None,
            rotates=self._passwords.rotates,
        )
