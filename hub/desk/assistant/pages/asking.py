"""The page of questions: it leads to the report that is meant, or says what is not clear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.desk.assistant.model.names import Entry
from hub.desk.assistant.model.replies import Reply, Unclear, Understood
from hub.desk.assistant.reads.asking import read_asked
from hub.desk.reports.pages.addresses import address_of
from hub.desk.reports.reads.definitions import DEFINITIONS
from hub.web.pages import draw
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = APIRouter()
Reader = Annotated[Session, Depends(signed_in_for("reports.read"))]
PLACE: Final = "/ask"
_LONGEST: Final = 2_000
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
    q: Annotated[str, Query(max_length=_LONGEST)] = "",
    edit: Annotated[bool, Query()] = False,
) -> Response:
    """Lead to what a question asks for; with `edit` show it again to be written otherwise."""
    text = q.strip()
    reply = None if edit or not text else _read(site, session, text)
    if isinstance(reply, Understood) and reply.request.report in DEFINITIONS:
        return RedirectResponse(address_of(reply.request, ("asked", text)), 303)
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
    )


def _read(site: Site, session: Session, text: str) -> Reply:
    zone = site.distributor().zone
    return read_asked(site.ground, text, scope=session.scope, zone=zone)


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
