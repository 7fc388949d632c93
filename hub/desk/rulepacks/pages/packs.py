"""The versions of the rule pack: the list, one version, and the page that publishes it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Path, Query, Request, Response
from pydantic import AfterValidator

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Slice, Sorting, Wanted
from hub.base.words import PageWords, grouped
from hub.desk.people.reads.alone import is_alone
from hub.desk.people.store.hands import read_hands
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.model.differences import FileChange, changed_files
from hub.desk.rulepacks.model.steps import SECOND_HANDS, PackStepError
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.reads import (
    PackDetail,
    PackRow,
    list_packs,
    read_files,
    read_pack_version,
    read_rule_texts,
    read_shadow,
)
from hub.desk.rulepacks.words import PACK_STATES, tell_why, why_refused
from hub.web.formats import readable
from hub.web.frames.cells import Moment, State, Text
from hub.web.frames.filters import Choice
from hub.web.frames.lists import Column, Listed, ListFrame, look_options, show_list
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Happened,
    Record,
    keep_note,
    show_record,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf
from rules import PackLoadError, names_in
from rules.tools.replay.changes import Comparison

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("packs.read"))]
Publisher = Annotated[Session, Depends(signed_in_for("packs.publish"))]
Number = Annotated[int, Path(ge=1, le=10**9)]

REPLAYS: Final = (100, 500, 2_000)
"""How many of the newest orders a page decides again."""
_SHOWN_BYTES: Final = 64 * 1024


def check_replay(orders: int) -> int:
    """Let a page decide again only as many orders as it offers."""
    if orders not in REPLAYS:
        raise ValueError("no such count")
    return orders


Replayed = Annotated[int, AfterValidator(check_replay)]


@dataclass(frozen=True, slots=True)
class _Changes:
    """What differs from the version that serves or, of that one, from the one before."""

    against: int
    files: tuple[FileChange, ...]
    known: bool


def _state(row: PackRow, words: PageWords) -> State:
    fault = row.version.fault
    note = words.text("packs.not_loaded")
    return State(PACK_STATES[row.state], f"{note}: {fault}" if fault else "")


def _published(row: PackRow, words: PageWords) -> Text:
    one = row.version
    if one.published_at is None:
        return Text(words.text("packs.given_up") if one.dropped_at is not None else "")
    how = {"set_up": "packs.set_up", "rolled_back": "packs.went_back"}.get(one.origin or "", "")
    return Text(one.published_by or "", sub=words.text(how) if how else "")


PACKS: Final[ListFrame[PackRow]] = ListFrame(
    name="packs",
    address="/packs",
    title="packs.title",
    icon="package",
    columns=(
        Column(
            "version",
            "packs.version",
            lambda row, _: Text(
                str(row.version.version),
                sub=row.version.name,
                href=f"/packs/{row.version.version}",
            ),
            sort="version",
        ),
        Column("state", "packs.state", _state, sort="state", phone="lead"),
        Column("added_by", "packs.added_by", lambda row, _: Text(row.version.added_by)),
        Column(
            "added",
            "packs.added",
            lambda row, _: Moment(row.version.added_at, ago=True),
            sort="added",
            phone="desk",
        ),
        Column("published_by", "packs.published_by", _published),
        Column(
            "published",
            "packs.published",
            lambda row, _: Moment(row.version.published_at, ago=True),
            phone="desk",
        ),
        Column(
            "serves_from",
            "packs.serves_from",
            lambda row, _: Moment(row.version.starts_at, whole=True),
            figures=True,
        ),
    ),
    key=lambda row: str(row.version.version),
    sort=Sorting("version", descending=True),
    topics=("packs",),
    every_s=10,
    empty="packs.none",
    text="packs.text",
    command="hub pack add FOLDER",
    add="/imports?kind=prices",
    add_label="packs.prices",
    may_add="imports.run",
    tabs="state",
    filters=(Choice("state", "packs.state", look_options(PACK_STATES)),),
)


@router.get("/packs")
def packs(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the versions, what is live of the list, or a file of it."""

    def read(connection: Connection, wanted: Wanted) -> Listed[PackRow]:
        rows = list_packs(connection, site.now_ms())
        chosen = wanted.chosen.get("state")
        shown = [row for row in rows if not chosen or row.state in chosen]
        shown.sort(key=lambda row: _sort_key(row, wanted.sort.by), reverse=wanted.sort.descending)
        counts = Counter(str(row.state) for row in rows)
        return Listed(Slice(tuple(shown)), counts=counts)

    return show_list(request, site, session, frame=PACKS, read=read)


def _sort_key(row: PackRow, by: str) -> tuple[str, int]:
    if by == "state":
        return row.state, row.version.version
    return "", row.version.added_at if by == "added" else row.version.version


@router.get("/packs/{number}")
def pack(request: Request, site: SiteOf, session: Reader, *, number: Number) -> Response:
    """Show one version, or what is live of it."""
    return pack_page(request, site, session, number=number)


@router.post("/packs/{number}/notes")
def note(
    site: SiteOf,
    session: Reader,
    *,
    number: Number,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at a version."""
    with site.ground.database.read() as connection:
        if read_pack_version(connection, number, site.now_ms()) is None:
            raise HTTPException(404)
    key, address = str(number), f"/packs/{number}"
    return keep_note(
        site, session, record="pack", key=key, text=text, address=address, topic="packs"
    )


@router.get("/packs/{number}/publish")
def ask_publish(
    request: Request,
    site: SiteOf,
    session: Publisher,
    *,
    number: Number,
    orders: Annotated[Replayed, Query()] = REPLAYS[1],
) -> Response:
    """Tell what a version makes of past orders, and below it offer to publish it."""
    return publish_page(request, site, session, number=number, orders=orders)


def pack_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    number: int,
    status: int = 200,
    fault: str = "",
) -> Response:
    """Draw one version; `fault` is what was refused."""
    seen = site.feed.number
    now_ms = site.now_ms()
    with site.ground.database.read() as connection:
        found = read_pack_version(connection, number, now_ms)
        if found is None:
            raise HTTPException(404)
        rows = list_packs(connection, now_ms)
        shadow = read_shadow(connection, found.row.version)
        files = read_files(connection, found.row.version)
        changes = _changes(connection, found, rows, files=files)
        words = words_of(request)
        names = rule_names(connection, found, words)
        own, alone = _hands(connection, found.row.version, session)
    return show_record(
        request,
        site,
        session,
        record=_record(found, session, words, barred=own and not alone),
        template="pack.html",
        pack=found,
        shadow=shadow,
        rule_names=names,
        files={path: _shown(body, words) for path, body in files.items()},
        changes=changes,
        fault=fault,
        status=status,
        seen=seen,
    )


def _record(found: PackDetail, session: Session, words: PageWords, *, barred: bool) -> Record:
    """Say what the frame shows of a version."""
    one = found.row.version
    return Record(
        noun="pack",
        key=str(one.version),
        number=words.text("pack.title", version=one.version),
        name=one.name,
        address=f"/packs/{one.version}",
        back="/packs",
        topics=("packs",),
        every_s=10 if found.row.state in {"shadow", "scheduled"} else 0,
        state=PACK_STATES[found.row.state],
        actions=_actions(found, session, words, barred=barred),
        timeline=tuple(
            Happened(
                event.at,
                event.actor,
                words.named("pack_event", event.kind),
                why=tell_why(event.text, event.told, language=words.language),
            )
            for event in found.events
        ),
    )


def _actions(found: PackDetail, session: Session, words: PageWords, *, barred: bool) -> Actions:
    """Offer what can be done with a version in its state, by who may."""
    one, state = found.row.version, found.row.state
    if one.is_draft:
        return _draft_actions(found, session, words, barred=barred)
    if state == "published" and session.may("packs.add"):
        return Actions(beside=_edit(found, words))
    if not session.may("packs.publish"):
        return Actions()
    if state == "scheduled":
        back = words.text("pack.call_off_this")
        return Actions(beside=(Action(back, "ban", opens="call-off", danger=True),))
    if state == "retired" and one.starts_at is not None:
        back = words.text("pack.roll_back_this")
        return Actions(beside=(Action(back, "history", opens="roll-back", danger=True),))
    return Actions()


def _draft_actions(
    found: PackDetail, session: Session, words: PageWords, *, barred: bool
) -> Actions:
    """Say what comes next of a draft; who is `barred` has added it and is not the only one."""
    one = found.row.version
    step, waits = None, ""
    if session.may("packs.publish") and not barred:
        effect = words.text("pack.see_effect")
        step = Action(effect, "check", address=f"/packs/{one.version}/publish", key="a")
    elif session.may("packs.publish"):
        waits = words.text("pack.own")
    if not session.may("packs.add"):
        return Actions(step, waits=waits)
    turn = "pack.end_shadow" if one.in_shadow else "pack.begin_shadow"
    shadow = Action(
        words.text(turn),
        "moon",
        address=f"/packs/{one.version}/shadow",
        fields=(("turn", "end" if one.in_shadow else "begin"),),
    )
    drop = Action(words.text("pack.drop_this"), "ban", opens="drop", danger=True)
    return Actions(step, (shadow,), (*_edit(found, words), drop), waits)


def _edit(found: PackDetail, words: PageWords) -> tuple[Action, ...]:
    """Offer the rules as they were written, where they are kept with the version."""
    address = f"/packs/{found.row.version.version}/edit"
    return (Action(words.text("pack.edit"), "pencil", address=address),) if found.files else ()


def publish_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    number: int,
    orders: int,
    status: int = 200,
    fault: str = "",
    why: str = "",
    start: str = "",
) -> Response:
    """Draw the page that publishes, with what was written on it before."""
    with site.ground.database.read() as connection:
        found = read_pack_version(connection, number, site.now_ms())
        names = rule_names(connection, found, words_of(request))
        if found is None:
            raise HTTPException(404)
        own, alone = _hands(connection, found.row.version, session)
    effect, trouble = _effect(site, number, orders, words=words_of(request))
    return draw(
        request,
        "pack_publish.html",
        session=session,
        status=status,
        pack=found,
        own=own,
        alone=alone,
        effect=effect,
        rule_names=names,
        orders=orders,
        replays=REPLAYS,
        fault=fault or trouble,
        why=why,
        start=start,
    )


def _hands(connection: Connection, version: Version, session: Session) -> tuple[bool, bool]:
    """Say whether the reader has added a version, and whether nobody else could publish it."""
    own = read_hands(connection).is_one(version.added_by, session.user)
    alone = is_alone(connection, session.user, may=SECOND_HANDS, scope=session.scope)
    return own, alone


def rule_names(
    connection: Connection, found: PackDetail | None, words: PageWords
) -> Mapping[str, str]:
    """Give what a version calls its rules in the language of a page."""
    digest = found.row.version.hash if found else None
    return names_in(read_rule_texts(connection, digest), words.language)


def _effect(
    site: Site, number: int, orders: int, *, words: PageWords
) -> tuple[Comparison | None, str]:
    """Decide past orders again; where that cannot be done, say why."""
    try:
        return site.ground.part(PackActs).foresee(number, orders=orders), ""
    except (PackStepError, PackLoadError) as error:
        return None, words.text(
            "publish.not_foreseen", why=why_refused(error, language=words.language)
        )


def _changes(
    connection: Connection,
    found: PackDetail,
    rows: tuple[PackRow, ...],
    *,
    files: Mapping[str, bytes],
) -> _Changes | None:
    """Compare a version's files with those of the one it replaces, or would replace."""
    older = [row for row in rows if row.version.id < found.row.version.id]
    started = [row for row in older if row.version.starts_at is not None]
    serving = [row for row in rows if row.state == "published"]
    other = next(iter(serving if found.row.version.is_draft else started), None)
    if other is None:
        return None
    before = read_files(connection, other.version)
    known = bool(before and files)
    return _Changes(other.version.version, changed_files(before, files) if known else (), known)


def _shown(body: bytes, words: PageWords) -> str:
    """Show the beginning of a file as text: what is not UTF-8 or cannot be seen as escapes."""
    text = body[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    lines = "\n".join(readable(line) for line in text.splitlines())
    if len(body) <= _SHOWN_BYTES:
        return lines
    cut = words.text("pack.file_cut", bytes=grouped(len(body)))
    return f"{lines}\n{cut}"
