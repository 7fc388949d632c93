"""Take a version of the rule pack a step on: shadow, publish, call off, go back, give up."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.desk.rulepacks.acts import PackActs
from hub.desk.rulepacks.acts.foresee_pack import tell_effect
from hub.desk.rulepacks.model.starts import StartError, read_start
from hub.desk.rulepacks.model.steps import PackStepError
from hub.desk.rulepacks.model.versions import Version
from hub.desk.rulepacks.pages.packs import Number, Publisher, Replayed, pack_page, publish_page
from hub.desk.rulepacks.words import why_refused
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf
from rules import PackLoadError

router = Router()
Author = Annotated[Session, Depends(signed_in_for("packs.add"))]
Why = Annotated[str, Form(max_length=LONGEST_REASON), AfterValidator(str.strip)]


@router.post("/packs/{number}/shadow")
def shadow(
    request: Request,
    site: SiteOf,
    session: Author,
    *,
    number: Number,
    turn: Annotated[Literal["begin", "end"], Form()],
) -> Response:
    """Begin or end a draft's shadow."""
    use = (
        site.ground.part(PackActs).shadow.begin
        if turn == "begin"
        else site.ground.part(PackActs).shadow.end
    )
    return _taken(request, site, session, number=number, step=partial(use, by=session.user))


@router.post("/packs/{number}/publish")
def publish(
    request: Request,
    site: SiteOf,
    session: Publisher,
    *,
    number: Number,
    orders: Annotated[Replayed, Form()],
    why: Why = "",
    start: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Publish a draft, at once or from a start on; the effect goes into the history."""
    try:
        starts_at = read_start(start, site.distributor().zone) if start.strip() else None
        effect = tell_effect(site.ground.part(PackActs).foresee(number, orders=orders))
        site.ground.part(PackActs).publish(
            number, by=session.user, why=why, effect=effect, starts_at=starts_at
        )
    except (PackStepError, PackLoadError, StartError) as error:
        words = words_of(request)
        why_not = why_refused(error, language=words.language)
        fault = words.text("publish.nothing_published", why=why_not)
        return publish_page(
            request,
            site,
            session,
            number=number,
            orders=orders,
            status=409,
            fault=fault,
            why=why,
            start=start,
        )
    return RedirectResponse(f"/packs/{number}", 303)


@router.post("/packs/{number}/call-off")
def call_off(
    request: Request, site: SiteOf, session: Publisher, *, number: Number, why: Why = ""
) -> Response:
    """Take a schedule back."""
    step = partial(site.ground.part(PackActs).call_off, by=session.user, why=why)
    return _taken(request, site, session, number=number, step=step)


@router.post("/packs/{number}/roll-back")
def roll_back(
    request: Request, site: SiteOf, session: Publisher, *, number: Number, why: Why = ""
) -> Response:
    """Publish an earlier version's content again."""
    step = partial(site.ground.part(PackActs).roll_back, by=session.user, why=why)
    return _taken(request, site, session, number=number, step=step)


@router.post("/packs/{number}/drop")
def drop(
    request: Request, site: SiteOf, session: Author, *, number: Number, why: Why = ""
) -> Response:
    """Give a draft up."""
    step = partial(site.ground.part(PackActs).drop, by=session.user, why=why)
    return _taken(request, site, session, number=number, step=step)


def _taken(
    request: Request, site: Site, session: Session, *, number: int, step: Callable[[int], Version]
) -> Response:
    """Take a step and show the version it leads to; where it is refused, say why."""
    try:
        version = step(number)
    except (PackStepError, PackLoadError) as error:
        words = words_of(request)
        why = why_refused(error, language=words.language)
        fault = words.text("pack.nothing_changed", why=why)
        return pack_page(request, site, session, number=number, status=409, fault=fault)
    return RedirectResponse(f"/packs/{version.version}", 303)
