"""Updates of terminals' software for programs: handed over, offered in stages, looked at."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends, File, UploadFile
from fastapi.responses import JSONResponse

from broker.contract import MAX_MANIFEST_BYTES
from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.terminals.acts.software import LARGEST_UPDATE, SoftwareActs
from hub.desk.terminals.model.software import (
    SOFTWARE_FAULTS,
    USUAL_LIMIT,
    USUAL_SHARE,
    UpdateFault,
)
from hub.desk.terminals.reads.software import (
    UpdateRow,
    list_runs,
    list_tries,
    list_updates,
    read_changes,
    read_update,
)
from hub.desk.terminals.words import say_fault
from hub.web.noun import Router
from hub.web.programs import ApiError, Why, body_of, read_said, token_for
from hub.web.site import Site, SiteOf, acts_of

router = Router(prefix="/api/v1/software")
Reader = Annotated[Session, Depends(token_for("software.read"))]
Offerer = Annotated[Session, Depends(token_for("software.offer"))]
Acts = Annotated[SoftwareActs, Depends(acts_of(SoftwareActs))]
Body = Annotated[bytes, Depends(body_of)]
_MOST = 10_000


class ToOffer(msgspec.Struct, forbid_unknown_fields=True):
    """To how many percent an update goes first, and after how many failures it stops."""

    share: int = USUAL_SHARE
    most_failed: int = USUAL_LIMIT
    why: Why = ""


class ToGoOn(msgspec.Struct, forbid_unknown_fields=True):
    """After how many failures an update stops from now on; as before where it is left out."""

    most_failed: int | None = None
    why: Why = ""


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """Why it is done."""

    why: Why = ""


@router.get("")
def software(site: SiteOf, session: Reader) -> JSONResponse:
    """Give the updates, and what terminals run."""
    with site.ground.database.read() as connection:
        updates = list_updates(connection, scope=session.scope)
        runs = list_runs(connection, scope=session.scope)
    return JSONResponse(
        {
            "updates": [update_shown(one) for one in updates],
            "runs": [msgspec.to_builtins(one) for one in runs],
        }
    )


@router.post("", max_body_size=LARGEST_UPDATE)
def add(
    site: SiteOf,
    session: Offerer,
    *,
    acts: Acts,
    manifest: Annotated[UploadFile, File()],
    bundle: Annotated[UploadFile, File()],
) -> JSONResponse:
    """Keep an update that is sent as a form with two files; nobody is offered it yet."""
    content = manifest.file.read(MAX_MANIFEST_BYTES + 1)
    try:
        name = acts.add(content, bundle.file, by=session.actor)
    except UpdateFault as error:
        raise _told(error) from error
    headers = {"Location": f"/api/v1/software/{name}"}
    return JSONResponse(_document(site, session, name), HTTPStatus.CREATED, headers)


@router.get("/{name}")
def show(site: SiteOf, session: Reader, *, name: str) -> JSONResponse:
    """Give an update: how far it is, whom it was offered to, who failed and why."""
    return JSONResponse(_document(site, session, name))


@router.post("/{name}/offer")
def offer(site: SiteOf, session: Offerer, *, acts: Acts, name: str, body: Body) -> JSONResponse:
    """Offer it to the first terminals."""
    said = read_said(body or b"{}", ToOffer)
    _do(
        lambda: acts.stage.offer(
            name,
            share=said.share,
            most_failed=said.most_failed,
            why=said.why,
            by=session.actor,
        )
    )
    return JSONResponse(_document(site, session, name))


@router.post("/{name}/widen")
def widen(site: SiteOf, session: Offerer, *, acts: Acts, name: str, body: Body) -> JSONResponse:
    """Offer it to all."""
    said = read_said(body or b"{}", ToGoOn)
    _do(
        lambda: acts.stage.widen(name, most_failed=said.most_failed, why=said.why, by=session.actor)
    )
    return JSONResponse(_document(site, session, name))


@router.post("/{name}/pause")
def pause(site: SiteOf, session: Offerer, *, acts: Acts, name: str, body: Body) -> JSONResponse:
    """Have nobody begin with it for now."""
    said = read_said(body or b"{}", Said)
    _do(lambda: acts.stage.pause(name, why=said.why, by=session.actor))
    return JSONResponse(_document(site, session, name))


@router.post("/{name}/resume")
def resume(site: SiteOf, session: Offerer, *, acts: Acts, name: str, body: Body) -> JSONResponse:
    """Go on with it."""
    said = read_said(body or b"{}", ToGoOn)
    _do(
        lambda: acts.stage.resume(
            name, most_failed=said.most_failed, why=said.why, by=session.actor
        )
    )
    return JSONResponse(_document(site, session, name))


@router.post("/{name}/end")
def end(site: SiteOf, session: Offerer, *, acts: Acts, name: str, body: Body) -> JSONResponse:
    """Take it back."""
    said = read_said(body or b"{}", Said)
    _do(lambda: acts.stage.end(name, why=said.why, by=session.actor))
    return JSONResponse(_document(site, session, name))


def update_shown(row: UpdateRow) -> dict[str, Any]:
    """Write an update for programs, without the bytes of its manifest."""
    update = row.update
    names = ("name", "number", "version", "machine", "python", "digest", "bundle", "size")
    settings = ("stage", "share", "most_failed", "added_at", "added_by")
    return {
        **{name: getattr(update, name) for name in (*names, *settings)},
        "taken": row.taken,
        "open": row.open,
        "failed": row.bad,
        "not_asked": row.unasked,
    }


def _do(act: Callable[[], None]) -> None:
    try:
        act()
    except UpdateFault as error:
        raise _told(error) from error


def _told(error: UpdateFault) -> ApiError:
    status = HTTPStatus(SOFTWARE_FAULTS[error.code])
    return ApiError(status, error.code, say_fault(error, PageWords()), about=error.about)


def _document(site: Site, session: Session, name: str) -> dict[str, Any]:
    now_ms, scope = site.now_ms(), session.scope
    with site.ground.database.read() as connection:
        found = read_update(connection, name, scope=scope) if name.isprintable() else None
        if found is None:
            raise _told(UpdateFault("software_unknown", name[:64]))
        tries = list_tries(connection, found.update, now_ms=now_ms, most=_MOST, scope=scope)
        changes = read_changes(connection, name, scope=scope)
    return {
        **update_shown(found),
        "terminals": [msgspec.to_builtins(one) for one in tries],
        "changes": [msgspec.to_builtins(one) for one in changes],
    }
