"""Brings the machine to the software that its hub offers: fetched at rest, proven, tried."""

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from os import environ, statvfs
from pathlib import Path
from typing import Final

from broker.contract.messages import Snapshot
from broker.contract.software import (
    Manifest,
    SignedManifest,
    SoftwareError,
    UpdateSaid,
    UpdateState,
    read_manifest,
)
from terminal.app.settings import Settings
from terminal.app.snapshots import FetchError, Source, fetch
from terminal.app.update.child import prove_update, put_update
from terminal.app.update.manifest import ON_TRIAL, this_machine
from terminal.core.text import clean
from terminal.slots import PACKAGED, Slots, Software

_log = logging.getLogger(__name__)
RUNNING: Final = "ORDERWIRE_TERMINAL_SLOT"
"""Where the launcher says which slot was started."""
_LOOK_S: Final = 0.25
_FIRST_RETRY_S: Final = 2.0
_LAST_RETRY_S: Final = 300.0
_ROOM: Final = 5
"""So many times a bundle's size has to be free on the disk: it is kept and unpacked there."""
_MOST_TEXT: Final = 300

Progress = tuple[UpdateState, str, str]
"""How far it is, and as code and text why it does not go on."""


def running_slot() -> str:
    """Name the slot whose software this is."""
    return environ.get(RUNNING, PACKAGED)


@dataclass(slots=True)
class SoftwareKeeper:
    """Follows what the hub offers; what it started stays until `UpdateWatch` makes way for it.

    `hub` gives the address at which bundles are fetched, `password` by what. `on_news` has the hub
    told how far it is, `on_refused` is given the code and the text of what is not taken.
    """

    slots: Slots
    settings: Settings
    hub: Callable[[], str]
    password: Callable[[], str]
    is_at_rest: Callable[[], bool]
    on_news: Callable[[], None]
    on_refused: Callable[[str, str], None]
    leaving: bool = False
    running: str = field(default_factory=running_slot)
    _offer: SignedManifest | None = None
    _trouble: tuple[str, str] = ("", "")
    _refusal: SoftwareError | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, offer: SignedManifest | None) -> None:
        """Take what the hub offers now; what it takes back is not tried, unless it runs already.

        What was refused is proven anew where it is offered again, or under another signature.
        """
        before = self._offer
        if offer == before:
            return
        self._offer, self._trouble, self._refusal = offer, ("", ""), None
        awaited = self.slots.awaited
        if before is not None and awaited is not None and awaited.manifest == before.digest:
            self.slots.withdraw()
        self._wake.set()
        self.on_news()

    def hurry(self) -> None:
        """Try at once what did not come, instead of after the pause."""
        self._trouble = ("", "")
        self._wake.set()

    def said(self) -> UpdateSaid:
        """Say what runs here, and how far it is with what is offered."""
        state, code, text = self._progress()
        there = self.slots.software(self.running)
        machine, python = this_machine()
        return UpdateSaid(
            number=there.number if there else 0,
            machine=machine,
            python=python,
            manifest=self._offer.digest if self._offer else None,
            state=state,
            code=code or None,
            text=clean(text)[:_MOST_TEXT],
        )

    def held_by(self) -> tuple[str, str]:
        """Say as code and text why what is offered is not in use; two empty ones where it comes."""
        _, code, text = self._progress()
        return code, clean(text)[:_MOST_TEXT]

    def _progress(self) -> Progress:
        if self._offer is None:
            return "none", "", ""
        digest, state = self._offer.digest, self.slots.state()
        active = self.slots.software(state.active)
        if active is not None and active.manifest == digest:
            if state.proven:
                return "taken", "", ""
            return "trying" if self.leaving or state.starts else "waiting", "", ""
        if digest in state.refused:
            return "failed", "software_failed_here", state.refused[digest]
        if self._refusal is not None:
            return "refused", self._refusal.code, self._refusal.text
        return "fetching", *self._trouble

    async def run(self) -> None:
        """Fetch, prove and have tried what is offered, whenever that changes."""
        pause_s = _FIRST_RETRY_S
        while True:
            self._wake.clear()
            if self._offer is None or self._progress()[0] != "fetching":
                await self._wake.wait()
                continue
            if await self._take(self._offer):
                pause_s = _FIRST_RETRY_S
                continue
            try:
                async with asyncio.timeout(pause_s * random.uniform(0.5, 1)):  # noqa: S311  # jitter
                    await self._wake.wait()
                pause_s = _FIRST_RETRY_S
            except TimeoutError:
                pause_s = min(2 * pause_s, _LAST_RETRY_S)

    async def _take(self, offer: SignedManifest) -> bool:
        """Put an update into the free slot; False where another try may work."""
        try:
            found = await self._put(offer)
        except SoftwareError as error:
            if error.code == ON_TRIAL:
                return self._troubled(error.code, error.text)
            if self._offer != offer:
                return True  # another was offered meanwhile
            self._refusal = error
            _log.warning("the update that the hub offers is not taken: %s", error.text)
            self.on_refused(error.code, error.text)
            self.on_news()
            return True
        except (FetchError, ValueError) as error:
            return self._troubled("software_not_fetched", str(error))
        except OSError as error:
            return self._troubled("software_not_stored", str(error))
        if found is not None and self._offer == offer:
            self.slots.switch(*found, lambda _step: None)
            _log.info("software %s waits for the counter to rest", found[1].version)
        self.on_news()
        return True

    def _troubled(self, code: str, text: str) -> bool:
        """Take note of what keeps an update from coming; the hub hears of it once."""
        if self._trouble != (code, text):
            self._trouble = (code, text)
            _log.warning("the update that the hub offers does not come: %s", text)
            self.on_news()
        return False

    async def _put(self, offer: SignedManifest) -> tuple[str, Software] | None:
        """Give the slot in which an update is; None where the hub took it back meanwhile."""
        free = self.slots.free()
        there = self.slots.software(free)
        folder, keys = self.slots.folder, self.settings.software_keys
        await asyncio.to_thread(prove_update, offer, slots=folder, keys=keys)
        if there is not None and there.manifest == offer.digest:
            return free, there  # it was put there before the hub took it back for a while
        manifest = read_manifest(offer)
        part = folder / f"coming-{manifest.bundle}"
        self._make_room(part, manifest)
        if not await self._fetch(offer, manifest, part):
            return None
        await self._rest()
        found = await asyncio.to_thread(put_update, offer, part, slots=folder, keys=keys)
        part.unlink(missing_ok=True)
        return found

    def _make_room(self, part: Path, manifest: Manifest) -> None:
        """Drop what is left of other updates; raises OSError where the disk is too full."""
        part.parent.mkdir(parents=True, exist_ok=True)
        for one in part.parent.glob("coming-*"):
            if one != part:
                one.unlink(missing_ok=True)
        disk = statvfs(part.parent)
        free, needed = disk.f_bavail * disk.f_frsize, _ROOM * manifest.size
        if free < needed:
            raise OSError(f"{needed >> 20} MiB have to be free on the disk, {free >> 20} are")

    async def _fetch(self, offer: SignedManifest, manifest: Manifest, part: Path) -> bool:
        """Fetch a bundle while the counter rests; False where the hub took it back meanwhile."""
        source = Source(self.hub(), self.settings.id, self.password())
        address = f"/terminal/v1/software/{manifest.bundle}"
        wanted = Snapshot(hash=manifest.bundle, size=manifest.size)
        may_go_on = threading.Event()
        while self._offer == offer:
            await self._rest()
            may_go_on.set()
            fetching = asyncio.create_task(
                asyncio.to_thread(
                    fetch, source, address, part, wanted=wanted, goes_on=may_go_on.is_set
                )
            )
            try:
                while not fetching.done():
                    if not self.is_at_rest() or self._offer != offer:
                        may_go_on.clear()
                    await asyncio.wait({fetching}, timeout=_LOOK_S)
            finally:
                may_go_on.clear()
            if await fetching:
                return True
        return False

    async def _rest(self) -> None:
        """Wait until the counter rests: what comes must not slow a scan."""
        while True:
            if self.is_at_rest():
                return
            await asyncio.sleep(_LOOK_S)
