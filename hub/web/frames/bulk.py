"""Steps with several rows of a list: first what each would come to, then a result for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from hub.base.access import Session
from hub.web.noun import BulkStep, Foreseen
from hub.web.pages import draw, words_of
from hub.web.sessions import own_path, signed_in
from hub.web.site import Site, SiteOf

router = APIRouter()
SignedIn = Annotated[Session, Depends(signed_in)]
Texts = Annotated[list[str], Form(max_length=200)]
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row; `why_not` is empty where the step was taken."""

    row: Foreseen
    why_not: str


@router.post("/bulk/{name}/{step}")
def foresee(
    request: Request,
    site: SiteOf,
    session: SignedIn,
    *,
    name: str,
    step: str,
    key: Texts,
    back: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Tell what the step would do to each row that was chosen, and ask."""
    asked = _step(site, session, name=name, step=step)
    return _ask(request, site, session, step=asked, keys=key, back=own_path(back, site.home))


@router.post("/bulk/{name}/{step}/do")
def take(
    request: Request,
    site: SiteOf,
    session: SignedIn,
    *,
    name: str,
    step: str,
    key: Texts,
    token: Texts,
    why: Annotated[str, Form(max_length=300)] = "",
    back: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Take the step with each row that still is what was shown, and tell what came of each."""
    asked = _step(site, session, name=name, step=step)
    back = own_path(back, site.home)
    if asked.asks_why and not why.strip():
        return _ask(request, site, session, step=asked, keys=key, back=back, unreasoned=True)
    words = words_of(request)
    seen = dict(zip(key, token, strict=False))
    results = []
    for row in _foreseen(request, site, session, step=asked, keys=key):
        if row.why_not:
            results.append(Result(row, row.why_not))
        elif row.token != seen.get(row.key):
            results.append(Result(row, words.text("bulk.changed")))
        else:
            done = asked.do(site.ground, session, row, why=why.strip(), words=words)
            results.append(Result(row, done))
    return draw(
        request,
        "bulk_done.html",
        session=session,
        step=asked,
        results=results,
        done=sum(not one.why_not for one in results),
        back=back,
    )


def _ask(
    request: Request,
    site: Site,
    session: Session,
    *,
    step: BulkStep,
    keys: Sequence[str],
    back: str,
    unreasoned: bool = False,
) -> Response:
    rows = _foreseen(request, site, session, step=step, keys=keys)
    return draw(
        request,
        "bulk.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if unreasoned else HTTPStatus.OK,
        step=step,
        open_rows=[row for row in rows if not row.why_not],
        shut_rows=[row for row in rows if row.why_not],
        back=back,
        unreasoned=unreasoned,
    )


def _foreseen(
    request: Request, site: Site, session: Session, *, step: BulkStep, keys: Sequence[str]
) -> Sequence[Foreseen]:
    with site.ground.database.read() as connection:
        return step.foresee(
            connection,
            list(dict.fromkeys(keys))[:_MOST],
            session,
            words=words_of(request),
            now_ms=site.now_ms(),
        )


def _step(site: Site, session: Session, *, name: str, step: str) -> BulkStep:
    """Find a step; raises HTTPException 404, or 403 for who may not take it."""
    found = next((one for one in site.bulk_of(name) if one.name == step), None)
    if found is None:
        raise HTTPException(404)
    if not session.may(found.permission):
        raise HTTPException(403)
    return found
