"""The versions of the rule pack: the list, one version, and the page that publishes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import AfterValidator

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.words import PageWords, grouped
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.model.differences import FileChange, changed_files
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.reads import (
    PackDetail,
    PackRow,
    list_packs,
    read_files,
    read_pack_version,
    read_shadow,
)
from hub.desk.rulepacks.words import why_refused
from hub.web.formats import readable
from hub.web.pages import draw, is_part, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf
from rules import PackLoadError
from rules.tools.comparing import Comparison

router = APIRouter()
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


@router.get("/packs")
def packs(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the versions, or what is live of the list."""
    seen = site.feed.number
    with site.ground.database.read() as connection:
        rows = list_packs(connection, site.now_ms())
    return draw(
        request,
        "packs_live.html" if is_part(request) else "packs.html",
        session=session,
        rows=rows,
        seen=seen,
    )


@router.get("/packs/{number}")
def pack(request: Request, site: SiteOf, session: Reader, *, number: Number) -> Response:
    """Show one version, or what is live of it."""
    return pack_page(request, site, session, number=number)


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
    return draw(
        request,
        "pack_live.html" if is_part(request) else "pack.html",
        session=session,
        status=status,
        pack=found,
        shadow=shadow,
        files={path: _shown(body, words_of(request)) for path, body in files.items()},
        changes=changes,
        fault=fault,
        seen=seen,
    )


def publish_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    number: int,
    orders: int,
    status: int = 200,
    fault: str = "",
) -> Response:
    """Draw the page that publishes."""
    with site.ground.database.read() as connection:
        found = read_pack_version(connection, number, site.now_ms())
    if found is None:
        raise HTTPException(404)
    effect, trouble = _effect(site, number, orders, words=words_of(request))
    return draw(
        request,
        "pack_publish.html",
        session=session,
        status=status,
        pack=found,
        effect=effect,
        orders=orders,
        replays=REPLAYS,
        fault=fault or trouble,
    )


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
