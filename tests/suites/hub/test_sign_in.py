"""Signing in and out, and when a session ends, on either database."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from hub.base.access import EVERYTHING, Actor, Scope, Session, read_default_grants
from hub.base.changes import Broadcaster
from hub.base.engine.database import Database, open_database
from hub.base.transaction import Transaction, Transactions
from hub.desk.people.acts.add_user import AddUser
from hub.desk.people.acts.change_user import ChangeUser
from hub.desk.people.acts.sign_in import Browser, SignIn
from hub.desk.people.model.accounts import (
    AGE_LIMIT_MS,
    IDLE_LIMIT_MS,
    SHORTEST_PASSWORD,
    TOUCH_STEP_MS,
    Account,
    NewUser,
)
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.store.passwords import hash_password, hash_token, verify_password
from hub.desk.people.store.rows import put_user, user_named
from tests.builders.market import NOON, FakeClock

pytestmark = pytest.mark.one_engine

PASSWORD = "correct horse"
PASSWORD_HASH = hash_password(PASSWORD)


@dataclass(slots=True)
class Door:
    """Accounts and sessions in a database, and the acts on them."""

    database: Database
    transactions: Transactions
    add: AddUser
    acts: SignIn

    def enter(self, name: str = "sunil", password: str = PASSWORD, *, at: int = NOON) -> str | None:
        """Sign in."""
        return self.acts.enter(
            name=name, password=password, browser=Browser("127.0.0.1"), now_ms=at
        )

    def opened(self, name: str = "sunil", *, at: int = NOON) -> str:
        """Sign in with the right password, and give the token."""
        token = self.enter(name, at=at)
        assert token is not None
        return token

    def find(self, token: str, *, after: int = 0, touch: bool = True) -> Session | None:
        """Find a session some milliseconds after noon."""
        return self.acts.find(token, now_ms=NOON + after, touch=touch)

    def account(self, name: str) -> Account | None:
        """Find a user by name."""
        with self.transactions.reading() as t:
            return user_named(t, name)

    def sessions(self) -> Sequence[tuple[str, int]]:
        """Give what is stored of sessions: the hash of each token, and its last use."""
        with self.transactions.reading() as t:
            return [tuple(row) for row in t.rows("SELECT token_hash, seen_at FROM user_session")]

    def switch_off(self, name: str) -> None:
        """Make a user one who may not sign in."""
        with self.transactions.open(actor="test", at_ms=NOON) as t:
            t.many("UPDATE user_account SET active = NOT active WHERE name = ?", [(name,)])
            t.commit()


def scope_of(_: Transaction, user: int, roles: Collection[str]) -> Scope:
    """Show everything to those who sell, and their own to others."""
    return EVERYTHING if "sales" in roles else Scope(user=user)


@pytest.fixture
def door(database_url: str) -> Iterator[Door]:
    """Give a door with Sunil, who sells and writes rules, and with somebody who has gone."""
    database = open_database(database_url)
    transactions = Transactions(database, Broadcaster("users"))
    made = Door(
        database,
        transactions,
        AddUser(transactions, FakeClock()),
        SignIn(transactions, FakeClock(), read_default_grants(), scope_of),
    )
    with transactions.open(actor="test", at_ms=NOON) as t:
        put_user(t, NewUser("sunil", ("sales", "rule_writer"), PASSWORD_HASH))
        put_user(t, NewUser("gone", ("sales",), PASSWORD_HASH))
        t.commit()
    made.switch_off("gone")
    yield made
    database.close()


def test_the_right_password_opens_a_session_with_what_the_users_roles_may(door: Door) -> None:
    token = door.opened()

    session = door.find(token)

    assert session is not None
    assert (session.user, session.roles) == ("sunil", ("sales", "rule_writer"))
    assert (session.address, session.scope) == ("127.0.0.1", EVERYTHING)
    assert session.may("orders.cancel")
    assert session.may("packs.add")
    assert not session.may("packs.publish")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("sunil", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("sunil", "x" * 2_000),
        ("su\0nil", PASSWORD),
    ],
)
def test_anything_else_opens_none(door: Door, name: str, password: str) -> None:
    assert door.enter(name, password) is None
    assert door.sessions() == []


def test_the_token_itself_is_not_kept(door: Door) -> None:
    token = door.opened()

    assert door.sessions() == [(hash_token(token), NOON)]
    assert token != hash_token(token)


def test_every_session_has_a_token_of_its_own_with_256_bits(door: Door) -> None:
    tokens = {door.opened() for _ in range(3)}

    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens)  # 32 bytes in base 64


def test_a_session_nobody_uses_ends(door: Door) -> None:
    token = door.opened()

    assert door.find(token, after=IDLE_LIMIT_MS - 1, touch=False)
    assert door.find(token, after=IDLE_LIMIT_MS) is None


def test_use_keeps_a_session_awake_but_not_for_ever(door: Door) -> None:
    token = door.opened()
    after = 0
    while after + IDLE_LIMIT_MS < AGE_LIMIT_MS:
        after += IDLE_LIMIT_MS - 1
        assert door.find(token, after=after)

    assert door.find(token, after=AGE_LIMIT_MS) is None


def test_what_a_page_fetches_by_itself_does_not_keep_it_awake(door: Door) -> None:
    token = door.opened()
    door.find(token, after=IDLE_LIMIT_MS - 1, touch=False)

    assert door.find(token, after=IDLE_LIMIT_MS, touch=False) is None


def test_reading_page_after_page_writes_last_use_once_a_minute(door: Door) -> None:
    token = door.opened()

    for second in range(0, TOUCH_STEP_MS // 1000, 10):
        door.find(token, after=second * 1000)
    before = door.sessions()
    door.find(token, after=TOUCH_STEP_MS)

    assert before == [(hash_token(token), NOON)]
    assert door.sessions() == [(hash_token(token), NOON + TOUCH_STEP_MS)]


def test_signing_out_ends_the_session_and_may_be_done_again(door: Door) -> None:
    token, other = door.opened(), door.opened()

    door.acts.leave(token, now_ms=NOON)
    door.acts.leave(token, now_ms=NOON)

    assert door.find(token) is None
    assert door.find(other) is not None


def test_a_new_session_sweeps_out_those_that_expired(door: Door) -> None:
    door.opened()

    later = door.opened(at=NOON + AGE_LIMIT_MS)

    assert [kept for kept, _ in door.sessions()] == [hash_token(later)]


def test_the_session_of_a_user_who_was_switched_off_opens_nothing(door: Door) -> None:
    token = door.opened()

    door.switch_off("sunil")

    assert door.find(token) is None


def test_a_duty_grants_nothing_and_roles_that_change_count_at_once(door: Door) -> None:
    token = door.opened()

    account = door.account("sunil")
    assert account is not None
    door.add("asha", roles=("admin",), password=PASSWORD)
    operator = Actor("hub", ("owner",), EVERYTHING)
    change = ChangeUser(door.transactions, FakeClock())
    change.set_roles(account.id, roles=("auditor", "area_manager"), by=operator)

    session = door.find(token)
    assert session is not None
    assert session.roles == ("auditor", "area_manager")
    assert session.permissions == read_default_grants()["auditor"]
    assert session.scope == Scope(user=session.user_id)


def test_a_user_is_one_person_in_capitals_or_not(door: Door) -> None:
    before = door.account("sunil")

    is_new = door.add("Sunil ", roles=("admin",), password="another horse")

    assert before is not None
    after = door.account("SUNIL")
    assert after is not None
    assert not is_new
    assert replace(after, password_hash="") == replace(before, roles=("admin",), password_hash="")
    assert door.enter("sunil", PASSWORD) is None
    assert door.enter("SUNIL", "another horse") is not None


@pytest.mark.usefixtures("slow_hashing")
def test_a_password_is_kept_as_a_slow_hash(door: Door) -> None:
    door.add("slow", roles=("sales",), password=PASSWORD)
    account = door.account("slow")

    assert account is not None
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_is_found_under_an_unknown_name(door: Door) -> None:
    assert door.account("nobody") is None


@pytest.mark.parametrize(
    ("name", "roles", "password"),
    [
        ("", ("sales",), PASSWORD),
        ("x" * 65, ("sales",), PASSWORD),
        ("a\nb", ("sales",), PASSWORD),
        ("asha", (), PASSWORD),
        ("asha", ("Sales",), PASSWORD),
        ("asha", ("sales,admin",), PASSWORD),
        ("asha", ("sales",), "x" * (SHORTEST_PASSWORD - 1)),
    ],
)
def test_a_user_whom_nobody_could_sign_in_as_is_not_added(
    door: Door, name: str, roles: tuple[str, ...], password: str
) -> None:
    with pytest.raises(PeopleError):
        door.add(name, roles=roles, password=password)

    assert door.account(name) is None


def test_two_hashes_of_one_password_differ_and_both_verify() -> None:
    hashes = {hash_password(PASSWORD), hash_password(PASSWORD)}

    assert len(hashes) == 2
    assert all(verify_password(PASSWORD, one) for one in hashes)
    assert not any(verify_password("wrong", one) for one in hashes)
