"""The frame of lists: what a noun says of its list, and the page or file that is made of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from hub.base.access import Permission, Session
from hub.base.kept.views import Views
from hub.base.listing import Slice, Sorting, Wanted
from hub.base.words import Look, PageWords
from hub.web.frames import exports
from hub.web.frames.asked import Asked, read_asked
from hub.web.frames.cells import Cell
from hub.web.frames.filters import Asking, Choice, Filter, FilterError, Option
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import own_path, signed_in
from hub.web.site import Site, SiteOf

Row = TypeVar("Row")
_EXPORT_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: `of` makes the cell of a row, in the words of the page.

    `label` is the id of its words. `sort` names the sort of `page_of` that its heading asks for.
    `phone` says where a cell stands on a phone's card: `lead` (whole width), `bare` (without its
    label), `corner`, `end`, or `desk`, where it is not shown. One that is not `usual` is shown to
    who chooses it. By one that `groups` the rows may be put in groups. One that is
    `code_of` another, such as the SKU of a name, follows that one in every file.
    """

    key: str
    label: str
    of: Callable[[Row, PageWords], Cell]
    sort: str = ""
    phone: str = ""
    figures: bool = False
    usual: bool = True
    groups: bool = False
    code_of: str = ""


@dataclass(frozen=True, slots=True)
class ListFrame(Generic[Row]):
    """A noun's list, once for its page, its live part and its files.

    `name` is the element's id and the name under which views are kept; `title`, `search` and
    `empty` are ids of words, `address` the page's own. `key` gives a row's own id for the page,
    `topics` what has the list fetched again. `tabs` names the filter that is drawn as a row of
    chips above the list, each with its count. `add` leads to the form that makes a new record, for
    those with `may_add`. `text` stands below the title; it and `empty` may name `command`, one of
    the hub's own. `every_s` has the list fetched again also when nothing was announced.
    `above` and `below` are templates of the noun's, inside of what is live. `adds` is the key of
    the column of amounts that is added up over the rows that somebody chooses.
    """

    name: str
    address: str
    title: str
    icon: str
    columns: tuple[Column[Row], ...]
    key: Callable[[Row], str]
    sort: Sorting
    topics: tuple[str, ...]
    empty: str
    search: str = ""
    filters: tuple[Filter, ...] = ()
    tabs: str = ""
    text: str = ""
    command: str = ""
    every_s: int = 0
    add: str = ""
    add_label: str = ""
    may_add: Permission = ""
    above: str = ""
    below: str = ""
    adds: str = ""


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """What a noun read for its list.

    `count` and `totals` are of the whole filter, not of the page: totals by the columns' keys.
    `counts` has what each value of the tabs would show, and under "" what all would; of values not
    in `tabs` one that would show nothing has no tab. `seen` is the change of the feed up to
    which all of it is true.
    """

    page: Slice[Row]
    count: int | None = None
    totals: Mapping[str, Cell] = field(default_factory=dict)
    counts: Mapping[str, int] | None = None
    tabs: frozenset[str] | None = None
    seen: int | None = None


ReadList = Callable[[Connection, Wanted], Listed[Row]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set: what it says, and the address without it."""

    label: str
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One value of the filter above the list, and how many rows it would show."""

    words: str
    address: str
    count: int | None
    current: bool


def show_list(
    request: Request,
    site: Site,
    session: Session,
    *,
    frame: ListFrame[Row],
    read: ReadList[Row],
    shown: Mapping[str, object] | None = None,
) -> Response:
    """Answer a list's address: with the page, with what is live of it, or with a file.

    Raises HTTPException 422 for an address that makes no sense.
    """
    try:
        asked = read_asked(frame, request.query_params)
    except FilterError as error:
        raise HTTPException(422) from error
    seen, house = site.feed.number, site.distributor().money
    with site.ground.database.read() as connection:
        asking = Asking(session, words_of(request), connection, house)
        options = {one.name: _options(one, asking) for one in frame.filters}
        _check_choices(asked, options)
        if asked.file:
            return _file(site, asking, asked, read=read)
        try:
            listed = read(connection, asked.wanted)
        except ValueError as error:  # a place that is none of this sort
            raise HTTPException(422) from error
        chips = _chips(asked, asking)
    views = site.ground.part(Views)
    return draw(
        request,
        "list.html",
        session=session,
        status=200,
        frame=frame,
        asked=asked,
        listed=listed,
        rows=listed.page.rows,
        columns=asked.shown,
        words=asking.words,
        chips=chips,
        tabs=_tabs(asked, listed, options),
        options=options,
        views=views.of(frame.name, reader=session),
        bulk=[one for one in site.chosen_of(frame.name) if session.may(one.permission)],
        seen=seen if listed.seen is None else listed.seen,
        **(shown or {}),
    )


def _options(one: Filter, asking: Asking) -> Sequence[Option]:
    return one.options(asking) if isinstance(one, Choice) else ()


def _check_choices(asked: Asked, options: Mapping[str, Sequence[Option]]) -> None:
    """See that what is chosen may be chosen; raises HTTPException 422."""
    for one in asked.frame.filters:
        chosen = asked.wanted.chosen.get(one.name, ())
        if isinstance(one, Choice) and not {option.value for option in options[one.name]} >= {
            *chosen
        }:
            raise HTTPException(422)


def _chips(asked: Asked, asking: Asking) -> list[Chip]:
    """Say each filter that is set, but the one that the tabs show already."""
    return [
        Chip(one.label, one.say(chosen, asking), asked.address(**{one.name: ()}))
        for one in asked.frame.filters
        if (chosen := asked.wanted.chosen.get(one.name)) and one.name != asked.frame.tabs
    ]


def _tabs(asked: Asked, listed: Listed[Row], options: Mapping[str, Sequence[Option]]) -> list[Tab]:
    """Lay out the values of the filter above the list."""
    name, counts = asked.frame.tabs, listed.counts
    if not name:
        return []
    chosen = asked.wanted.chosen.get(name, ())
    everything = None if counts is None else counts.get("", sum(counts.values()))
    return [
        Tab("", asked.address(**{name: ()}), everything, not chosen),
        *(
            Tab(
                option.words,
                asked.address(**{name: (option.value,)}),
                None if counts is None else counts.get(option.value, 0),
                option.value in chosen,
            )
            for option in options[name]
            if option.value in chosen
            or listed.tabs is None
            or option.value in listed.tabs
            or (counts or {}).get(option.value, 0)
        ),
    ]


def _file(site: Site, asking: Asking, asked: Asked, *, read: ReadList[Row]) -> Response:
    """Make the file of all rows that the address shows, with the filters written into it."""
    zone, words = site.distributor().zone, asking.words
    columns = _filed(asked)

    def rows() -> Sequence[Sequence[Cell]]:
        found: list[Sequence[Cell]] = []
        page = read(asking.connection, asked.whole(_EXPORT_PAGE)).page
        while True:
            found += [[one.of(row, words) for one in columns] for row in page.rows]
            if page.after is None:
                return found
            page = read(asking.connection, asked.whole(_EXPORT_PAGE, page.after)).page

    said = [(words.text(chip.label), chip.words) for chip in _all_chips(asked, asking)]
    sheet = exports.Sheet(
        name=asked.frame.name,
        title=words.text(asked.frame.title),
        told=((words.text("listing.made"), exports.moment(site.now_ms(), zone)), *said),
        headings=tuple(words.text(one.label) for one in columns),
        rows=[[cell.plain(zone, words) for cell in row] for row in rows()],
    )
    return exports.answer(sheet, asked.file)


def _filed(asked: Asked) -> list[Column[Any]]:
    """Give the columns of a file: those shown, each followed by its code if that is not shown."""
    columns: list[Column[Any]] = []
    for one in asked.shown:
        codes = (each for each in asked.frame.columns if each.code_of == one.key)
        columns += [one, *(each for each in codes if each not in asked.shown)]
    return columns


def _all_chips(asked: Asked, asking: Asking) -> list[Chip]:
    """Say every filter that is set and the text that was searched for."""
    text = asked.wanted.text
    searched = [Chip("listing.searched", text, "")] if text else []
    return searched + [
        Chip(one.label, one.say(chosen, asking), "")
        for one in asked.frame.filters
        if (chosen := asked.wanted.chosen.get(one.name))
    ]


def look_options(looks: Mapping[str, Look]) -> Callable[[Asking], Sequence[Option]]:
    """Make the options of a set of states, in the words of their looks."""

    def give(asking: Asking) -> Sequence[Option]:
        return [Option(code, asking.words.text(look.words)) for code, look in looks.items()]

    return give


# --- saving a view of a list under a name, and taking it away -------------------------------------

router = Router()
SignedIn = Annotated[Session, Depends(signed_in)]
Back = Annotated[str, Form(max_length=2_000)]


@router.post("/views")
def save_view(
    site: SiteOf,
    session: SignedIn,
    *,
    of: Annotated[str, Form(max_length=32, pattern=r"^[a-z_]+$")],
    name: Annotated[str, Form(max_length=60, pattern=r"\S")],
    query: Annotated[str, Form(max_length=1_500)] = "",
    shared: Annotated[bool, Form()] = False,
    back: Back = "/",
) -> Response:
    """Keep what the list shows under a name; an earlier view of that name gives way."""
    site.ground.part(Views).save(of, name=name.strip(), query=query, by=session, shared=shared)
    return RedirectResponse(own_path(back, site.home), 303)


@router.post("/views/{view}/drop")
def drop_view(site: SiteOf, session: SignedIn, *, view: int, back: Back = "/") -> Response:
    """Take a view of one's own away, or, as an administrator, a shared one."""
    if not site.ground.part(Views).drop(view, by=session):
        raise HTTPException(404)
    return RedirectResponse(own_path(back, site.home), 303)
