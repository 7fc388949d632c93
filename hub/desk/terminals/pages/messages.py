"""Messages that were not taken, readable without harm."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.listing import Sorting, Wanted
from hub.base.words import PageWords
from hub.desk.terminals.reads.messages import RefusedRow, count_refused, list_refused
from hub.web.formats import readable
from hub.web.frames.cells import Cell, Moment, Raw, Text
from hub.web.frames.filters import Asking, Choice, Option
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("messages.read"))]


def _codes(asking: Asking) -> list[Option]:
    found = count_refused(asking.connection, scope=asking.session.scope)
    return [Option(one.code, asking.words.named("refused", one.code)) for one in found]


def _order(row: RefusedRow, _words: PageWords) -> Cell:
    return Text(row.order[:8], href=f"/orders/{row.order}") if row.order else Text("")


def _payload(row: RefusedRow, words: PageWords) -> Cell:
    """Show bytes as text: what is not UTF-8 or cannot be seen as escapes.

    Of a count of messages nothing was kept.
    """
    if not row.topic and not row.payload:
        return Text("")
    text = readable(row.payload.decode("utf-8", "backslashreplace"))
    said = words.counted("messages.bytes", len(row.payload))
    topic = words.text("messages.on_topic", topic=readable(row.topic))
    return Raw(f"{said} {topic}", text)


MESSAGES: Final[ListFrame[RefusedRow]] = ListFrame(
    name="messages",
    address="/messages",
    title="messages.title",
    icon="mail-off",
    columns=(
        Column(
            "received",
            "messages.received",
            lambda row, _: Moment(row.at, ago=True),
            sort="received",
        ),
        Column(
            "from",
            "messages.from",
            lambda row, words: Text(row.terminal or words.text("messages.nobody")),
            sort="from",
            phone="corner",
        ),
        Column(
            "why",
            "messages.why",
            lambda row, words: Text(words.named("refused", row.code), sub=row.text),
            sort="code",
            phone="lead",
            groups=True,
        ),
        Column("order", "word.order", _order, phone="lead"),
        Column("came", "messages.came", _payload, phone="lead"),
    ),
    key=lambda row: str(row.id),
    sort=Sorting("received", descending=True),
    topics=("messages",),
    empty="messages.none",
    search="messages.search",
    text="messages.text",
    tabs="code",
    filters=(Choice("code", "messages.reason", _codes),),
)


@router.get("/messages")
def messages(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the kept messages with a count for each reason, what is live of it, or a file."""

    def read(connection: Connection, wanted: Wanted) -> Listed[RefusedRow]:
        counts = count_refused(connection, scope=session.scope)
        page = list_refused(connection, wanted, scope=session.scope)
        return Listed(page, counts={one.code: one.count for one in counts})

    return show_list(request, site, session, frame=MESSAGES, read=read)
