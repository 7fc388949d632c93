"""What programs ask for: snapshots and software for terminals, and the hub's health."""

import hashlib
import hmac
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from broker.contract import check_id
from hub.desk.terminals.acts.software import SoftwareActs
from hub.desk.terminals.model import own_list, prices_for_everybody
from hub.desk.terminals.reads.snapshots import read_ordered, read_secrets, read_snapshot
from hub.web.noun import Router
from hub.web.site import Site, SiteOf

router = Router()

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_NOBODY: Final = "0" * 64
BASIC: Final = HTTPBasic(realm="Orderwire terminals")
_DIGEST: Final = "^[0-9a-f]{64}$"
_LEAST_BYTES: Final = 1_024
_MOST_BYTES: Final = 4 * 1024 * 1024
_SOLD_DAYS: Final = 90


@router.get("/terminal/v1/snapshots/{digest}")
def snapshot(
    request: Request,
    site: SiteOf,
    *,
    digest: Annotated[str, Path(pattern=_DIGEST)],
    given: Annotated[HTTPBasicCredentials, Depends(BASIC)],
) -> Response:
    """Give a snapshot, or the range asked for, to a terminal that proves who it is."""
    see_who_asks(site, given)
    with site.ground.database.read() as connection:
        body = read_snapshot(connection, digest)
    if body is None:
        raise HTTPException(404)
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _ranged(body, _wanted_range(request, headers["ETag"]), headers)


@router.get("/terminal/v1/software/{digest}")
def bundle(
    site: SiteOf,
    *,
    digest: Annotated[str, Path(pattern=_DIGEST)],
    given: Annotated[HTTPBasicCredentials, Depends(BASIC)],
) -> Response:
    """Give the bundle of an update, or the range asked for, to a terminal that proves who it is.

    It is sent as it is read: a bundle is never whole in the hub's memory.
    """
    see_who_asks(site, given)
    files = site.ground.part(SoftwareActs).files
    if not files.has(digest):
        raise HTTPException(404)
    headers = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
    return FileResponse(files.path_of(digest), headers=headers, media_type="application/gzip")


@router.get("/terminal/v1/lists/{catalogue}/{pack}")
def list_of_its_own(
    site: SiteOf,
    *,
    catalogue: Annotated[str, Path(pattern=_DIGEST)],
    pack: Annotated[str, Path(pattern=_DIGEST)],
    most: Annotated[int, Query(ge=_LEAST_BYTES, le=_MOST_BYTES)],
    given: Annotated[HTTPBasicCredentials, Depends(BASIC)],
) -> Response:
    """Give a terminal as much of a catalogue, with prices in it, as its memory of `most` bytes has.

    What its shop orders most comes first. What is left out is ordered by its bar code.
    """
    see_who_asks(site, given)
    with site.ground.database.read() as connection:
        goods = read_snapshot(connection, catalogue, kind="catalogue")
        prices = read_snapshot(connection, pack, kind="pack")
        since = site.today() - timedelta(days=_SOLD_DAYS)
        ranked = read_ordered(connection, given.username, since=since)
    if goods is None or prices is None:
        raise HTTPException(404)
    fitting = own_list(goods, prices_for_everybody(prices), ranked, most=most)
    told = {"X-Products": str(fitting.products), "X-Left-Out": str(fitting.left_out)}
    headers = {"Cache-Control": "private, no-store", **told}
    return Response(fitting.body, headers=headers, media_type="application/json")


@router.get("/health")
def health(site: SiteOf) -> Response:
    """Say whether the hub can take orders, and what is in the way if not."""
    faults = [*_database_faults(site), *site.ground.health()]
    answer = {"status": "failing" if faults else "ok", "faults": faults}
    return JSONResponse(answer, HTTPStatus.SERVICE_UNAVAILABLE if faults else HTTPStatus.OK)


def _database_faults(site: Site) -> list[str]:
    return [] if site.ground.database.answers() else ["the database does not answer"]


def see_who_asks(site: Site, given: HTTPBasicCredentials) -> str:
    """Let a terminal in that proves who it is; gives the SHA-256 of its password.

    Raises HTTPException.
    """
    found = hashlib.sha256(given.password.encode()).hexdigest()
    if not _is_terminal(site, given.username, found):
        raise HTTPException(401, headers={"WWW-Authenticate": 'Basic realm="Orderwire terminals"'})
    return found


def _is_terminal(site: Site, terminal: str, found: str) -> bool:
    """Check a terminal's password against what is stored of it, in constant time."""
    try:
        check_id(terminal)
    except ValueError:
        return False
    with site.ground.database.read() as connection:
        stored = read_secrets(connection, terminal)
    # Each is compared, whichever is right: how long it takes tells nothing.
    right = [hmac.compare_digest(found, one) for one in stored or (_NOBODY,)]
    return bool(stored) and True in right


def _wanted_range(request: Request, etag: str) -> str:
    """Read the Range header, unless it is about another version of the file."""
    version = request.headers.get("if-range", etag)
    return request.headers.get("range", "") if version == etag else ""


def _ranged(body: bytes, wanted: str, headers: dict[str, str]) -> Response:
    """Answer with the one range asked for, or with everything (RFC 9110, 14.2)."""
    kind, size = "application/json", len(body)
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or asked.groups() == ("", ""):
        return Response(body, headers=headers, media_type=kind)
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(last) < int(first):
        return Response(body, headers=headers, media_type=kind)
    if start >= size or (not first and int(last) == 0):
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers = {**headers, "Content-Range": f"bytes {start}-{end}/{size}"}
    return Response(body[start : end + 1], 206, headers, media_type=kind)
