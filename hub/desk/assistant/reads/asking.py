"""A question of somebody, read by the names that this person sees."""

from zoneinfo import ZoneInfo

from hub.base.access import Scope
from hub.base.ground import Ground
from hub.desk.assistant.model.lexicon import shipped_lexicon
from hub.desk.assistant.model.reading import Asker, Reply, read_question
from hub.desk.assistant.reads.indexes import NameIndexes
from hub.desk.reports.reads.asking import local_date


def read_asked(ground: Ground, text: str, *, scope: Scope, zone: ZoneInfo) -> Reply:
    """Read a question into a request, a question back, or a plain no; days are the zone's."""
    now_ms = ground.clock.now_ms()
    with ground.database.read() as connection:
        index = ground.part(NameIndexes).find(connection, scope=scope, now_ms=now_ms)
    return read_question(
        text,
        Asker(narrowed=scope.narrowed),
        index,
        lexicon=shipped_lexicon(),
        today=local_date(now_ms, zone),
    )
