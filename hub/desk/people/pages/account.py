"""One's own account: password, second factor, stand-in, and the browsers that are signed in."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.codes import address_of
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.pages.limits import IN_TURN
from hub.desk.people.pages.steps import spare_codes, try_with_care
from hub.desk.people.reads.users import (
    count_recovery,
    list_names,
    list_sessions,
    read_user,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in
from hub.web.site import Site, SiteOf

router = Router()
SignedIn = Annotated[Session, Depends(signed_in)]
Secret = Annotated[str, Form(max_length=1024)]
_PAGE = "/me"


@router.get("/me")
def me(request: Request, site: SiteOf, session: SignedIn, *, done: str = "") -> Response:
    """Show one's own account."""
    told = words_of(request).named("me_done", done) if done in {"password", "stand_in"} else ""
    return _page(request, site, session, done=told)


@router.post("/me/password", dependencies=[IN_TURN])
def password(
    request: Request,
    site: SiteOf,
    session: SignedIn,
    *,
    old: Secret,
    given: Secret,
    again: Secret,
) -> Response:
    """Have another password."""

    def work() -> None:
        if given != again:
            raise PeopleError("password_invalid")
        site.ground.part(PeopleActs).own.change_password(session, old=old, new=given)

    return _try(request, site, session, work=work) or RedirectResponse(
        f"{_PAGE}?done=password", 303
    )


@router.post("/me/sessions/end")
def end(
    site: SiteOf, session: SignedIn, *, which: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """End one of one's own sessions, or all but this one."""
    site.ground.part(PeopleActs).own.end_session(session, which)
    return RedirectResponse(_PAGE, 303)


@router.get("/me/factor")
def factor(request: Request, site: SiteOf, session: SignedIn) -> Response:
    """Show the secret that an authenticator takes in."""
    return _factor_page(request, site, session)


@router.post("/me/factor", dependencies=[IN_TURN])
def confirm(
    request: Request, site: SiteOf, session: SignedIn, *, code: Secret, password: Secret = ""
) -> Response:
    """Ask for codes from now on, where the password is right, and show the spare ones."""
    codes: list[str] = []

    def work() -> None:
        added = site.ground.part(PeopleActs).factor.add(session, code, password=password)
        codes.extend(added)

    fault = _try(request, site, session, work=work, page=_factor_page)
    return fault or spare_codes(request, session, codes, wanted=_PAGE)


@router.post("/me/factor/spare")
def spare(request: Request, site: SiteOf, session: SignedIn, *, code: Secret) -> Response:
    """Give new spare codes."""
    codes: list[str] = []

    def work() -> None:
        codes.extend(site.ground.part(PeopleActs).factor.renew_recovery(session, code))

    fault = _try(request, site, session, work=work)
    return fault or spare_codes(request, session, codes, wanted=_PAGE)


@router.post("/me/factor/off")
def give_up(request: Request, site: SiteOf, session: SignedIn, *, code: Secret) -> Response:
    """Ask for no code any more."""

    def work() -> None:
        site.ground.part(PeopleActs).factor.give_up(session, code)

    return _try(request, site, session, work=work) or RedirectResponse(_PAGE, 303)


@router.post("/me/stand-in")
def stand_in(
    request: Request,
    site: SiteOf,
    session: SignedIn,
    *,
    name: Annotated[str, Form(max_length=64)],
    since: Annotated[date, Form()],
    until: Annotated[date, Form()],
) -> Response:
    """Have somebody decide instead of oneself on some days."""

    def work() -> None:
        site.ground.part(PeopleActs).lines.own_stand_in(
            name, since=since, until=until, by=session.actor
        )

    return _try(request, site, session, work=work) or RedirectResponse(
        f"{_PAGE}?done=stand_in", 303
    )


def _try(
    request: Request,
    site: Site,
    session: Session,
    *,
    work: Callable[[], None],
    page: Callable[..., Response] | None = None,
) -> Response | None:
    """Do something; gives the page that says why it was not done, None where it was."""
    draw_page = page or _page
    words = words_of(request)
    try:
        wait_ms = try_with_care(request, site, session, work=work)
    except PeopleError as error:
        fault = words.named("user_fault", error.code)
        return draw_page(request, site, session, fault=fault, status=422)
    if not wait_ms:
        return None
    fault = words.counted("sign_in.too_many", -(-wait_ms // 1000))
    return draw_page(request, site, session, fault=fault, status=429)


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    fault: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    with site.ground.database.read() as connection:
        sessions = list_sessions(connection, session.user_id, scope=session.scope)
        user = read_user(connection, session.user_id, scope=session.scope)
        spare_left = count_recovery(connection, session.user_id, scope=session.scope)
        names = list_names(connection, scope=session.scope)
    return draw(
        request,
        "me.html",
        session=session,
        status=status,
        user=user,
        sessions=sessions,
        spare_left=spare_left,
        names=names,
        today=site.today(),
        fault=fault,
        done=done,
    )


def _factor_page(
    request: Request, site: Site, session: Session, *, fault: str = "", status: int = 200
) -> Response:
    try:
        secret = site.ground.part(PeopleActs).factor.begin(session)
    except PeopleError:
        return RedirectResponse(_PAGE, 303)
    return draw(
        request,
        "factor.html",
        session=session,
        status=status,
        secret=secret,
        otpauth=address_of(secret, user=session.user, hub=site.distributor().name),
        fault=fault,
    )
