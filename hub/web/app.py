"""Puts the pages, the terminals' addresses and the guards together."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hub.bootstrap import Hub
from hub.web.pages import STATIC, draw, is_part
from hub.web.routes import live, machine, messages, orders, sign_in, terminals
from hub.web.security import SameOrigin, SecurityHeaders, dress
from hub.web.sessions import SignInNeededError, current_session, sign_in_address
from hub.web.site import Site

_LARGEST_BODY: Final = 64 * 1024
_YEAR: Final = "public, max-age=31536000, immutable"

_FAULTS: Final = {
    403: ("lock", "This is not for your role", "Ask an administrator if you need it for your work."),
    404: ("search", "There is no such page", "The address may be mistyped, or the order unknown."),
    405: ("search", "There is no such page", "The address may be mistyped, or the order unknown."),
    422: ("search", "This address makes no sense here", "Go back, and choose again."),
    500: (
        "alert-triangle",
        "Something failed at the hub",
        "Orders are safe: nothing that was confirmed is lost. Try again in a moment.",
    ),
}


class _Static(StaticFiles):
    """Static files; their addresses change with their content, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code in {200, 304}:
            answer.headers["Cache-Control"] = _YEAR
        return answer


def create_app(hub: Hub) -> FastAPI:
    """Make the web application of a hub."""
    app = FastAPI(
        title="Orderwire hub", openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.site = Site(hub)
    for subject in (sign_in, orders, terminals, messages, live, machine):
        app.include_router(subject.router)
    app.add_api_route("/", lambda: RedirectResponse("/orders"), methods=["GET"])
    app.mount("/static", _Static(directory=STATIC))
    app.add_exception_handler(SignInNeededError, _ask_to_sign_in)
    app.add_exception_handler(HTTPException, _show_fault)
    app.add_exception_handler(RequestValidationError, _show_fault)
    app.add_exception_handler(Exception, _show_fault)
    app.add_middleware(SameOrigin)
    app.add_middleware(SecurityHeaders)
    return app


def _ask_to_sign_in(request: Request, _error: Exception) -> Response:
    address = sign_in_address(request)
    if is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _show_fault(request: Request, error: Exception) -> Response:
    """Say what is wrong in plain words: a page to people, a line to programs."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if isinstance(error, RequestValidationError):
        status = 422
    headers = error.headers if isinstance(error, HTTPException) else None
    drawing, title, text = _FAULTS.get(status, _FAULTS[500])
    if request.url.path.startswith("/terminal/") or status == 401:
        return Response(title + "\n", status, headers, media_type="text/plain")
    session = current_session(request, request.app.state.site) if status != 500 else None
    page = draw(
        request,
        "fault.html",
        session=session,
        status=status,
        drawing=drawing,
        title=title,
        text=text,
    )
    if status == 500:
        dress(page.headers)  # this page is drawn outside of all middleware
    return page
