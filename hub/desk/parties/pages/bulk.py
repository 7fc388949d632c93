"""Steps with several customers that wait for a second person: let all pass, or refuse all."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from hub.base.access import Session
from hub.base.engine import Connection
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.ground import Ground
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.customers import SECOND_HANDS
from hub.desk.parties.pages.listing import address_of
from hub.desk.parties.reads import read_distributor
from hub.desk.parties.reads.customers import WaitingCustomer, read_waiting
from hub.desk.parties.words import word_field
from hub.desk.people.reads.alone import is_alone
from hub.desk.people.store.hands import read_hands
from hub.web.noun import BulkStep, Foreseen


def foresee(
    connection: Connection,
    keys: Sequence[str],
    session: Session,
    *,
    ground: Ground,
    words: PageWords,
    now_ms: int,
) -> Sequence[Foreseen]:
    """Tell what each customer waits for; the token names the requests that were shown."""
    del ground, now_ms
    waiting = read_waiting(connection, keys, scope=session.scope)
    alone = is_alone(connection, session.user, may=SECOND_HANDS, scope=session.scope)
    hands = read_hands(connection)
    money = read_distributor(connection).money
    askers = [[asked.asked_by for asked in one.requests] for one in waiting]
    own = [hands.among(session.user, names) for names in askers]
    return [
        _foreseen(one, words, own=is_own, alone=alone, money=money)
        for one, is_own in zip(waiting, own, strict=True)
    ]


def _foreseen(
    one: WaitingCustomer, words: PageWords, *, own: bool, alone: bool, money: HouseMoney
) -> Foreseen:
    why_not = "" if one.requests else words.text("customers.nothing_waits")
    if own and not alone:
        why_not = words.text("customers.own_request")
    effects = [
        words.text(
            "customers.asked_for",
            field=words.named("customer_field", name),
            old=word_field(words, name, old, money=money) or "\N{EN DASH}",
            new=word_field(words, name, new, money=money) or "\N{EN DASH}",
            who=asked.asked_by,
        )
        for asked in one.requests
        for name, (old, new) in asked.asked.fields.items()
    ]
    return Foreseen(
        one.code,
        one.code,
        one.name,
        "; ".join(effects),
        address=address_of(one.code),
        token=",".join(str(asked.id) for asked in one.requests),
        why_not=why_not,
        asks_why=own,
    )


def _decide(
    ground: Ground, session: Session, row: Foreseen, *, why: str, words: PageWords, grant: bool
) -> str:
    """Decide all that was shown of one customer; gives why one of it was not decided."""
    decide = ground.part(CustomerActs).decide
    for request in row.token.split(","):
        done = decide(
            int(request),
            grant=grant,
            by=session.user,
            scope=session.scope,
            why=why,
            code=row.key,
        )
        if isinstance(done, Refused):
            return "; ".join(sentence(one, language=words.language) for one in done.reasons)
    return ""


STEPS: Final = tuple(
    BulkStep(
        "customers",
        name,
        label,
        icon,
        "customers.approve",
        foresee,
        partial(_decide, grant=grant),
        asks_why=not grant,
    )
    for name, label, icon, grant in (
        ("pass", "customers.grant", "check", True),
        ("refuse", "customers.refuse", "x", False),
    )
)
"""What a second person does with many at once, such as the customers of a first file."""
