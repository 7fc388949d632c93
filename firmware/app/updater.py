"""Has an update fetched, and started when nothing is open; the code for it is loaded for that."""

import asyncio

from firmware import slots
from firmware.board.loading import let_go

_LONGEST_TRIAL_MS = 600_000
_FOR_UPDATES = (
    "firmware.fetched.updates",
    "firmware.fetched.signature",
    "firmware.fetched.fetching",
)


def offer_of(desk: "Desk", told: "dict[str, Any]") -> "Offer":
    """Read what is offered; raises ValueError where it is none or the distributor's key is not."""
    from firmware.fetched.updates import Offer

    return Offer(told, desk.settings.key, desk.board.feed_watchdog)


class Updater:
    """Fetches what was offered, puts it in its place and has it started when nothing is open."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._ready = False
        self._is_trusted = False

    @property
    def is_due(self) -> bool:
        """Tell whether the terminal is to start again now: no order is open, no slip waits.

        An order just submitted waits for a slip: its answer's, or the one that says QUEUED.
        """
        desk = self._desk
        if self._ready:
            waits = desk.queued_due or desk.journal.count_slips()
            return not desk.order.lines and not waits
        if self._is_trusted or desk.board.ticks_ms() < _LONGEST_TRIAL_MS:
            return False
        return "trial" in slots.state_of(desk.board.folder)

    async def run(self) -> None:
        """Confirm the copy that runs once a broker has heard it, and take what is offered."""
        desk = self._desk
        while True:
            if desk.online and not self._is_trusted:
                slots.confirm(desk.board.folder)
                self._is_trusted = True
            if desk.offer is not None and not self._ready:
                offer, desk.offer = desk.offer, None
                try:
                    await self._take(offer)
                except (OSError, ValueError, asyncio.TimeoutError) as error:
                    desk.remark("warning", "update_failed", "the update was not taken: %s" % error)
                let_go(*_FOR_UPDATES)
            await desk.board.sleep(5_000, "updates")

    async def _take(self, offer: "Offer") -> None:
        from firmware.fetched.updates import take

        await take(self._desk, offer)
        self._ready = True
        self._desk.board.say("update", "it is started when no order is open")
        self._desk.board.wake()
