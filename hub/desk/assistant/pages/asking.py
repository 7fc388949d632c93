"""The page of questions: it leads to the report that is meant, or says what is not clear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.assistant.acts import AssistantActs
from hub.desk.assistant.acts.ask_question import ask_question
from hub.desk.assistant.model.names import Entry
from hub.desk.assistant.model.replies import Declined, Reply, Unclear, Understood
from hub.desk.assistant.pages.insights import Insight, Looking, read_insights
from hub.desk.reports.pages.addresses import address_of, request_at
from hub.desk.reports.reads.asking import local_date
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("reports.read"))]
PLACE: Final = "/ask"
_LONGEST: Final = 2_000
_LONGEST_TYPED: Final = 20_000
_EXAMPLES: Final = ("sales", "stock", "owed", "hindi")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several records that may be meant, and the address that asks for this one."""

    entry: Entry
    address: str


@router.get(PLACE)
def show_question(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    acts: Annotated[AssistantActs, Depends(acts_of(AssistantActs))],
    q: Annotated[str, Query(max_length=_LONGEST_TYPED)] = "",
    edit: Annotated[bool, Query()] = False,
    after: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> Response:
    """Lead to what a question asks for; with `edit` show it again to be written otherwise.

    `after` is the address of the report that the question follows.
    """
    text = q.strip()
    reply = None if edit or not text else _read(site, session, text, after=after)
    _keep(acts, reply, text, by=session.user)
    if isinstance(reply, Understood) and reply.request.report in DEFINITIONS:
        return RedirectResponse(_address(reply, text), 303)
    unclear = reply if isinstance(reply, Unclear) else None
    return draw(
        request,
        "ask.html",
        session=session,
        text=text,
        place=PLACE,
        report=reply.request.report if isinstance(reply, Understood) else "",
        why="" if reply is None or isinstance(reply, Understood) else reply.why,
        words=unclear.words if unclear and unclear.why in {"name", "days"} else "",
        choices=_choices(text, unclear) if unclear else (),
        examples=_EXAMPLES,
        after=after,
        insights=() if text else _insights(request, site, session),
        teaches=session.may("assistant.teach"),
    )


def _read(site: Site, session: Session, text: str, *, after: str) -> Reply:
    zone = site.distributor().zone
    today = local_date(site.now_ms(), zone)
    base = request_at(after, today) if after else None
    return ask_question(site.ground, text, scope=session.scope, zone=zone, after=base)


def _address(reply: Understood, text: str) -> str:
    """Give the address of the report or its file, with what of the question was not understood."""
    if reply.file:
        return address_of(reply.request, ("as", reply.file))
    notes = [("asked", text), *([("unread", " ".join(reply.unread))] if reply.unread else [])]
    notes += [("also", f"{one.kind}|{one.key}|{one.name}") for one in reply.also]
    notes += [("filled", "yes")] if reply.filled else []
    return address_of(reply.request, *notes)


def _keep(acts: AssistantActs, reply: Reply | None, text: str, *, by: str) -> None:
    """Keep a question of which something was not understood, for those who teach words."""
    if isinstance(reply, Unclear) and reply.why not in {"long", "empty"}:
        acts.keep(text, why=reply.why, words=reply.words, by=by)
    elif isinstance(reply, Declined) and reply.why == "outside":
        acts.keep(text, why=reply.why, words="", by=by)
    elif isinstance(reply, Understood) and reply.filled:
        acts.keep(text, why="report", words="", by=by)
    elif isinstance(reply, Understood) and reply.unread:
        acts.keep(text, why="words", words=" ".join(reply.unread), by=by)


def _insights(request: Request, site: Site, session: Session) -> Sequence[Insight]:
    """Tell what moved, what crossed a limit and what is about to, as far as the reader may see."""
    looking = Looking(session, words_of(request), site.now_ms(), site.distributor().zone)
    with site.ground.database.read() as connection:
        return read_insights(connection, looking)


def _choices(text: str, unclear: Unclear) -> Sequence[Choice]:
    """Offer the question once more with each record in it that may be meant."""
    names = [one.name for one in unclear.choices]
    found = []
    for entry in unclear.choices:
        is_plain = names.count(entry.name) == 1 and entry.name.lower() != unclear.words.lower()
        meant = entry.name if is_plain else entry.key
        gaps = r"\s+".join(re.escape(word) for word in unclear.words.split())
        plain = meant.replace("\\", r"\\")
        asked = re.sub(gaps, plain, text, count=1, flags=re.IGNORECASE)
        is_new = bool(gaps and meant) and asked != text
        found.append(Choice(entry, f"{PLACE}?{urlencode({'q': asked})}" if is_new else ""))
    return found
