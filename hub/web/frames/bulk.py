"""Steps with several rows of a list: first what each would come to, then a result for each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON
from hub.base.ids import new_id
from hub.base.kept.drafts import Drafts
from hub.web.frames.cells import Amount
from hub.web.noun import Became, BulkStep, Foreseen, Router
from hub.web.pages import draw, words_of
from hub.web.sessions import own_path, signed_in
from hub.web.site import Site, SiteOf

router = Router()
SignedIn = Annotated[Session, Depends(signed_in)]
Texts = Annotated[list[str], Form(max_length=200)]
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row; `why_not` is empty where the step was taken.

    `became` names what the step made of it, and `became_at` is its address.
    """

    number: str
    name: str
    address: str
    why_not: str
    became: str = ""
    became_at: str = ""


@router.post("/bulk/{name}/{step}")
def foresee(
    site: SiteOf,
    session: SignedIn,
    *,
    name: str,
    step: str,
    key: Texts,
    back: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Keep what was chosen, and lead to the page that tells and asks."""
    asked = _step(site, session, name=name, step=step)
    chosen = {"keys": list(dict.fromkeys(key))[:_MOST], "back": own_path(back, site.home)}
    return _lead(site, session, step=asked, kept=chosen)


@router.get("/bulk/{name}/{step}/{kept}")
def show(
    request: Request, site: SiteOf, session: SignedIn, *, name: str, step: str, kept: str
) -> Response:
    """Tell what the step would do to each row that was chosen, and ask; or what came of each."""
    asked = _step(site, session, name=name, step=step)
    draft = site.ground.part(Drafts).read(kept, form=_form(asked), user=session.user_id)
    if draft is None:
        raise HTTPException(404)
    chosen = json.loads(draft.fields["kept"])
    if "results" not in chosen:
        return _ask(request, site, session, step=asked, keys=chosen["keys"], back=chosen["back"])
    results = [Result(**one) for one in chosen["results"]]
    return draw(
        request,
        "bulk_done.html",
        session=session,
        step=asked,
        results=results,
        done=sum(not one.why_not for one in results),
        back=chosen["back"],
    )


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
    why: Annotated[str, Form(max_length=LONGEST_REASON)] = "",
    back: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Take the step with each row that still is what was shown, and lead to what came of each."""
    asked = _step(site, session, name=name, step=step)
    back = own_path(back, site.home)
    rows = _foreseen(request, site, session, step=asked, keys=key)
    if _asks_why(asked, rows) and not why.strip():
        return _ask(request, site, session, step=asked, keys=key, back=back, unreasoned=True)
    words = words_of(request)
    seen = dict(zip(key, token, strict=False))
    results = []
    for row in rows:
        done: str | Became = row.why_not
        if not done and row.token != seen.get(row.key):
            done = words.text("bulk.changed")
        if not done:
            done = asked.do(site.ground, session, row, why=why.strip(), words=words)
        results.append(asdict(_result(row, done)))
    return _lead(site, session, step=asked, kept={"results": results, "back": back})


def _result(row: Foreseen, done: str | Became) -> Result:
    if isinstance(done, Became):
        return Result(row.number, row.name, row.address, "", done.words, done.address)
    return Result(row.number, row.name, row.address, done)


def _sums(rows: Sequence[Foreseen]) -> list[Amount]:
    """Add up what rows come to, by currency; nothing where no row says it."""
    sums: dict[tuple[str, int], int] = {}
    for row in rows:
        if isinstance(row.worth, Amount):
            at = (row.worth.currency, row.worth.scale)
            sums[at] = sums.get(at, 0) + (row.worth.minor or 0)
    return [Amount(minor, *at) for at, minor in sums.items()]


def _asks_why(step: BulkStep, rows: Sequence[Foreseen]) -> bool:
    """Say whether a reason has to be given: for the step, or for one of the rows that it takes."""
    return step.asks_why or any(row.asks_why and not row.why_not for row in rows)


def _form(step: BulkStep) -> str:
    return f"bulk.{step.list}.{step.name}"


def _lead(site: Site, session: Session, *, step: BulkStep, kept: Mapping[str, object]) -> Response:
    """Keep what a page shows, and lead to it: Back and reload then send nothing again."""
    key = new_id(site.now_ms())
    fields = {"kept": json.dumps(kept, ensure_ascii=False)}
    site.ground.part(Drafts).keep(
        key, form=_form(step), ref="", user=session.user_id, fields=fields
    )
    return RedirectResponse(f"/bulk/{step.list}/{step.name}/{key}", 303)


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
    open_rows = [row for row in rows if not row.why_not]
    return draw(
        request,
        "bulk.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if unreasoned else HTTPStatus.OK,
        step=step,
        asks_why=_asks_why(step, rows),
        open_rows=open_rows,
        sums=_sums(open_rows),
        shut_rows=[row for row in rows if row.why_not],
        back=back,
        unreasoned=unreasoned,
    )


def _foreseen(
    request: Request, site: Site, session: Session, *, step: BulkStep, keys: Sequence[str]
) -> Sequence[Foreseen]:
    """Tell what the step would do to each row; one that is not the reader's is not found."""
    words = words_of(request)
    with site.ground.database.read() as connection:
        asked = list(dict.fromkeys(keys))[:_MOST]
        rows = step.foresee(
            connection, asked, session, ground=site.ground, words=words, now_ms=site.now_ms()
        )
    known = {row.key for row in rows}
    why_not = words.text("bulk.not_found")
    lost = [Foreseen(one, "\u2013", "", "", why_not=why_not) for one in asked if one not in known]
    return [*rows, *lost]


def _step(site: Site, session: Session, *, name: str, step: str) -> BulkStep:
    """Find a step; raises HTTPException 404, or 403 for who may not take it."""
    found = next((one for one in site.bulk_of(name) if one.name == step), None)
    if found is None:
        raise HTTPException(404)
    if not session.may(found.permission):
        raise HTTPException(403)
    return found
