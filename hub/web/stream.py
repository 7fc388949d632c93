"""The stream that tells an open page to fetch what changed."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from hub.base.access import Session
from hub.base.limits.numbers import whole_number
from hub.web.noun import Router
from hub.web.sessions import signed_in_for, token_of
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("orders.read"))]


@router.get("/live", response_class=EventSourceResponse)
async def live(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    seen: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Name what changed; the page then fetches it, as the user it is by then.

    `seen` is the change the page was drawn at; a page that connects again says what it heard last.
    """
    topics = frozenset(topic for topic, needed in site.topics.items() if session.may(needed))
    heard = seen if last_event_id is None else whole_number(last_event_id, otherwise=seen)
    async for news in site.feed.follow(topics, heard):
        for topic in news.topics:
            yield ServerSentEvent(event=topic, raw_data="changed", id=str(news.number))
        if not news.topics and not await run_in_threadpool(_still_signed_in, request, site):
            yield ServerSentEvent(event="signed-out", raw_data="")
            return


def _still_signed_in(request: Request, site: Site) -> bool:
    token = token_of(request) or ""
    return site.find_session(token, now_ms=site.now_ms(), touch=False) is not None
