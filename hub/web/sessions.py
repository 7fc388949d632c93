"""Who is asking: the session's cookie, and what its user may do."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Permission, Session
from hub.web.pages import is_part
from hub.web.site import SiteOf, site_of

_COOKIE: Final = "orderwire_session"
_FRESH: Final = "fresh"
"""Of an address of a form: it is shown empty, whatever draft is kept of it."""


class SignInNeededError(Exception):
    """Nobody is signed in; the page should ask who it is."""


def current_session(request: Request, site: SiteOf) -> Session | None:
    """Find the session of the request's cookie; one a person uses stays awake.

    One in which something has to be done first, such as typing a code, is nobody's yet.
    """
    session = begun_session(request, site)
    return session if session is not None and not session.step else None


def begun_session(request: Request, site: SiteOf) -> Session | None:
    """Find the session of the request's cookie, also one in which something is to be done first.

    It is looked for once a request: the page that says no asks again. Its pages are in the language
    that its user chose.
    """
    if not hasattr(request.state, "session"):
        request.state.session = _find_session(request, site)
    found: Session | None = request.state.session
    return found


def _find_session(request: Request, site: SiteOf) -> Session | None:
    token = token_of(request)
    if token is None:
        return None
    session = site.find_session(
        token,
        now_ms=site.now_ms(),
        # What a page fetches by itself must not keep an abandoned browser signed in.
        touch=not is_part(request),
    )
    if session is not None:
        site.tokens.note(token)
        if session.language is not None:
            request.state.language = session.language
    return session


def signed_in_for(permission: Permission) -> Callable[..., Awaitable[Session]]:
    """Make the dependency that lets in those with a permission.

    Others get 403; those who are not signed in are asked to.
    """

    async def check(session: Annotated[Session | None, Depends(current_session)]) -> Session:
        if session is None:
            raise SignInNeededError
        if not session.may(permission):
            raise HTTPException(403)
        return session

    return check


async def signed_in(session: Annotated[Session | None, Depends(current_session)]) -> Session:
    """Let in whoever is signed in; others are asked who they are."""
    if session is None:
        raise SignInNeededError
    return session


def asker_address(request: Request) -> str:
    """Give the network address that a request comes from; empty where the server knows none."""
    return request.client.host if request.client else ""


def token_of(request: Request) -> str | None:
    """Read the session's token from its cookie."""
    return request.cookies.get(_COOKIE)


def set_token(request: Request, response: Response, token: str, *, lasting_ms: int) -> None:
    """Hand the browser its session; no script can read it and no other site can send it."""
    site_of(request).tokens.note(token)
    response.set_cookie(
        _COOKIE,
        token,
        max_age=lasting_ms // 1000,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def clear_token(response: Response) -> None:
    """Take the session's cookie back."""
    response.delete_cookie(_COOKIE, httponly=True, samesite="lax")


def sign_in_address(request: Request, home: str) -> str:
    """Address the sign-in page so that it leads back to the page asked for.

    Whose session ended before something was sent is led back to the page that it was sent from:
    what was typed there is kept as a draft.
    """
    asked = request.url
    wanted = asked.path + (f"?{asked.query}" if asked.query else "")
    if request.method != "GET":
        wanted = _sent_from(request)
    if wanted in {"", "/", home}:
        return "/sign-in"
    return f"/sign-in?next={quote(wanted, safe='')}"


def _sent_from(request: Request) -> str:
    """Give the path of this hub's page that something was sent from; empty where nobody says.

    `fresh` is left out of it: it would begin the form anew.
    """
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.url.netloc:
        return ""
    kept = [one for one in parse_qsl(page.query, keep_blank_values=True) if one[0] != _FRESH]
    return page.path + (f"?{urlencode(kept)}" if kept else "")


def own_path(wanted: str, home: str) -> str:
    """Give the path to go to after signing in: the one wanted, `home` where it is not ours."""
    parts = urlsplit(wanted)
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    clean = wanted.isprintable() and not parts.scheme and not parts.netloc
    return wanted if local and clean else home
