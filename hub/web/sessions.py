"""Who is asking: the session's cookie, and what its user may do."""

from collections.abc import Callable
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request, Response

from hub.domain.access import Permission, permits
from hub.services.sign_in import AGE_LIMIT_MS, Session, find_session
from hub.web.pages import is_part
from hub.web.site import Site

_COOKIE: Final = "orderwire_session"


class SignInNeededError(Exception):
    """Nobody is signed in; the page should ask who it is."""


def site_of(request: Request) -> Site:
    """Give the site a request is for."""
    site: Site = request.app.state.site
    return site


SiteOf = Annotated[Site, Depends(site_of)]


def current_session(request: Request, site: SiteOf) -> Session | None:
    """Find the session of the request's cookie; one a person uses stays awake."""
    token = token_of(request)
    if token is None:
        return None
    return find_session(
        site.accounts,
        token,
        now_ms=site.now_ms(),
        # What a page fetches by itself must not keep an abandoned browser signed in.
        touch=not is_part(request),
    )


def signed_in_for(permission: Permission) -> Callable[..., Session]:
    """Make the dependency that lets in those with a permission.

    Others get 403; those who are not signed in are asked to.
    """

    def check(session: Annotated[Session | None, Depends(current_session)]) -> Session:
        if session is None:
            raise SignInNeededError
        if not permits(session.role, permission):
            raise HTTPException(403)
        return session

    return check


def token_of(request: Request) -> str | None:
    """Read the session's token from its cookie."""
    return request.cookies.get(_COOKIE)


def set_token(request: Request, response: Response, token: str) -> None:
    """Hand the browser its session; no script can read it and no other site can send it."""
    response.set_cookie(
        _COOKIE,
        token,
        max_age=AGE_LIMIT_MS // 1000,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def clear_token(response: Response) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(_COOKIE, httponly=True, samesite="lax")


def sign_in_address(request: Request) -> str:
    """Address the sign-in page so that it leads back to the page asked for."""
    asked = request.url
    if is_part(request):
        asked = asked.replace(path=urlsplit(request.headers.get("hx-current-url", "")).path)
    wanted = asked.path + (f"?{asked.query}" if asked.query else "")
    if request.method != "GET" or wanted in {"/", "/orders"}:
        return "/sign-in"
    return f"/sign-in?next={quote(wanted, safe='')}"


def own_path(wanted: str) -> str:
    """Give the path to go to after signing in; never one of another site."""
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    clean = wanted.isprintable() and not parts.scheme and not parts.netloc
    return wanted if local and clean else "/orders"
