"""Puts the pages, the terminals' addresses and the guards together."""

import gzip
import logging
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.base.access import Session
from hub.base.engine.database import is_outage
from hub.web import stream
from hub.web.frames import bulk, home, lists
from hub.web.live import QUIET_S, Beat, Feed, SecondBeat
from hub.web.pages import STATIC, draw, is_part, make_environments, words_of
from hub.web.programs import (
    LARGEST_BODY,
    ApiError,
    ErrorDocuments,
    is_for_programs,
    tell_error,
    tell_fault,
)
from hub.web.security import (
    KnownHost,
    SameOrigin,
    SecurityHeaders,
    WholeTexts,
    check_address,
    dress,
)
from hub.web.serving import safe_pages
from hub.web.serving.strangers import StrangersInTurn
from hub.web.sessions import SignInNeededError, current_session, sign_in_address
from hub.web.site import Frame, Site

_log = logging.getLogger(__name__)
_RETRY_S: Final = "5"
_PACKABLE: Final = (".css", ".js", ".svg", ".json")
_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a page says when there is nothing else to show, by the ids of its texts."""

    drawing: str
    title: str
    text: str


_FAULTS: Final = {
    HTTPStatus.FORBIDDEN: _Fault("lock", "fault.forbidden", "fault.forbidden_text"),
    HTTPStatus.NOT_FOUND: _Fault("search", "fault.not_found", "fault.not_found_text"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _Fault("search", "fault.senseless", "fault.senseless_text"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _Fault(
        "alert-triangle", "fault.large", "fault.large_text"
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: _Fault("alert-triangle", "fault.away", "fault.failed_text"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _Fault("alert-triangle", "fault.failed", "fault.failed_text"),
}


class _Static(StaticFiles):
    """Static files, packed for browsers that unpack; addresses change with content, so all keep.

    Each file is packed once: a style sheet of 635 KB goes out as 79 KB.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            return answer
        answer.headers["Cache-Control"] = _YEAR
        answer.headers["Vary"] = "Accept-Encoding"
        wanted = Headers(scope=scope)
        takes = "gzip" in wanted.get("accept-encoding", "")
        if answer.status_code != HTTPStatus.OK or "range" in wanted or not takes:
            return answer
        if not path.endswith(_PACKABLE):
            return answer
        body = await run_in_threadpool(_packed, STATIC / path)
        headers = {name: answer.headers[name] for name in ("Cache-Control", "Vary")}
        headers["Content-Encoding"] = "gzip"
        return Response(body, headers=headers, media_type=answer.headers["Content-Type"])


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def create_app(frame: Frame, *, beat: Beat | None = None, quiet_s: float = QUIET_S) -> FastAPI:
    """Make the web application of a hub; pages hear of changes on the beat, by default a second."""
    beat = beat or SecondBeat()
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(check_address)]
    )
    topics = [topic for noun in frame.nouns for topic in noun.topics]
    app.state.site = Site(frame, beat=beat, feed=Feed(beat, topics=topics, quiet_s=quiet_s))
    app.state.environments = make_environments(
        [noun.templates for noun in frame.nouns if noun.templates],
        {name: value for noun in frame.nouns for name, value in noun.words.items()},
    )
    own = (stream.router, home.router, bulk.router, lists.router, safe_pages.router)
    for router in (*own, *(each for noun in frame.nouns for each in noun.routers)):
        app.include_router(router)
    app.mount("/static", _Static(directory=STATIC))
    app.add_exception_handler(ApiError, tell_error)
    app.add_exception_handler(SignInNeededError, _ask_to_sign_in)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    app.add_exception_handler(HTTPException, _show_fault)
    app.add_exception_handler(RequestValidationError, _show_fault)
    app.add_exception_handler(Exception, _show_failure)
    # Not FastAPI's own limit: that one answers outside of all middleware, in words for nobody.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(StrangersInTurn, is_known=app.state.site.tokens.has)
    app.add_middleware(WholeTexts)
    app.add_middleware(_LimitPages)
    app.add_middleware(SameOrigin)
    app.add_middleware(KnownHost, hosts=frame.hosts)
    app.add_middleware(_Outages)
    app.add_middleware(ErrorDocuments)
    app.add_middleware(SecurityHeaders)
    return app


class _LimitPages:
    """Has people told by a page that a form or a file was too large, whoever refused it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where it was too large, draw the page of that."""
        if scope["type"] != "http" or not _is_for_people(scope["path"]):
            await self._app(scope, receive, send)
            return
        replaced = False

        async def send_page(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                is_bare = kind.startswith("text/plain")
                replaced = is_bare and message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                if replaced:
                    page = await run_in_threadpool(_draw_too_large, Request(scope))
                    await page(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_page)


class _Outages:
    """Says in one line of the log, and in words, that the database cannot be asked just now."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what fails of the database itself is worth another try."""
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:
            if begun or scope["type"] != "http" or not is_outage(error):
                raise
            _log.error("the database cannot be asked: %s", type(error).__name__)
            answer = _bare_fault(Request(scope), HTTPStatus.SERVICE_UNAVAILABLE)
            answer.headers["Retry-After"] = _RETRY_S
            await answer(scope, receive, send)


def _draw_too_large(request: Request) -> Response:
    session = current_session(request, request.app.state.site)
    return _fault_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, session)


def _is_for_people(path: str) -> bool:
    return not is_for_programs(path) and not path.startswith("/terminal/")


def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """Answer who left the page while a form was still on its way; that is no fault of the hub."""
    return Response(status_code=400)


def _ask_to_sign_in(request: Request, _error: Exception) -> Response:
    if is_part(request):  # the page that it is a part of knows where it is, and whose
        return Response(status_code=401)
    return RedirectResponse(sign_in_address(request, request.app.state.site.home), 303)


def _show_fault(request: Request, error: Exception) -> Response:
    """Say what was asked wrongly: a page to people, a document to programs, a line to terminals."""
    status, headers = HTTPStatus.UNPROCESSABLE_ENTITY, None
    if isinstance(error, HTTPException):
        status, headers = HTTPStatus(error.status_code), error.headers
    if is_for_programs(request.url.path):
        return tell_fault(status, headers=headers, **_named_in(error))
    if request.url.path.startswith("/terminal/"):
        return Response(f"{status.phrase}\n", status, headers, media_type="text/plain")
    session = current_session(request, request.app.state.site)
    return _fault_page(request, status, session)


def _named_in(error: Exception) -> dict[str, list[str]]:
    """Name the parameters of an address that make no sense."""
    if not isinstance(error, RequestValidationError):
        return {}
    return {"parameters": sorted({str(one["loc"][-1]) for one in error.errors()})}


def _show_failure(request: Request, _error: Exception) -> Response:
    """Show that we failed; the error itself goes to the log. This is outside of all middleware."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    try:
        for_programs = is_for_programs(request.url.path)
        page = tell_fault(status) if for_programs else _fault_page(request, status, None)
    except SQLAlchemyError:  # without the database no page can be drawn
        page = _bare_fault(request, status)
    dress(page.headers)
    return page


def _bare_fault(request: Request, status: HTTPStatus) -> Response:
    """Say what failed where no page can be drawn: a line, or the document that programs read."""
    if is_for_programs(request.url.path):
        return tell_fault(status)
    words, fault = words_of(request), _FAULTS[status]
    said = f"{words.text(fault.title)}\n{words.text(fault.text)}\n"
    return Response(said, status, media_type="text/plain")


def _fault_page(request: Request, status: HTTPStatus, session: Session | None) -> Response:
    fault = _FAULTS.get(status, _FAULTS[HTTPStatus.NOT_FOUND])
    return draw(request, "fault.html", session=session, status=status, fault=fault)
