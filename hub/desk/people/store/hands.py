"""Who let programs in, now and before: for whatever one person may not do with two hands."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from hub.base import history
from hub.desk.people.model.accounts import key_of_name
from hub.desk.people.model.hands import Hands
from hub.desk.people.store.tokens import NOUN
from hub.desk.people.tables import api_token, user_account


def read_hands(connection: Connection) -> Hands:
    """Read which programs are whose hands, and since when.

    One that a command let in for nobody is nobody's but its own.
    """
    found: dict[str, dict[str, int]] = {}
    for program, maker, since in _read_makers(connection):
        # Of one who let a program in several times, the first time counts.
        found.setdefault(key_of_name(program), {}).setdefault(key_of_name(maker), since)
    return Hands(found)


def _read_makers(connection: Connection) -> Iterator[tuple[str, str, int]]:
    """Read programs, who let them in and since when, the oldest first."""
    for program, entry in history.read_field(connection, NOUN, "maker"):
        # Who had a program before its oldest change had it since nobody knows when.
        for maker, since in ((entry.old, 0), (entry.new, entry.at_ms)):
            if maker is not None:
                yield program, str(maker), since
    now = select(api_token.c.name, user_account.c.name).join(
        user_account, user_account.c.id == api_token.c.maker_id
    )
    for program, maker in connection.execute(now):
        yield program, maker, 0
