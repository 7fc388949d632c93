"""The files of records in the frame: kept, given and taken away, by pages and by programs."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final, Protocol
from urllib.parse import quote

from fastapi import Depends, File, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse

from hub.base.access import Permission, Session
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentence
from hub.base.kept.files import LONGEST_TITLE, Files, KeptFile, SentFile, find_file, read_files
from hub.base.kept.kinds import LARGEST, TYPES
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import send_kept
from hub.web.programs import ApiError, bytes_of, token_for
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

_ROOM: Final = 64_000
"""Bytes of a form beside its file."""
_LARGEST_ROW: Final = 2**53
Title = Annotated[str, Form(max_length=LONGEST_TITLE)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
Named = Annotated[str, Query(max_length=200)]
Sent = Annotated[bytes, Depends(bytes_of)]


def row_in(key: str) -> int | None:
    """Read the row id that is a record's key, written in one way; None where it is none."""
    known = key.isascii() and key.isdigit() and int(key) < _LARGEST_ROW
    return int(key) if known and key == str(int(key)) else None


class Refuse(Protocol):
    """Shows a record's page with why nothing was done."""

    def __call__(
        self, request: Request, site: Site, session: Session, /, *, key: str, done: Refused
    ) -> Response:
        """Show the record of this key."""


@dataclass(frozen=True, slots=True)
class FileRoom:
    """Where a noun's records keep files: who reads them and who keeps them.

    `see` looks for a record in the reader's scope, and raises HTTPException 404, or for programs
    ApiError, where the reader sees none. Open pages of `topic` are told.
    """

    noun: str
    topic: str
    read: Permission
    change: Permission
    see: Callable[[Site, Session, str], object]


@dataclass(frozen=True, slots=True)
class HouseRoom:
    """Where records known by their row's id keep files that are for the house's own people alone.

    `see` raises HTTPException 404 where the reader sees none of an id; `show` shows the record with
    why nothing was done.
    """

    noun: str
    topic: str
    read: Permission
    change: Permission
    see: Callable[[Site, Session, int], object]
    show: Callable[[Request, Site, Session, int, str], Response]


def add_house_files(router: Router, path: str, room: HouseRoom) -> None:
    """Add the addresses of such files below those of their records, such as `/returns`."""

    def see(site: Site, session: Session, key: str) -> None:
        row = row_in(key) if session.is_staff else None
        if row is None:
            raise HTTPException(404)
        room.see(site, session, row)

    def refuse(
        request: Request, site: Site, session: Session, /, *, key: str, done: Refused
    ) -> Response:
        language = words_of(request).language
        fault = "; ".join(sentence(one, language=language) for one in done.reasons)
        return room.show(request, site, session, int(key), fault)

    files = FileRoom(room.noun, room.topic, room.read, room.change, see=see)
    add_file_pages(router, path, files, address=lambda key: f"{path}/{key}", refuse=refuse)


def add_file_pages(
    router: Router,
    path: str,
    room: FileRoom,
    *,
    address: Callable[[str], str],
    refuse: Refuse,
) -> None:
    """Add the addresses of a noun's files below those of its records, such as `/customers`.

    `address` gives a record's page, `refuse` that page with why nothing was done.
    """
    _add_giving(router, path, room)
    changer = Depends(signed_in_for(room.change))

    @router.post(f"{path}/{{key:path}}/files", max_body_size=LARGEST + _ROOM)
    def keep(
        request: Request,
        site: SiteOf,
        *,
        session: Annotated[Session, changer],
        key: str,
        file: Annotated[UploadFile, File()],
        title: Title = "",
    ) -> Response:
        """Keep a file at a record, and show the record again."""
        room.see(site, session, key)
        sent = SentFile(file.file.read(LARGEST + 1), file.filename or "", title)
        files = site.ground.part(Files)
        done = files.add(room.noun, key, sent, by=session.user, topic=room.topic)
        if isinstance(done, Refused):
            return refuse(request, site, session, key=key, done=done)
        return RedirectResponse(address(key), 303)

    @router.post(f"{path}/{{key:path}}/files/{{number}}/end")
    def end(
        request: Request,
        site: SiteOf,
        *,
        session: Annotated[Session, changer],
        key: str,
        number: int,
        why: Why = "",
    ) -> Response:
        """Take a file away from a record, and show the record again."""
        room.see(site, session, key)
        files, by = site.ground.part(Files), session.user
        done = files.end(room.noun, key, number, by=by, topic=room.topic, why=why)
        if isinstance(done, Refused):
            return refuse(request, site, session, key=key, done=done)
        return RedirectResponse(address(key), 303)


def _add_giving(router: Router, path: str, room: FileRoom) -> None:
    """Add the address that gives a file to a person."""
    reader = Depends(signed_in_for(room.read))

    @router.get(f"{path}/{{key:path}}/files/{{number}}")
    def give(
        request: Request,
        site: SiteOf,
        *,
        session: Annotated[Session, reader],
        key: str,
        number: int,
    ) -> Response:
        """Give a file of a record to whoever sees the record."""
        room.see(site, session, key)
        found = _find(request, site, room, key=key, number=number)
        if found is None:
            raise HTTPException(404)
        return found


def add_file_programs(router: Router, path: str, room: FileRoom) -> None:
    """Add the addresses of a noun's files for programs."""
    reader = Depends(token_for(room.read))
    changer = Depends(token_for(room.change))

    @router.get(f"{path}/{{key:path}}/files")
    def named(site: SiteOf, *, session: Annotated[Session, reader], key: str) -> JSONResponse:
        """Give the files of a record, the newest first."""
        room.see(site, session, key)
        with site.ground.database.read() as connection:
            found = read_files(connection, room.noun, key)
        return JSONResponse([document_of(one) for one in found if one.in_force])

    @router.get(f"{path}/{{key:path}}/files/{{number}}")
    def give(
        request: Request,
        site: SiteOf,
        *,
        session: Annotated[Session, reader],
        key: str,
        number: int,
    ) -> Response:
        """Give a file of a record as it was sent."""
        room.see(site, session, key)
        found = _find(request, site, room, key=key, number=number)
        if found is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "file_unknown", "there is no such file")
        return found

    @router.post(f"{path}/{{key:path}}/files", max_body_size=LARGEST)
    def keep(
        site: SiteOf,
        *,
        session: Annotated[Session, changer],
        key: str,
        body: Sent,
        name: Named,
        title: Named = "",
    ) -> JSONResponse:
        """Keep a file, sent as it is, at a record; sent twice, it is kept once."""
        room.see(site, session, key)
        sent = SentFile(body, name, title)
        done = site.ground.part(Files).add(room.noun, key, sent, by=session.user, topic=room.topic)
        return JSONResponse(document_of(_kept(done)), HTTPStatus.CREATED)

    @router.post(f"{path}/{{key:path}}/files/{{number}}/end")
    def end(
        site: SiteOf,
        *,
        session: Annotated[Session, changer],
        key: str,
        number: int,
        why: Annotated[str, Query(max_length=LONGEST_REASON)] = "",
    ) -> JSONResponse:
        """Take a file away from a record."""
        room.see(site, session, key)
        files, by = site.ground.part(Files), session.user
        done = files.end(room.noun, key, number, by=by, topic=room.topic, why=why.strip())
        return JSONResponse(document_of(_kept(done)))


def document_of(file: KeptFile) -> dict[str, Any]:
    """Write a file for programs: what it is, not its bytes."""
    return {
        "file": file.id,
        "title": file.title,
        "name": file.name,
        "type": TYPES[file.kind],
        "bytes": file.bytes,
        "sha256": file.digest,
        "kept_by": file.kept_by,
        "kept_at": file.kept_at,
    }


def _find(
    request: Request, site: Site, room: FileRoom, *, key: str, number: int
) -> Response | None:
    """Find a file that is in force, and its bytes."""
    with site.ground.database.read() as connection:
        found = find_file(connection, room.noun, key, number=number)
    content = None if found is None else site.ground.part(Files).hashed.read(found.digest)
    if found is None or content is None:
        return None
    how = "inline" if found.is_picture else "attachment"
    named = f"{how}; filename*=UTF-8''{quote(found.name, safe='')}"
    return send_kept(request, content, kind=TYPES[found.kind], disposition=named)


def _kept(done: KeptFile | Refused) -> KeptFile:
    if isinstance(done, KeptFile):
        return done
    first = done.reasons[0]
    unknown = first.code == "file_unknown"
    status = HTTPStatus.NOT_FOUND if unknown else HTTPStatus.UNPROCESSABLE_ENTITY
    raise ApiError(status, first.code, sentence(first), **first.params)
