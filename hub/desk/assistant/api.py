"""Questions of programs: what they ask for, as a request and its address, or why there is none."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from fastapi import Depends
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.words import PageWords
from hub.desk.assistant.acts.ask_question import ask_question
from hub.desk.assistant.model.replies import Declined, Unclear, Understood
from hub.desk.reports.model.requests import write_request
from hub.desk.reports.pages.addresses import PLACE, address_of, request_at
from hub.desk.reports.reads.asking import local_date
from hub.web.noun import Router
from hub.web.programs import ApiError, body_of, read_said, token_for
from hub.web.site import SiteOf

router = Router(prefix="/api/v1")
_PLACE: Final = "/api/v1/reports"


class QuestionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a program sends: the question, as a person would write it.

    `after` is the address that the question before it led to, where this one follows it.
    """

    question: Annotated[str, msgspec.Meta(max_length=2_000)]
    after: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


@router.post("/ask")
def answer_question(
    site: SiteOf,
    session: Annotated[Session, Depends(token_for("reports.read"))],
    *,
    body: Annotated[bytes, Depends(body_of)],
) -> JSONResponse:
    """Give the request that a question means, and the address that answers it."""
    asked = read_said(body, QuestionBody)
    zone = site.distributor().zone
    before = asked.after.replace(_PLACE, PLACE, 1)
    base = request_at(before, local_date(site.now_ms(), zone)) if before else None
    text = asked.question.strip()
    reply = ask_question(site.ground, text, scope=session.scope, zone=zone, after=base)
    if isinstance(reply, Understood):
        told = {
            "request": write_request(reply.request),
            "address": address_of(reply.request, place=_PLACE),
            "unread": list(reply.unread),
            "filled": reply.filled,
            "also": [{"kind": one.kind, "name": one.name, "key": one.key} for one in reply.also],
        }
        return JSONResponse(told)
    raise _refusal(reply)


def _refusal(reply: Unclear | Declined) -> ApiError:
    """Say why a question leads nowhere; `choices` are the records that its words may mean."""
    choices: list[dict[str, str]] = []
    words, code = "", "question_declined"
    if isinstance(reply, Unclear):
        words, code = reply.words, "question_unclear"
        choices = [{"kind": one.kind, "name": one.name, "key": one.key} for one in reply.choices]
    text = PageWords().named("ask_why", reply.why)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return ApiError(status, code, text, why=reply.why, words=words, choices=choices)
