"""What the field team is told in a given transaction: a task given or done, leave asked or decided.

Nobody is told of what that person did.
"""

from datetime import date
from typing import Final
from urllib.parse import quote

from hub.base.access import OUTSIDE
from hub.base.transaction import Transaction
from hub.desk.notices.model import PersonEvent, PersonNotice
from hub.desk.notices.store import end_notices, tell_person
from hub.desk.parties.model.customers import CustomerJoined
from hub.desk.parties.store import business_day
from hub.desk.people.model.reporting import pairs_on
from hub.desk.people.store.lines import lines_of

_WHO: Final = "SELECT name, roles FROM user_account WHERE id = ?"
_OUTLET: Final = "SELECT name FROM party WHERE id = ?"
_LEAVE: Final = "/field#/leave"
_TEAM: Final = "/field/team"


def tell_of_task(
    t: Transaction, event: PersonEvent, uuid: str, *, user: int, outlet: int, due: date, text: str
) -> None:
    """Tell somebody that a task of an outlet is the person's by now, or that it was done."""
    found = t.rows(_WHO, (user,))
    if not found or found[0][0] == t.actor:
        return
    at_a_desk = set(found[0][1].split(",")) - OUTSIDE
    address = f"/field/interactions/{uuid}" if at_a_desk else f"/field#/task/{uuid}"
    about, ((name,),) = _task(uuid), t.rows(_OUTLET, (outlet,))
    said = PersonNotice(f"{about}:{event}:{t.at_ms}", about, event, name, due, text, address)
    tell_person(t, said, user=user)


def end_task(t: Transaction, uuid: str) -> None:
    """Have nobody hear any more that a task is given: it is done, or another's."""
    end_notices(t, _task(uuid))


def tell_of_leave_asked(t: Transaction, user: tuple[int, str], *, day: date, why: str) -> None:
    """Tell whom a person reports to that the person asks for leave; a user is row id and name."""
    above = pairs_on(lines_of(t), business_day(t)).get(user[0])
    if above is None:
        return
    about = _leave(user[0], day)
    said = PersonNotice(f"{about}:asked", about, "leave_asked", user[1], day, why, _TEAM)
    tell_person(t, said, user=above)


def tell_of_leave(t: Transaction, user: int, *, day: date, granted: bool, why: str) -> None:
    """Tell a person what was decided of a day of leave."""
    about = _leave(user, day)
    end_notices(t, about)
    event: PersonEvent = "leave_granted" if granted else "leave_refused"
    key = f"{about}:{event}:{t.at_ms}"
    said = PersonNotice(key, about, event, t.actor, day, why, _LEAVE)
    tell_person(t, said, user=user)


def tell_of_joined(t: Transaction, user: int, joined: CustomerJoined) -> None:
    """Tell who found a shop that it was there already."""
    about = f"joined:{joined.party}"
    address = f"/field#/outlet/{quote(joined.code, safe='')}"
    day = business_day(t)
    said = PersonNotice(about, about, "outlet_joined", joined.name, day, "", address)
    tell_person(t, said, user=user)


def _task(uuid: str) -> str:
    return f"task:{uuid}"


def _leave(user: int, day: date) -> str:
    return f"leave:{user}:{day.isoformat()}"
