"""Sign in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.services.sign_in import sign_in, sign_out
from hub.web.pages import draw
from hub.web.sessions import SiteOf, clear_token, own_path, set_token, token_of
from hub.web.site import Site

router = APIRouter()


@router.get("/sign-in")
def ask(request: Request, wanted: Annotated[str, Query(alias="next")] = "/orders") -> Response:
    """Show the sign-in page."""
    return _page(request, wanted=wanted)


@router.post("/sign-in")
def enter(
    request: Request,
    site: SiteOf,
    *,
    name: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=1024)],
    wanted: Annotated[str, Form(alias="next")] = "/orders",
) -> Response:
    """Check name and password, and open a session."""
    now, name = site.now_ms(), name.strip()
    address = request.client.host if request.client else ""
    wait_ms = _wait(site, name, address)
    if wait_ms:
        seconds = -(-wait_ms // 1000)
        page = _page(
            request,
            wanted=wanted,
            name=name,
            status=429,
            fault=f"Too many tries. Wait {seconds} seconds, then try again.",
        )
        page.headers["Retry-After"] = str(seconds)
        return page
    token = sign_in(site.accounts, name=name, password=password, address=address, now_ms=now)
    if token is None:
        fault = "The name or the password is wrong."
        return _page(request, wanted=wanted, name=name, status=401, fault=fault)
    previous = token_of(request)
    if previous is not None:
        sign_out(site.accounts, previous)
    answer = RedirectResponse(own_path(wanted), 303)
    set_token(request, answer, token)
    return answer


@router.post("/sign-out")
def leave(request: Request, site: SiteOf) -> Response:
    """End the session."""
    token = token_of(request)
    if token is not None:
        sign_out(site.accounts, token)
    answer = RedirectResponse("/sign-in", 303)
    clear_token(answer)
    return answer


def _wait(site: Site, name: str, address: str) -> int:
    """Count the try; give how many milliseconds this browser has to wait, if any.

    Names are counted with the address: else anybody could lock a user out.
    """
    now = site.now_ms()
    return site.sign_ins_by_address.take(address, now) or site.sign_ins_by_name.take(
        f"{name.casefold()}\n{address}", now
    )


def _page(
    request: Request, *, wanted: str, name: str = "", status: int = 200, fault: str = ""
) -> Response:
    return draw(
        request,
        "sign_in.html",
        session=None,
        status=status,
        next=own_path(wanted),
        name=name,
        fault=fault,
    )
