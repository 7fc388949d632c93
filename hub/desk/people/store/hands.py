"""Who let programs in, now and before: for whatever one person may not do with two hands."""

from sqlalchemy import Connection, select

from hub.base import history
from hub.desk.people.model.accounts import key_of_name
from hub.desk.people.model.hands import Hands
from hub.desk.people.store.tokens import NOUN
from hub.desk.people.tables import api_token, user_account


def read_hands(connection: Connection) -> Hands:
    """Read which programs are whose hands; one that a command let in is nobody's but its own."""
    found: dict[str, set[str]] = {}
    now = select(api_token.c.name, user_account.c.name).join(
        user_account, user_account.c.id == api_token.c.maker_id
    )
    pairs = [(program, maker) for program, maker in connection.execute(now)]
    for program, entry in history.read_field(connection, NOUN, "maker"):
        pairs += [(program, str(one)) for one in (entry.old, entry.new) if one is not None]
    for program, maker in pairs:
        found.setdefault(key_of_name(program), set()).add(key_of_name(maker))
    return Hands({program: frozenset(makers) for program, makers in found.items()})
