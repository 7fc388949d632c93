"""Who decides on a day: who stands in for whom, and who above somebody may decide so much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from hub.desk.people.model.accounts import key_of_name
from hub.desk.people.model.reporting import Above, Absent, Measure, NobodyDecidesError, above
from hub.desk.people.store.lines import decider_for
from hub.desk.people.tables import stand_in, user_account

_NAMED: Final = (
    user_account.c.id,
    user_account.c.name,
    user_account.c.roles,
    user_account.c.active,
)


def held_roles(connection: Connection) -> frozenset[str]:
    """Give the roles and duties that active users have, of all of them together."""
    query = select(user_account.c.roles).where(user_account.c.active)
    return frozenset(
        role for roles in connection.execute(query).scalars() for role in roles.split(",")
    )


@dataclass(frozen=True, slots=True)
class StandInsOfDay:
    """Who stands in for whom on a day, by the rows' ids of users."""

    pairs: Mapping[int, int] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    active: frozenset[int] = frozenset()

    def stood_in_by(self, name: str) -> tuple[Absent, ...]:
        """Give those whose places somebody takes: a stand-in of a stand-in too, a circle ends.

        Asha has Meena from the 1st to the 7th, Meena has Ravi on the 3rd: on that day Ravi decides
        for both of them.
        """
        key, found = key_of_name(name), []
        for absent in self.pairs:
            between: list[str] = []
            for one in above(absent, self.pairs):
                if one not in self.active:
                    break
                if key_of_name(self.names[one]) == key:
                    found.append(Absent(self.names[absent], self.roles[absent], tuple(between)))
                    break
                between.append(self.names[one])
        return tuple(found)


def stand_ins_on(connection: Connection, day: date) -> StandInsOfDay:
    """Read who stands in for whom on a day."""
    query = select(stand_in.c.user_id, stand_in.c.substitute_id).where(
        stand_in.c.since <= day, day <= stand_in.c.until
    )
    pairs = {row.user_id: row.substitute_id for row in connection.execute(query)}
    if not pairs:
        return StandInsOfDay()
    ids = {*pairs, *pairs.values()}
    rows = connection.execute(select(*_NAMED).where(user_account.c.id.in_(sorted(ids)))).all()
    return StandInsOfDay(
        pairs,
        {row.id: row.name for row in rows},
        {row.id: tuple(row.roles.split(",")) for row in rows},
        frozenset(row.id for row in rows if row.active),
    )


def decider_above(
    connection: Connection, asker: str, measure: Measure, *, amount: int, day: date
) -> Above:
    """Find who above a user may decide so much on a day; a terminal has nobody above it."""
    key = key_of_name(asker)
    known = select(user_account.c.id).where(user_account.c.key == key)
    user = connection.execute(known).scalar_one_or_none()
    if user is None:
        return Above(why="no_manager")
    try:
        found = decider_for(connection, user, measure, amount=amount, day=day)
    except NobodyDecidesError as error:
        return Above(why=error.why)
    named = select(user_account.c.id, user_account.c.name).where(
        user_account.c.id.in_([found.user, found.instead_of or found.user])
    )
    names = {row.id: row.name for row in connection.execute(named)}
    return Above(names[found.user], names.get(found.instead_of or 0, ""))
