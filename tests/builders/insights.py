"""What is about to happen, as somebody is told of it."""

from zoneinfo import ZoneInfo

from hub.base.access import EVERYTHING, Permission, Session
from hub.base.words import PageWords
from hub.desk.assistant.pages.insights import Looking, read_insights
from tests.builders.market import Market

ZONE = ZoneInfo("Asia/Kolkata")


def told_to_come(market: Market, permission: Permission) -> dict[str, str]:
    """Give each sentence with its address, for somebody who may read one kind of records."""
    session = Session(
        *("", 1, "vikram", (), 0, 0, 0), permissions=frozenset({permission}), scope=EVERYTHING
    )
    looking = Looking(session, PageWords(), market.clock.ms, ZONE)
    with market.database.read() as connection:
        found = read_insights(connection, looking)
    return {one.words: one.address for one in found if one.kind == "coming"}
