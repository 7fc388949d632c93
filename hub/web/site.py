"""What the pages of one hub share: its ground, and readings that are taken once a second."""

import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy import Connection

from hub.base.access import ROLES, Session
from hub.base.ground import Ground
from hub.base.limits.newest import NewestTokens
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.web import formats
from hub.web.live import Beat, Feed
from hub.web.noun import (
    Actions,
    Bell,
    BulkFile,
    BulkStep,
    Finder,
    FirstPage,
    MenuEntry,
    Noun,
    Panel,
    Tiles,
    Work,
)

Value = TypeVar("Value")
Acts = TypeVar("Acts")


class Distributor(Protocol):
    """Whom the hub works for, as every page names it."""

    @property
    def name(self) -> str:
        """Give the distributor's name."""

    @property
    def zone(self) -> ZoneInfo:
        """Give the time zone that moments are told in."""

    @property
    def money(self) -> HouseMoney:
        """Give what writes amounts of the books: in the house's currency."""

    @property
    def sample(self) -> bool:
        """Say whether it is nobody's: sample data to look around with."""


class FindSession(Protocol):
    """Finds the session that a browser's token opens."""

    def __call__(self, token: str, *, now_ms: int, touch: bool) -> Session | None:
        """Find a session that has not ended; `touch` notes that a person used it."""


@dataclass(frozen=True, slots=True)
class SafePages:
    """How phones come to trust the hub's own authority: its certificate, and who then answers.

    `authority` is in DER, `fingerprint` its SHA-256, `names` are the hub's in its certificate.
    """

    authority: bytes
    fingerprint: str
    names: tuple[str, ...]
    port: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What the pages of a hub are made of, as run puts it together; `home` is the first page.

    `find_token` finds what the token of a program opens; `hosts` are the names of this hub; `safe`
    is there where the pages are served over HTTPS by the hub itself.
    """

    ground: Ground
    nouns: Sequence[Noun]
    find_session: FindSession
    find_token: Callable[[str], Session | None]
    read_distributor: Callable[[Connection], Distributor]
    home: str = "/"
    hosts: frozenset[str] = frozenset()
    safe: SafePages | None = None


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A value, and up to which change of the feed it is known to be true."""

    value: Value
    seen: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel with what was read for it, and what it adds to what can be done with the record."""

    panel: Panel
    it: object
    actions: Actions | None = None


class OncePerBeat(Generic[Value]):
    """Reads once between two beats, so that the cost does not grow with the viewers."""

    def __init__(self, *, beat: Beat, feed: Feed) -> None:
        self._beat = beat
        self._feed = feed
        self._lock = threading.Lock()
        self._kept: tuple[int, Reading[Value]] | None = None

    def __call__(self, read: Callable[[], Value]) -> Reading[Value]:
        """Give this beat's reading."""
        with self._lock:
            beat = self._beat.number()
            if self._kept is None or self._kept[0] != beat:
                seen = self._feed.number
                self._kept = (beat, Reading(read(), seen))
            return self._kept[1]


class Site:
    """The pages' view of a hub."""

    def __init__(self, frame: Frame, *, beat: Beat, feed: Feed) -> None:
        self.ground: Final = frame.ground
        self.feed: Final = feed
        self.find_session: Final = frame.find_session
        self.find_token: Final = frame.find_token
        self.tokens: Final = NewestTokens()
        self.home: Final = frame.home
        self.safe: Final = frame.safe
        self.menu: Final = sorted(
            (entry for noun in frame.nouns for entry in noun.menu), key=lambda entry: entry.place
        )
        self.topics: Final = {
            topic: needed for noun in frame.nouns for topic, needed in noun.topics.items()
        }
        self.work: Final[tuple[Work, ...]] = tuple(
            sorted((one for noun in frame.nouns for one in noun.work), key=lambda one: one.place)
        )
        self._bells: Final = tuple(one for noun in frame.nouns for one in noun.bells)
        self.tiles: Final[tuple[Tiles, ...]] = tuple(
            sorted((one for noun in frame.nouns for one in noun.tiles), key=lambda one: one.place)
        )
        self.finders: Final[tuple[Finder, ...]] = tuple(
            one for noun in frame.nouns for one in noun.finders
        )
        self.otherwise: Final[tuple[MenuEntry, ...]] = tuple(
            one for noun in frame.nouns for one in noun.otherwise
        )
        self._first_pages: Final = {
            one.role: one for noun in frame.nouns for one in noun.first_pages
        }
        self._bulk: Final = tuple(one for noun in frame.nouns for one in noun.bulk)
        self._files: Final = tuple(one for noun in frame.nouns for one in noun.files)
        self._panels: Final = tuple(panel for noun in frame.nouns for panel in noun.panels)
        self._read_distributor = frame.read_distributor
        self._beat = beat
        self._readings: dict[str, OncePerBeat[Any]] = {}
        self._lock = threading.Lock()
        self._leave: Final = frame.ground.changes.subscribe(feed.publish)

    def close(self) -> None:
        """End every open stream."""
        self._leave()
        self.feed.close()

    def now_ms(self) -> int:
        """Give the hub's clock, in Unix milliseconds."""
        return self.ground.clock.now_ms()

    def distributor(self) -> Distributor:
        """Name whom this hub works for, as it stands: a name just given is on the next page."""
        with self.ground.database.read() as connection:
            return self._read_distributor(connection)

    def panels(
        self, page: str, connection: Connection, *, key: str, session: Session, words: PageWords
    ) -> Sequence[Shown]:
        """Read what other nouns show on a record's page."""
        now_ms = self.now_ms()
        shown = []
        for panel in self._panels:
            if panel.page != page:
                continue
            it = panel.read(connection, key, session, now_ms=now_ms)
            if it is None:
                continue
            actions = panel.actions(it, session, words) if panel.actions else None
            shown.append(Shown(panel, it, actions))
        return shown

    def first_page(self, session: Session) -> FirstPage | None:
        """Give the first page of somebody's own kind; None where work and tiles are it.

        Duties are no roles of the hub: a partner who also approves is a partner.
        """
        roles = [role for role in session.roles if role in ROLES]
        return self._first_pages.get(roles[0]) if len(roles) == 1 else None

    def ring(self, session: Session | None) -> Sequence[tuple[Bell, int]]:
        """Read what the bells of every page tell whoever is signed in; nobody else is told."""
        if session is None or not self._bells:
            return ()
        with self.ground.database.read() as connection:
            return [(bell, bell.read(connection, session)) for bell in self._bells]

    def chosen_of(self, name: str) -> Sequence[BulkStep | BulkFile]:
        """Give what may be done with several rows of a list, and the files that may be had."""
        return [*self.bulk_of(name), *(one for one in self._files if one.list == name)]

    def bulk_of(self, name: str) -> Sequence[BulkStep]:
        """Give the steps that may be taken with several rows of a list."""
        return [one for one in self._bulk if one.list == name]

    def today(self) -> date:
        """Give the day that it is where the distributor is."""
        return formats.local(self.now_ms(), self.distributor().zone).date()

    def since(self, days: int) -> date:
        """Give the first business date of a period that ends today."""
        return self.today() - timedelta(days=days - 1)

    def once_per_beat(self, name: str, read: Callable[[Connection], Value]) -> Reading[Value]:
        """Read under a name, from the database, unless somebody did so since the last beat."""
        with self._lock:
            kept: OncePerBeat[Value] = self._readings.setdefault(
                name, OncePerBeat(beat=self._beat, feed=self.feed)
            )

        def take() -> Value:
            with self.ground.database.read() as connection:
                return read(connection)

        return kept(take)


def site_of(request: Request) -> Site:
    """Give the site a request is for."""
    site: Site = request.app.state.site
    return site


async def _find_site(request: Request) -> Site:
    """Give it to a page without a thread, as each that waits for nothing: a turn costs 0.1 ms."""
    return site_of(request)


SiteOf = Annotated[Site, Depends(_find_site)]


def acts_of(kind: type[Acts]) -> Callable[[Request], Awaitable[Acts]]:
    """Make the dependency that gives a page its noun's acts.

    As `Annotated[OrderActs, Depends(acts_of(OrderActs))]`.
    """

    async def find(request: Request) -> Acts:
        return site_of(request).ground.part(kind)

    return find
