"""The minutes in which a device becomes a terminal: what is scanned, asked, shown and printed."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from broker.contract.enrolment import Claim, ClaimError, pair_number, read_claim
from terminal.app.enrolment.discovery import find_hubs
from terminal.app.enrolment.exchange import EnrolmentRefusedError, ask_hub, asked_with
from terminal.app.enrolment.kept import draft_for, keep
from terminal.app.enrolment.posting import HubUnreachedError
from terminal.app.machine.network import join_network
from terminal.app.settings import Settings
from terminal.core.codes import CommandRead, WifiRead, read_code
from terminal.core.fate import Light, Tone
from terminal.core.layout import Row
from terminal.core.ports import Network, Scanner, Signals
from terminal.core.screen import Screen
from terminal.core.text import clean
from terminal.core.words import Said, Voice, said
from terminal.devices.wifi import NetworkManager
from terminal.page import Page

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 3.0
"""How long a device waits before it asks again, for a person's approval or for the line."""
_LIGHTS: Final[Mapping[Tone, Light]] = {"ok": "amber", "done": "green", "error": "red"}

_OF_ANOTHER_HUB: Final = frozenset(
    {"enrol.claim_unknown", "enrol.not_the_hub", "enrol.no_hub_there"}
)
"""What those in the network say who did not make the slip."""
PrintRows = Callable[[Sequence[Row]], Awaitable[None]]


class EnrolmentEndedError(Exception):
    """No code can come any more, and the device is not enrolled."""


@dataclass(slots=True)
class EnrolmentDesk:
    """Enrols this device; what the hub tells is kept in the file `enrolled`.

    It has to be `open`. `print_rows` prints a slip, or tries to: with a scanner and a printer
    alone, it is all that a person reads. `again_s` is the pause between two questions.
    """

    settings: Settings
    enrolled: Path
    signals: Signals
    print_rows: PrintRows
    again_s: float = _AGAIN_S
    network: Network = field(default_factory=NetworkManager)
    screen: Screen = field(init=False)
    _told: Said | None = field(init=False, default=None)
    _codes: "asyncio.Queue[str | None]" = field(init=False)
    _slips: "asyncio.Queue[Sequence[Row] | None]" = field(init=False)
    _joining: asyncio.Task[None] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._codes = asyncio.Queue()
        self._slips = asyncio.Queue()
        self.screen = Screen(terminal=self.settings.id, language=self.settings.language)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Print what is said meanwhile, one slip after the other; the last is out at the end."""
        printing = asyncio.create_task(self._print_all())
        try:
            yield
            self._slips.put_nowait(None)
            await printing
        finally:
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)

    async def wait_for_slip(self, scanner: Scanner) -> None:
        """Enrol the device by whatever slip is scanned, or typed on the page.

        Raises EnrolmentEndedError where no code can come any more, ClaimNotKeptError.
        """
        reading = asyncio.create_task(self._read(scanner))
        async with self._page():
            try:
                self._say(said("enrol.scan"), "error")
                while (code := await self._codes.get()) is not None:
                    if await self.take(code, patient=True):
                        return
                raise EnrolmentEndedError(self.screen.said)
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def take(self, code: str, *, patient: bool) -> bool:
        """Enrol the device by a claim that was scanned; False where that did not come about.

        A `patient` device asks until somebody approves it, or another slip comes. Who scans is
        always answered, also where the same was said before. Raises ClaimNotKeptError.
        """
        self._told = None
        try:
            claim = read_claim(code)
        except ClaimError as error:
            self._refuse(error)
            return False
        claim = Claim(claim.code, claim.hub or self.settings.hub)
        while True:
            try:
                claim = claim if claim.hub else await self._find_hub(claim)
                if await self._ask(claim):
                    return True
            except EnrolmentRefusedError as refused:
                self._say(refused.why, "error")
                return False
            except HubUnreachedError as error:
                why = said("enrol.unreached", hub=claim.hub, why=str(error))
                self._say(why, "error")
            if not patient or await self._is_interrupted():
                return False

    async def _find_hub(self, claim: Claim) -> Claim:
        """Look in this network for the hub that made a claim.

        Who answers without being the one that made the slip cannot seal what it says. Raises
        EnrolmentRefusedError with why a hub that knows the slip says no, or that there is none.
        """
        self._say(said("enrol.searching"), "ok")
        why = said("enrol.no_hub")
        asked = asked_with(draft_for(claim, self.enrolled), terminal=self.settings.id)
        for url in await asyncio.to_thread(find_hubs):
            at = Claim(claim.code, url)
            try:
                await asyncio.to_thread(ask_hub, at, asked)
            except HubUnreachedError as error:
                _log.info("%s does not answer: %s", url, error)
            except EnrolmentRefusedError as refused:
                _log.info("%s does not take this slip: %s", url, refused)
                if refused.why.name not in _OF_ANOTHER_HUB:
                    why = refused.why
            else:
                return at
        raise EnrolmentRefusedError(why)

    async def _ask(self, claim: Claim) -> bool:
        """Ask once, and keep the answer; False where a person has to approve first."""
        draft = draft_for(claim, self.enrolled)
        asked = asked_with(draft, terminal=self.settings.id)
        told = await asyncio.to_thread(ask_hub, claim, asked)
        if told.state == "waiting":
            self._say(said("enrol.waiting", number=pair_number(asked)), "ok")
            return False
        host = urlsplit(claim.hub).hostname or ""
        keep(told, draft, enrolled=self.enrolled, hub=claim.hub, host=host)
        _log.info("enrolled as %s by %s", told.terminal, claim.hub)
        self._say(said("enrol.done", terminal=told.terminal), "done")
        return True

    async def _is_interrupted(self) -> bool:
        """Wait a moment; tell whether another slip has come meanwhile, which is looked at next."""
        until = asyncio.get_running_loop().time() + self.again_s
        while self._codes.empty():
            left_s = until - asyncio.get_running_loop().time()
            if left_s <= 0:
                return False
            await asyncio.sleep(min(left_s, 0.1))
        return True

    async def _print_all(self) -> None:
        while (rows := await self._slips.get()) is not None:
            await self.print_rows(rows)

    async def _read(self, scanner: Scanner) -> None:
        with contextlib.suppress(EOFError):
            while True:
                self._came(await scanner.read())
        self._codes.put_nowait(None)

    def _came(self, code: str) -> None:
        """Keep a slip for its turn; any other code is refused at once and ends no waiting.

        A device without a line joins a network by its square code: nothing else is open here.
        """
        match read_code(code):
            case WifiRead() as wifi if self._joining is None or self._joining.done():
                self._say(said("wifi.joining", name=clean(wifi.name)), "ok")
                self._joining = asyncio.get_running_loop().create_task(self._join(wifi))
                return
            case WifiRead():
                return
            case CommandRead("WIFI"):
                self._say_again(said("then.wifi"))
                return
            case CommandRead("ENROL"):
                self._say_again(said("enrol.scan"))
                return
        try:
            read_claim(code)
        except ClaimError as error:
            self._told = None
            self._refuse(error)
        else:
            self._codes.put_nowait(code)

    async def _join(self, wifi: WifiRead) -> None:
        self._say(*await join_network(self.network, wifi))

    def _say_again(self, one: Said) -> None:
        """Say something to whoever scans, also where it was said just before."""
        self._told = None
        self._say(one, "ok")

    def _refuse(self, error: ClaimError) -> None:
        _log.warning("not an enrolment slip: %s", error)
        self._say(said("enrol.not_a_slip"), "error")

    def _say(self, one: Said, tone: Tone) -> None:
        """Say something by every way there is; on paper only what was not said just before."""
        voice = Voice(self.settings.language)
        text = voice.word(one)
        self.screen = Screen(
            terminal=self.settings.id,
            said=text,
            tone=tone,
            light=_LIGHTS[tone],
            language=self.settings.language,
        )
        if one == self._told:
            return
        self._told = one
        _log.info("%s", Voice().word(one))
        self.signals.beep(tone)
        self.signals.show(self.screen)
        title = Row(voice.text("enrol.title"), style="bold", center=True)
        self._slips.put_nowait((title, Row(text, center=True)))

    @contextlib.asynccontextmanager
    async def _page(self) -> AsyncIterator[None]:
        """Show the same on the page, and take what is typed there."""
        wanted = self.settings.page
        if not wanted.port:
            yield
            return
        page = Page(screen=lambda: self.screen, scan=self._came)
        serving = None
        try:
            await page.open(wanted.host, wanted.port)
            serving = asyncio.create_task(page.serve())
        except OSError as error:
            _log.warning("the page cannot be served: %s", error)
        try:
            yield
        finally:
            if serving is not None:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
