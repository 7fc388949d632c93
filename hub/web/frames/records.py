"""The frame of a record's page: its state, the next step, what else may be done, what happened."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Permission, Session
from hub.base.history import Entry
from hub.base.kept.files import KeptFile, read_files
from hub.base.kept.notes import Note, Notes, read_notes
from hub.base.money import HouseMoney
from hub.base.words import Look, PageWords
from hub.web.noun import Action, Actions
from hub.web.pages import draw, words_of
from hub.web.site import Shown, Site

LONGEST_NOTE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record's life; `at` is when it was done, `note` what is said instead."""

    words: str
    tone: str
    icon: str
    at: int | None = None
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """Another record that belongs to this one: a delivery note, an invoice, the order before."""

    words: str
    number: str
    address: str
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a record's timeline: what, by whom, why; a changed field with old and new."""

    at: int
    who: str
    what: str
    old: str = ""
    new: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What the frame shows of a record, beside what the noun's own template has.

    `number` is what people call it by, `name` whose it is, shop's name first; `noun` and `key`
    name it, `address` is its page, `back` the list that it is found in. `topics` have the page
    fetched again, `every_s` also when nothing was announced. `state` is drawn beside the name,
    where there is no `ribbon`. The timeline has the newest entry first. Where `for_shop`, the shop
    sees the page too, and staff may mark a note for it. `files` is the permission to keep files at
    the record, empty where it has none.
    """

    noun: str
    key: str
    number: str
    name: str
    address: str
    back: str
    topics: tuple[str, ...]
    every_s: int = 0
    name_href: str = ""
    state: Look | None = None
    ribbon: tuple[Step, ...] = ()
    actions: Actions = field(default_factory=Actions)
    linked: tuple[Linked, ...] = ()
    timeline: tuple[Happened, ...] = ()
    notes: bool = True
    for_shop: bool = False
    files: Permission = ""


def show_record(
    request: Request,
    site: Site,
    session: Session,
    *,
    record: Record,
    template: str,
    panels: Sequence[Shown] = (),
    fault: str = "",
    status: int = 200,
    seen: int,
    **shown: object,
) -> Response:
    """Draw a record's page, or what is live of it.

    `template` is the noun's own: it extends `record.html` and fills the blocks `main`, `side` and
    `dialogs`. `seen` is the change of the feed that was
    read before the record was. `fault` says why nothing was done.
    """
    with site.ground.database.read() as connection:
        notes = (
            read_notes(connection, record.noun, record.key, staff=session.is_staff)
            if record.notes
            else []
        )
        files = read_files(connection, record.noun, record.key) if record.files else []
    merged = replace(record, actions=merge(record.actions, panels))
    if not session.is_staff:  # who of the house did what is the house's own
        told = tuple(replace(one, who="") for one in merged.timeline if one.who != session.user)
        own = tuple(one for one in merged.timeline if one.who == session.user)
        merged = replace(merged, timeline=(*told, *own))
    return draw(
        request,
        template,
        session=session,
        status=status,
        record=merged,
        panels=panels,
        record_files=[one for one in files if one.in_force],
        happened=_in_order((*merged.timeline, *_told_of(files, words_of(request))), notes),
        fault=fault,
        seen=seen,
        **shown,
    )


def merge(own: Actions, panels: Iterable[Shown]) -> Actions:
    """Join what panels bring to the record's own actions: theirs comes first."""
    brought = [one.actions for one in panels if one.actions is not None]
    ways = [actions.next for actions in (*brought, own) if actions.next is not None]
    beside = [one for actions in (*brought, own) for one in actions.beside]
    others = [one for actions in (*brought, own) for one in actions.others]
    waits = next((actions.waits for actions in (*brought, own) if actions.waits), "")
    return Actions(ways[0] if ways else None, tuple(beside), (*ways[1:], *others), waits)


def keep_note(
    site: Site,
    session: Session,
    *,
    record: str,
    key: str,
    text: str,
    address: str,
    topic: str,
    shared: bool = False,
) -> Response:
    """Keep a note at a record that the reader may see, and show the record again.

    It is for staff, unless it is `shared` with the shop; the shop's own is for both.
    """
    if text.strip():
        site.ground.part(Notes).add(
            record,
            key,
            text=text.strip()[:LONGEST_NOTE],
            by=session.user,
            topic=topic,
            shared=shared or not session.is_staff,
        )
    return RedirectResponse(address, 303)


def write_amounts(change: Entry, money: HouseMoney) -> Entry:
    """Write what an amount was and is as people read amounts; the history has minor units."""
    old, new = (
        money.write(one) if isinstance(one, int) else one for one in (change.old, change.new)
    )
    return replace(change, old=old, new=new)


def told_of(entries: Iterable[Entry], name_field: Callable[[str], str]) -> tuple[Happened, ...]:
    """Make a timeline of a row's history, oldest first; `name_field` words a field's name."""
    return tuple(
        Happened(
            one.at_ms,
            one.who,
            name_field(one.field),
            "" if one.old is None else str(one.old),
            "" if one.new is None else str(one.new),
            one.why,
        )
        for one in reversed(list(entries))
    )


def _told_of(files: Iterable[KeptFile], words: PageWords) -> Iterable[Happened]:
    """Tell who kept which file, and who took one away, and why."""
    what = words.text("record.file")
    for one in files:
        yield Happened(one.kept_at, one.kept_by, what, "", one.title)
        if one.ended_at is not None:
            why = one.ended_why or ""
            yield Happened(one.ended_at, one.ended_by or "", what, one.title, "", why)


def _in_order(timeline: Sequence[Happened], notes: Sequence[Note]) -> list[Happened | Note]:
    """Put what happened and what was noted in one row, the newest first."""
    return sorted([*timeline, *notes], key=lambda one: one.at, reverse=True)


__all__ = [
    "Action",
    "Actions",
    "Happened",
    "Linked",
    "Record",
    "Step",
    "keep_note",
    "merge",
    "show_record",
    "told_of",
]
