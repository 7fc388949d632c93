"""What the terminal knows and has promised: its records, the open order, the outbox, the time."""

import os

from firmware.core.clocks import HubClock
from firmware.core.order import OpenOrder, order_of
from firmware.core.outbox import Outbox
from firmware.core.wire import log_bytes, uuid7
from firmware.fetched.software import Software
from firmware.flash.card import Card
from firmware.flash.catalogue import Catalogue
from firmware.flash.journal import Journal

_KEPT_REMARKS = 16


class Desk:
    """The one place that everybody works at. `reachable` says whether an order would be heard.

    `start` is a random id of this start: by it the hub tells boards on copies of one flash apart.
    After an OSError of the flash, or a full heap, `reload` reads all of it anew from what is really
    stored.
    """

    def __init__(self, board: "BaseBoard", settings: "Settings") -> None:
        self.board = board
        self.settings = settings
        self.journal = Journal(board.folder)
        self.clock = HubClock(self.journal.at_ms)
        self.start = self.new_id()
        self.card = Card(board.folder, self.new_id)
        self.card.enrol(settings.password)
        self.catalogue = Catalogue(board.folder)
        self.printer = "unknown"
        self.online = False
        self.hub_there = True
        self.remarks: list[tuple[str, bytes]] = []
        self.offer: Offer | None = None
        self.software = Software(board)
        self.copies: list[Slip | Report] = []
        self.asked: Asked | None = None
        self.queued_due: dict[int, int] = {}
        self._take_over()
        self.journal.begin(self.now_ms())
        for alarm in self.journal.alarms:
            self.remark("alarm", alarm, "found at the start")

    @property
    def reachable(self) -> bool:
        """Tell whether an order sent now would reach somebody, as far as is known."""
        return self.online and self.hub_there

    @property
    def payments(self) -> "Sequence[str]":
        """Give the ways to pay that this counter takes, the usual one first."""
        return self.journal.shop.get("payments") or ("credit", "cash", "advance")

    def reload(self) -> None:
        """Take what is on flash for the truth; it is, where a write has failed."""
        self.journal.load()
        self._take_over()

    def printer_is(self, state: str) -> None:
        """Know how the printer is, and tell who watches the board where that is news."""
        if state != self.printer:
            self.printer = state
            self.board.say("printer", state)

    def tell_waiting(self) -> None:
        """Tell who watches the board how many orders have no answer."""
        self.board.say("outbox", str(len(self.outbox)))

    def take_up_catalogue(self) -> None:
        """Use the newest tables."""
        self.catalogue = Catalogue(self.board.folder)

    def now_ms(self) -> int:
        """Tell the time by the hub's clock."""
        return self.clock.now_ms(self.board.ticks_ms())

    def new_id(self) -> str:
        """Make an id that nobody else has."""
        return uuid7(self.now_ms(), os.urandom(10))

    def envelope(self, *, ref: str = "", seq: int = 0) -> "dict[str, Any]":
        """Give what every message carries."""
        return {
            "id": self.new_id(),
            "term": self.settings.id,
            "boot": self.journal.boot,
            "seq": seq,
            "at": self.now_ms(),
            "ref": ref or None,
        }

    def remark(self, level: str, code: str, text: str, *, order: "str | None" = None) -> None:
        """Tell the hub something that a person should hear of; it waits for the link."""
        told = {"level": level, "code": code, "text": text[:400], "order": order}
        self.post("log", log_bytes(self.envelope(), told))
        self.board.say("warning", code + ": " + text)

    def post(self, kind: str, payload: bytes) -> None:
        """Put a message that may be lost into the queue; an old one goes where there are many."""
        self.remarks.append((kind, payload))
        if len(self.remarks) > _KEPT_REMARKS:
            self.remarks.pop(0)
        self.board.wake()

    def _take_over(self) -> None:
        self.order: OpenOrder = order_of(self.journal.events)
        self.outbox = Outbox(self.journal.waiting())
        for stored in self.journal.orders:
            # Stored, but the power went before the shop was told.
            if stored.is_waiting and stored.slip is None:
                self.queued_due.setdefault(stored.seq, 0)
        self.board.wake()
