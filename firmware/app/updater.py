"""Has an update fetched, and started when nothing is open; the code for it is loaded for that."""

import asyncio

from firmware import slots
from firmware.board.loading import let_go

_LONGEST_TRIAL_MS = 600_000
_TOLD_S = 2
"""So long the hub is given to hear that an update is about to be tried."""
_FIRST_PAUSE_MS = 10_000
_LAST_PAUSE_MS = 600_000
_LEFT_MS = 600_000
"""So long after its start a board keeps what it has of an update that nobody offers."""
_FOR_UPDATES = (
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
    """Fetches what was offered, puts it in its place and has it started when nothing is open.

    What was scanned is fetched at once, and starts with the next start, too. What the hub offers is
    fetched while no order is open, may be taken back until it starts, and the hub hears how far it
    is.
    """

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._is_chosen = False
        self._is_trusted = False
        self._manifest: Manifest | None = None
        self._again_ms = 0
        self._pause_ms = _FIRST_PAUSE_MS
        self._may_have_part = True

    @property
    def is_due(self) -> bool:
        """Tell whether the terminal is to start again now."""
        desk = self._desk
        if self._is_chosen:
            return self._rests()
        if self._is_trusted or desk.board.ticks_ms() < _LONGEST_TRIAL_MS:
            return False
        return "trial" in slots.state_of(desk.board.folder)

    def _rests(self) -> bool:
        """Tell whether no order is open and no slip waits.

        An order just submitted waits for a slip: its answer's, or the one that says QUEUED.
        """
        desk = self._desk
        return not (desk.order.lines or desk.queued_due or desk.journal.count_slips())

    async def run(self) -> None:
        """Confirm the copy that runs once a broker has heard it, and take what is offered."""
        desk = self._desk
        while True:
            if desk.online and not self._is_trusted:
                slots.confirm(desk.board.folder)
                self._is_trusted = True
                desk.software.proven()
            if not self._is_chosen:
                if desk.offer is not None:
                    await self._scanned()
                elif desk.board.takes_updates and not desk.card.halted and self._rests():
                    await self._follow()
            await desk.board.sleep(5_000, "updates")

    async def _scanned(self) -> None:
        desk = self._desk
        offer, desk.offer = desk.offer, None
        from firmware.fetched.updates import Unfit, take

        try:
            await take(desk, offer)
            self._choose()
        except (OSError, ValueError, Unfit, asyncio.TimeoutError) as error:
            desk.remark("warning", "update_failed", "the update was not taken: %s" % error)
        let_go(*_FOR_UPDATES)

    def _choose(self) -> None:
        self._is_chosen = True
        self._desk.board.say("update", "it is started when no order is open")
        self._desk.board.wake()

    async def _follow(self) -> None:
        """Go on with what the hub offers."""
        desk = self._desk
        software, now_ms = desk.software, desk.board.ticks_ms()
        if software.state == "waiting":
            await self._start()
        elif software.state == "fetching":
            if now_ms >= self._again_ms or not self._is_proven():
                await self._bring()
        elif self._may_have_part and (software.state != "none" or now_ms > _LEFT_MS):
            from firmware.fetched.updates import drop_parts

            drop_parts(desk.board.folder)
            self._may_have_part = False
            let_go(*_FOR_UPDATES)

    async def _bring(self) -> None:
        """Prove the update that is offered, and put it in its place."""
        desk, offer = self._desk, self._desk.software.offer
        from firmware.fetched.updates import Manifest, Unfit, bring

        def goes_on() -> bool:
            return self._rests() and desk.software.offer is offer

        self._may_have_part = True
        state, code, text = "waiting", "", ""
        try:
            if not self._is_proven():
                self._pause_ms = _FIRST_PAUSE_MS
                self._manifest = Manifest(desk, offer)
            if not await bring(desk, self._manifest, goes_on):
                state = ""
        except Unfit as error:
            state, code, text = error.state, error.code, error.text
        let_go(*_FOR_UPDATES)
        if not state or desk.software.offer is not offer:
            return
        if state == "fetching":
            self._again_ms = desk.board.ticks_ms() + self._pause_ms
            self._pause_ms = min(2 * self._pause_ms, _LAST_PAUSE_MS)
        elif state != "waiting":
            desk.remark("alarm", code, "the update that the hub offers is not taken: " + text)
        desk.software.became(state, code, text)

    def _is_proven(self) -> bool:
        """Tell whether what is offered now was found to be signed, and for this board."""
        proven = self._manifest
        return proven is not None and proven.digest == self._desk.software.digest

    async def _start(self) -> None:
        """Have what waits started, unless somebody began to scan or it was taken back."""
        desk, manifest = self._desk, self._manifest
        desk.software.became("trying")
        await asyncio.sleep(_TOLD_S)
        if manifest is None or not self._is_proven():
            return
        if not self._rests():
            desk.software.became("waiting")
            return
        folder = desk.board.folder
        slots.choose(folder, slots.free_place(folder), manifest.bundle)
        self._choose()
