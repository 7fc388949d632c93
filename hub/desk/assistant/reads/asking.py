"""A question of somebody, read by the names that this person sees."""

from zoneinfo import ZoneInfo

from hub.base.access import Scope
from hub.base.ground import Ground
from hub.desk.assistant.model.reading import read_question
from hub.desk.assistant.model.replies import Asker, Reply, Unclear, Understood
from hub.desk.assistant.reads.indexes import NameIndexes
from hub.desk.assistant.reads.words import lexicon_of
from hub.desk.parties.reads import serves_customers
from hub.desk.reports.model.requests import ReportRequest
from hub.desk.reports.reads.asking import local_date


def read_asked(
    ground: Ground, text: str, *, scope: Scope, zone: ZoneInfo, after: ReportRequest | None = None
) -> Reply:
    """Read a question into a request, a question back, or a plain no; days are the zone's.

    `after` is the request that it follows. Where something is not understood, names are looked up
    once more as they stand: a customer may have been added a moment ago.
    """
    reply = _read(ground, text, scope=scope, zone=zone, after=after)
    if isinstance(reply, Unclear) or (isinstance(reply, Understood) and reply.unread):
        reply = _read(ground, text, scope=scope, zone=zone, after=after, wait=True)
    return reply


def _read(
    ground: Ground,
    text: str,
    *,
    scope: Scope,
    zone: ZoneInfo,
    after: ReportRequest | None,
    wait: bool = False,
) -> Reply:
    with ground.database.read() as connection:
        index = ground.part(NameIndexes).find(connection, scope=scope, wait=wait)
        lexicon = lexicon_of(connection, scope=scope)
        serves = serves_customers(connection, scope=scope)
    return read_question(
        text,
        Asker(narrowed=scope.narrowed, serves=serves),
        index,
        lexicon=lexicon,
        today=local_date(ground.clock.now_ms(), zone),
        after=after,
    )
