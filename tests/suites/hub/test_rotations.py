"""A terminal's password is changed: asked for, given, used; both are good in between."""

import hashlib
from typing import Any

import pytest

from broker.contract.enrolment import hash_password, verify_password
from broker.embedded import Credentials
from hub.base import history
from hub.base.access import EVERYTHING, Actor, Scope
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.acts.access.rotate_password import RotatePassword
from hub.desk.terminals.model import EnrolmentError
from hub.desk.terminals.reads.claims import read_rotation
from hub.desk.terminals.reads.snapshots import read_secrets
from tests.builders.market import Market, new_uuid
from tests.suites.hub.test_counter_settings import told
from tests.suites.hub.test_wire_beside_orders import status

ASHA = Actor("asha", ("admin",), EVERYTHING)
SHOP = "shop-2"
NEW = "another password"
NEW_DIGEST = hashlib.sha256(NEW.encode()).hexdigest()


def acts(market: Market) -> RotatePassword:
    return market.hub.ground.part(EnrolmentActs).rotate


def good(market: Market) -> tuple[str, ...]:
    with market.database.read() as connection:
        return read_secrets(connection, SHOP)


def state(market: Market) -> str:
    with market.database.read() as connection:
        found = read_rotation(connection, SHOP, scope=EVERYTHING)
    return found.state if found else ""


def refusal(act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(EnrolmentError) as refused:
        act(*given, **named)
    return refused.value.code


@pytest.fixture
def able(market: Market) -> Market:
    """Give a market whose second shop changes its password when asked."""
    market.hears(status(rotates=True))
    return market


def test_both_passwords_are_good_until_the_new_one_was_used(able: Market) -> None:
    (before,) = good(able)
    name = acts(able).ask(SHOP, why="yearly", by=ASHA)
    asked = [one.rotation for one in told(able, rotates=True)]
    line = hash_password(NEW)

    acts(able).give(SHOP, name, digest=NEW_DIGEST, line=line)
    acts(able).give(SHOP, name, digest=NEW_DIGEST, line=line)  # the answer was lost
    between = good(able), state(able), [one.rotation for one in told(able, rotates=True)]
    by_old = refusal(acts(able).use, SHOP, name, digest=before)
    acts(able).use(SHOP, name, digest=NEW_DIGEST)
    acts(able).use(SHOP, name, digest=NEW_DIGEST)

    assert asked == [name]
    assert between == ((before, NEW_DIGEST), "given", [name])
    assert by_old == "rotation_none"
    assert (good(able), state(able)) == ((NEW_DIGEST,), "used")
    assert {one.rotation for one in told(able, rotates=True)} == {None}
    kept = Credentials(able.hub.ground.folder / "broker").read()[SHOP]
    assert verify_password(NEW, kept)
    with able.database.read() as connection:
        changes = history.read(connection, "terminal", SHOP)
    assert [(one.old, one.new, one.who) for one in changes if one.field == "rotation"] == [
        (None, "asked", "asha"),
        ("asked", "given", SHOP),
        ("given", "used", SHOP),
    ]


def test_what_was_asked_is_asked_once_and_is_taken_back_while_nothing_was_given(
    able: Market,
) -> None:
    name = acts(able).ask(SHOP, why="", by=ASHA)
    again = acts(able).ask(SHOP, why="", by=ASHA)
    acts(able).withdraw(SHOP, why="a mistake", by=ASHA)
    late = refusal(acts(able).give, SHOP, name, digest=NEW_DIGEST, line=hash_password(NEW))
    none = refusal(acts(able).withdraw, SHOP, why="", by=ASHA)
    other = acts(able).ask(SHOP, why="", by=ASHA)
    acts(able).give(SHOP, other, digest=NEW_DIGEST, line=hash_password(NEW))

    assert again == name
    assert (late, none) == ("rotation_none", "rotation_none")
    assert refusal(acts(able).withdraw, SHOP, why="", by=ASHA) == "rotation_given"
    assert (
        refusal(acts(able).give, SHOP, other, digest="0" * 64, line=hash_password(NEW))
        == "rotation_none"
    )


def test_a_new_slip_and_a_revocation_end_what_was_asked(able: Market) -> None:
    (before,) = good(able)
    name = acts(able).ask(SHOP, why="", by=ASHA)
    acts(able).give(SHOP, name, digest=NEW_DIGEST, line=hash_password(NEW))
    enrol = able.hub.ground.part(EnrolmentActs).enrol
    enrol.add(SHOP, customer="C2", warehouse="MAIN")
    after = good(able)
    late = refusal(acts(able).use, SHOP, name, digest=NEW_DIGEST)
    able.hears(status(rotates=True))
    acts(able).ask(SHOP, why="", by=ASHA)
    enrol.revoke(SHOP, by=ASHA)

    assert state(able) == "withdrawn"
    assert len(after) == 1
    assert {before, NEW_DIGEST}.isdisjoint(after)
    assert late == "rotation_none"
    assert good(able) == ()


def test_who_cannot_be_asked_is_not_asked(market: Market) -> None:
    ask = acts(market).ask
    stranger = Actor("x", ("admin",), Scope(sellers=frozenset({9_999})))
    unheard = refusal(ask, SHOP, why="", by=ASHA)
    market.hears(status())
    older = refusal(ask, SHOP, why="", by=ASHA)
    market.hears(status(rotates=True))
    codes = [
        refusal(ask, "shop-99", why="", by=ASHA),
        refusal(ask, SHOP, why="", by=stranger),
        refusal(acts(market).give, SHOP, new_uuid(), digest=NEW_DIGEST, line=hash_password(NEW)),
        refusal(acts(market).give, SHOP, new_uuid(), digest="short", line=hash_password(NEW)),
        refusal(acts(market).give, SHOP, new_uuid(), digest=NEW_DIGEST, line="$7$1$a$b"),
    ]

    assert (unheard, older) == ("rotation_unable", "rotation_unable")
    assert codes == [
        "terminal_unknown",
        "terminal_unknown",
        "rotation_none",
        "rotation_unreadable",
        "rotation_unreadable",
    ]
