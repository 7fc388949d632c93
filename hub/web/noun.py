"""What a noun of the desk brings to the page frame and to the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Protocol

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from hub.base.access import Permission, Session
from hub.base.commands import AddCommand
from hub.base.engine.migrate import FirstRows
from hub.base.engine.promises import Check, Notes
from hub.base.ground import Ground
from hub.base.words import PageWords

Area = Literal["work", "money", "field", "rules", "network"]
"""Where an entry of the menu stands: with the day's work, with bills and money, with the field team
and its targets, with the rules, or with the machines."""


class Router(APIRouter):
    """Takes addresses as FastAPI's own does, and works out what each asks for when one is asked.

    To work out all of them is a fifth of the start of a hub, which shows few of its pages at once,
    and a command serves none. A request has those routers worked out alone that have an address
    which begins as its own does.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # they are FastAPI's
        super().__init__(**options)
        self._waiting: list[Callable[[], None]] = []
        self._starts: tuple[str, ...] = ()
        self._turn = Lock()

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,  # noqa: ANN401
    ) -> None:
        """Keep an address until a request begins as it does."""
        self._waiting.append(partial(super().add_api_route, path, endpoint, **options))
        self._starts = tuple({*self._starts, _start_of(self.prefix + path)})

    def work_out(self) -> list[BaseRoute]:
        """Give every address, with what each asks for."""
        if self._waiting:
            with self._turn:  # applications of several threads may share these addresses
                for add in self._waiting:
                    add()
                self._waiting.clear()
        return self.routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Look for the address of a request, unless every one of these begins otherwise."""
        asked = scope["path"].removeprefix(scope.get("root_path", ""))
        if not asked.startswith(self._starts):
            return Match.NONE, {}
        self.work_out()
        return super().matches(scope)


def _start_of(path: str) -> str:
    """Give what the addresses of a path begin with: `/orders/` of `/orders/{uuid}`."""
    return path.partition("{")[0]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page that every page leads to, for those with the permission; the lowest place is first.

    `label` is the id of its words, `key` the letter that leads there after `g`. Of those of the
    area `work` the first three stand at the bottom of a phone; one with `at_hand_unless` stands
    before them for those without that permission: a rep's own day, for who decides no orders. The
    entry is marked on its own page and on all below `holds`, its own address otherwise; empty for
    none. It is marked on the page `also` as well, which stands beside its own, and on all below
    that.
    """

    address: str
    label: str
    icon: str
    permission: Permission
    place: int
    area: Area = "work"
    key: str = ""
    holds: str | None = None
    also: str = ""
    at_hand_unless: Permission = ""

    def is_at(self, path: str) -> bool:
        """Tell whether the entry is marked on a page."""
        holds = self.address if self.holds is None else self.holds
        pages, folders = {self.address, self.also}, filter(None, (holds, self.also))
        return path in pages or path.startswith(tuple(f"{one}/" for one in folders))


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done with a record.

    `words` are what its button says. It opens the dialog of the id `opens`, or leads to `address`
    or, with `fields`, sends them there. `who` says who may do it, and `why_not` why the reader may
    not or why it cannot be done now: then the button is not to be pressed. `key` is the letter that
    does it.
    """

    words: str
    icon: str
    opens: str = ""
    address: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    who: str = ""
    why_not: str = ""
    danger: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done with a record: `next` is its one filled button, `others` are in a menu.

    `beside` are what may be chosen instead of the next step, as a no beside a yes. `waits` says
    what the record waits for where there is no next step for the reader.
    """

    next: Action | None = None
    beside: tuple[Action, ...] = ()
    others: tuple[Action, ...] = ()
    waits: str = ""


class ReadPanel(Protocol):
    """Reads what a panel shows of a record; None where there is nothing to show."""

    def __call__(
        self, connection: Connection, key: str, session: Session, *, now_ms: int
    ) -> object:
        """Read it for whoever is signed in, by the record's own id."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a noun shows on another noun's page of a record, as approvals do on an order's.

    `place` is where on the page: `top`, `main` (below what the noun itself shows) or `side`. The
    template finds what was read as `it`, and so does `dialogs`, which stands outside of what is
    live. `actions` makes what the noun adds to what can be done with the record. The page `home` is
    the first one; its key is empty.
    """

    page: str
    place: str
    template: str
    read: ReadPanel
    dialogs: str = ""
    actions: Callable[[object, Session, PageWords], Actions] | None = None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Work that waits: how much of it, what it is, and the list in which it is done.

    `parts` divide it, as held orders by why they are held.
    """

    count: int
    words: str
    address: str
    parts: tuple["WorkItem", ...] = ()


class ReadWork(Protocol):
    """Reads the work of one kind that waits for a person; None where none does."""

    def __call__(
        self, connection: Connection, session: Session, words: PageWords, *, now_ms: int
    ) -> WorkItem | None:
        """Read it for whoever is signed in."""


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that the first page tells of; the lowest place is first."""

    permission: Permission
    place: int
    read: ReadWork


@dataclass(frozen=True, slots=True)
class Bell:
    """What waits for whoever is signed in, told in the bar of every page: a count, and its page.

    `label` is the id of its words, which are counted.
    """

    address: str
    label: str
    icon: str
    read: Callable[[Connection, Session], int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a tile, which is how many rows the list at its address has, or comes to.

    `cell` is one of the frames' cells, `words` say what it counts beside others of the tile.
    """

    cell: object
    address: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class TileItem:
    """A tile of the first page: its figures, the first of them large, and what they are of.

    `said` names the period, whose rows are counted, and which of them. `chart` is one of the
    frames' charts; a `wide` tile has a row for itself.
    """

    name: str
    title: str
    figures: tuple[Figure, ...]
    said: str
    chart: object = None
    wide: bool = False


class ReadTiles(Protocol):
    """Reads tiles of the first page; none where the reader may not see what they are of."""

    def __call__(
        self, connection: Connection, session: Session, words: PageWords, *, now_ms: int
    ) -> Sequence[TileItem]:
        """Read them for whoever is signed in."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles of the first page; the lowest place is first."""

    place: int
    read: ReadTiles


class ReadFirstPage(Protocol):
    """Reads what the first page of a kind of people shows."""

    def __call__(
        self, connection: Connection, session: Session, words: PageWords, *, now_ms: int
    ) -> object:
        """Read it for whoever is signed in."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of those who have one role of the hub alone, instead of work and tiles.

    The template finds what was read as `it`, and extends `home.html`.
    """

    role: str
    template: str
    read: ReadFirstPage


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: its name, something to tell it from others by, and where it is."""

    words: str
    sub: str
    address: str
    icon: str


class FindRecords(Protocol):
    """Finds records by what somebody typed: a number, a code, a part of a name."""

    def __call__(
        self, connection: Connection, text: str, session: Session, *, most: int
    ) -> Sequence[Found]:
        """Find at most so many for whoever is signed in, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a noun finds for the search box of every page."""

    permission: Permission
    find: FindRecords


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a bulk step would do to one row, or why it would not.

    `token` is what of the row the person has seen: where it is another by then, nothing is done.
    With `asks_why` a reason has to be given for this row. `worth` is what the row comes to, one of
    the frames' amounts: the page adds them up.
    """

    key: str
    number: str
    name: str
    effect: str
    address: str = ""
    token: str = ""
    why_not: str = ""
    asks_why: bool = False
    worth: object = None


@dataclass(frozen=True, slots=True)
class Became:
    """What a bulk step made of one row: its name and where it is, as the invoice of an order."""

    words: str
    address: str


class ForeseeRows(Protocol):
    """Tells what a bulk step would do to rows, before anything is done."""

    def __call__(
        self,
        connection: Connection,
        keys: Sequence[str],
        session: Session,
        *,
        ground: Ground,
        words: PageWords,
        now_ms: int,
    ) -> Sequence[Foreseen]:
        """Tell it of each row that the person may see; changes nothing."""


class DoRow(Protocol):
    """Does a bulk step to one row, in a transaction of its own."""

    def __call__(
        self, ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords
    ) -> str | Became:
        """Do it; gives why it was not done, or nothing, or what became of the row."""


@dataclass(frozen=True, slots=True)
class BulkStep:
    """A step that is taken with several rows of a list at once; `label` is the id of its words.

    `list` is the name of the list. With `asks_why` a reason has to be given. `leads` is where the
    work goes on once a row was done: the id of its words, and its address. `key` is what asks for
    the step at the keyboard.
    """

    list: str
    name: str
    label: str
    icon: str
    permission: Permission
    foresee: ForeseeRows
    do: DoRow
    asks_why: bool = False
    leads: tuple[str, str] | None = None
    key: str = ""

    @property
    def address(self) -> str:
        """Give where the rows that were chosen are sent."""
        return f"/bulk/{self.list}/{self.name}"


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A file of several rows of a list at once, which `address` gives for the keys of the rows.

    `key` is what asks for it at the keyboard.
    """

    list: str
    label: str
    icon: str
    permission: Permission
    address: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun's pages, commands and topics; its `parts` makes one, and run takes it in.

    `permissions` names what may be done with what, as `grants.toml` has it: what, and its verbs.
    `topics` gives for each topic that the noun announces the permission to hear of it, `words` what
    its templates may call besides what every page has, `promises` and `notes` what the audit checks
    and tells of it, `first_rows` what its tables hold in a new hub. `bells` ring on every page,
    `work` and `tiles` stand on the first one, but for those who have one of `first_pages`;
    `finders` serve the search box, `otherwise` are the pages that it offers for a text that found
    nothing (they take it as `q`), `bulk` and `files` what is done with chosen rows of lists.
    """

    name: str
    routers: tuple[Router, ...] = ()
    templates: Path | None = None
    menu: tuple[MenuEntry, ...] = ()
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    topics: Mapping[str, Permission] = field(default_factory=dict)
    words: Mapping[str, object] = field(default_factory=dict)
    commands: tuple[AddCommand, ...] = ()
    panels: tuple[Panel, ...] = ()
    work: tuple[Work, ...] = ()
    bells: tuple[Bell, ...] = ()
    tiles: tuple[Tiles, ...] = ()
    first_pages: tuple[FirstPage, ...] = ()
    finders: tuple[Finder, ...] = ()
    otherwise: tuple[MenuEntry, ...] = ()
    bulk: tuple[BulkStep, ...] = ()
    files: tuple[BulkFile, ...] = ()
    promises: tuple[Check, ...] = ()
    notes: tuple[Notes, ...] = ()
    first_rows: tuple[FirstRows, ...] = ()
