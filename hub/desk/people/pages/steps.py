"""What has to be done first in a session: show a code, choose a password, take a factor in."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.codes import address_of as factor_address
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.pages.limits import IN_TURN, SignInLimits, Trying
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import SignInNeededError, asker_address, begun_session, own_path
from hub.web.site import Site, SiteOf

router = Router()
Step = Literal["code", "password", "factor"]


async def begun(session: Annotated[Session | None, Depends(begun_session)]) -> Session:
    """Let in whoever showed a password, also where more is to be done first."""
    if session is None:
        raise SignInNeededError
    return session


Begun = Annotated[Session, Depends(begun)]


def step_address(step: str, wanted: str) -> str:
    """Address the page on which a step is done, and that leads on from there."""
    return f"/sign-in/{step}?next={quote(wanted, safe='')}"


@router.get("/sign-in/{step}")
def show(
    request: Request,
    site: SiteOf,
    session: Begun,
    *,
    step: Step,
    wanted: Annotated[str, Query(alias="next")] = "",
) -> Response:
    """Show the page of a step, or lead on where it is done."""
    if session.step != step:
        return _on(site, session.step, wanted)
    return _page(request, site, session, step=step, wanted=wanted)


@router.post("/sign-in/{step}", dependencies=[IN_TURN])
def take(
    request: Request,
    site: SiteOf,
    session: Begun,
    *,
    step: Step,
    given: Annotated[str, Form(max_length=1024)] = "",
    again: Annotated[str, Form(max_length=1024)] = "",
    wanted: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Do a step, and lead on."""
    if session.step != step:
        return _on(site, session.step, wanted)
    acts = site.ground.part(PeopleActs)
    codes: list[str] = []

    def code() -> None:
        acts.factor.show(session, given)

    def password() -> None:
        if given != again:
            raise PeopleError("password_invalid")
        acts.own.choose_password(session, given)

    def factor() -> None:
        codes.extend(acts.factor.confirm(session, given))

    work: dict[str, Callable[[], None]] = {"code": code, "password": password, "factor": factor}
    answer = _do(request, site, session, work=work[step], step=step, wanted=wanted)
    if answer is not None:
        return answer
    if codes:
        return spare_codes(request, session, codes, wanted=own_path(wanted, site.home))
    return _on(site, "", wanted)


def try_with_care(
    request: Request, site: Site, session: Session, *, work: Callable[[], None]
) -> int:
    """Do what a password or a code is needed for; gives how long to wait instead, in ms.

    Wrong ones are counted by user and address. Raises PeopleError.
    """
    limits, now = site.ground.part(SignInLimits), site.now_ms()
    trying = Trying(f"proving\n{session.user_id}", asker_address(request))
    wait_ms = limits.wait(trying, now)
    if wait_ms:
        return wait_ms
    try:
        work()
    except PeopleError as error:
        if error.code in {"code_wrong", "password_wrong"}:
            limits.note(trying, now, right=False)
        raise
    limits.note(trying, now, right=True)
    return 0


def spare_codes(
    request: Request, session: Session, codes: Sequence[str], *, wanted: str
) -> Response:
    """Show new spare codes, this once."""
    return draw(request, "spare_codes.html", session=session, codes=codes, next=wanted)


def _do(
    request: Request,
    site: Site,
    session: Session,
    *,
    work: Callable[[], None],
    step: Step,
    wanted: str,
) -> Response | None:
    try:
        wait_ms = try_with_care(request, site, session, work=work)
    except PeopleError as error:
        fault = words_of(request).named("user_fault", error.code)
        return _page(request, site, session, step=step, wanted=wanted, fault=fault, status=422)
    if not wait_ms:
        return None
    seconds = -(-wait_ms // 1000)
    fault = words_of(request).counted("sign_in.too_many", seconds)
    page = _page(request, site, session, step=step, wanted=wanted, fault=fault, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def _on(site: Site, step: str, wanted: str) -> Response:
    where = own_path(wanted, site.home)
    return RedirectResponse(step_address(step, where) if step else where, 303)


def _page(
    request: Request,
    site: Site,
    session: Session,
    *,
    step: Step,
    wanted: str,
    fault: str = "",
    status: int = 200,
) -> Response:
    secret = ""
    if step == "factor":
        try:
            secret = site.ground.part(PeopleActs).factor.begin(session)
        except PeopleError as error:
            raise HTTPException(409) from error
    return draw(
        request,
        "sign_in_step.html",
        session=None,
        status=status,
        step=step,
        next=own_path(wanted, site.home),
        fault=fault,
        secret=secret,
        otpauth=factor_address(secret, user=session.user, hub=site.distributor().name),
    )
