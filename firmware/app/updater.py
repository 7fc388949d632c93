"""Has an update fetched, and started when nothing is open; the code for it is loaded for that."""

from firmware import slots
from firmware.board.loading import let_go

_LONGEST_TRIAL_MS = 600_000
_LEFT_MS = 600_000
"""So long after its start a board keeps what it has of an update that nobody offers."""
_RESTED_MS = 60_000
_FOR_UPDATES = (
    "firmware.fetched.following",
    "firmware.fetched.updates",
    "firmware.fetched.signature",
    "firmware.fetched.fetching",
)


def offer_of(desk: "Desk", told: "dict[str, Any]") -> "Offer":
    """Read what is offered; raises ValueError where it is none or the distributor's key is not."""
    from firmware.fetched.updates import Offer

    keys = desk.settings.key + " " + desk.settings.software_key
    return Offer(told, keys, desk.board.feed_watchdog)


class Updater:
    """Has what was offered fetched, put in its place, and started when nothing is open.

    What was scanned is fetched at once, and starts with the next start, too. What the hub offers is
    fetched while the counter rests, may be taken back until it starts, and the hub hears how far it
    is. `manifest` is what was proven last, `again_ms` when what failed is tried again; until
    `_rested_ms` nothing is, as the heap or the flash was full.
    """

    def __init__(self, desk: "Desk") -> None:
        self.desk = desk
        self.is_chosen = False
        self.manifest: Manifest | None = None
        self.again_ms = 0
        self.pause_ms = self._rested_ms = 0
        self.may_have_part = True
        self._is_trusted = False

    @property
    def is_due(self) -> bool:
        """Tell whether the terminal is to start again now."""
        desk = self.desk
        if self.is_chosen:
            return self.rests()
        if self._is_trusted or desk.board.ticks_ms() < _LONGEST_TRIAL_MS:
            return False
        return "trial" in slots.state_of(desk.board.folder)

    def rests(self) -> bool:
        """Tell whether no order is open and no slip waits.

        An order just submitted waits for a slip: its answer's, or the one that says QUEUED.
        """
        desk = self.desk
        return not (desk.order.lines or desk.queued_due or desk.journal.count_slips())

    async def run(self) -> None:
        """Confirm the copy that runs once a broker has heard it, and take what is offered."""
        desk = self.desk
        while True:
            try:
                if desk.board.ticks_ms() >= self._rested_ms:
                    await self._step()
            except (OSError, MemoryError) as error:
                desk.board.say("warning", "updating: %r" % error)
                self._rested_ms = desk.board.ticks_ms() + _RESTED_MS
            await desk.board.sleep(5_000, "updates")

    async def _step(self) -> None:
        """Do what is due. Raises OSError."""
        desk = self.desk
        if desk.online and not self._is_trusted:
            slots.confirm(desk.board.folder)
            self._is_trusted = True
            desk.software.proven()
        if not self.is_chosen and (desk.offer is not None or self._may_go_on()):
            try:
                from firmware.fetched.following import go_on

                await go_on(self)
            finally:
                let_go(*_FOR_UPDATES)

    def _may_go_on(self) -> bool:
        """Tell whether something is to be done now for what the hub offers."""
        desk, now_ms = self.desk, self.desk.board.ticks_ms()
        if not desk.board.takes_updates or desk.card.halted or not self.rests():
            return False
        state = desk.software.state
        if state == "fetching":
            return now_ms >= self.again_ms or not self.is_proven()
        return state == "waiting" or (self.may_have_part and (state != "none" or now_ms > _LEFT_MS))

    def is_proven(self) -> bool:
        """Tell whether what is offered now was found to be signed, and for this board."""
        return self.manifest is not None and self.manifest.digest == self.desk.software.digest
