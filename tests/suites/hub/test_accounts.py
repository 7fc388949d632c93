"""Users and sessions behave alike in memory and in the database."""

from dataclasses import replace

from hub.base.access import Session
from tests.fixtures.accounts import Keeper

FIRST = Session(
    token_hash="a" * 64,
    user_id=1,
    user="sunil",
    role="staff",
    created_at=1_000,
    seen_at=1_000,
    expires_at=9_000,
    address="127.0.0.1",
)


def test_a_user_is_found_by_name_with_role_and_password(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff")

    found = keeper.accounts.user_named("sunil")

    assert found is not None
    assert (found.name, found.role, found.active) == ("sunil", "staff", True)
    assert found.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_is_found_under_an_unknown_name(keeper: Keeper) -> None:
    assert keeper.accounts.user_named("nobody") is None


def test_a_session_is_found_as_it_was_kept(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff")

    keeper.accounts.add_session(FIRST)

    assert keeper.accounts.session(FIRST.token_hash) == FIRST


def test_a_touched_session_knows_when(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff")
    keeper.accounts.add_session(FIRST)

    keeper.accounts.touch_session(FIRST.token_hash, 2_000)

    assert keeper.accounts.session(FIRST.token_hash) == replace(FIRST, seen_at=2_000)


def test_a_removed_session_is_gone_and_may_be_removed_again(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff")
    keeper.accounts.add_session(FIRST)

    keeper.accounts.remove_session(FIRST.token_hash)
    keeper.accounts.remove_session(FIRST.token_hash)

    assert keeper.accounts.session(FIRST.token_hash) is None


def test_a_new_session_sweeps_out_those_that_expired(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff")
    keeper.accounts.add_session(FIRST)

    keeper.accounts.add_session(replace(FIRST, token_hash="b" * 64, created_at=9_000))

    assert keeper.accounts.session(FIRST.token_hash) is None


def test_the_session_of_a_user_who_was_switched_off_opens_nothing(keeper: Keeper) -> None:
    keeper.add_user("sunil", "staff", active=False)

    keeper.accounts.add_session(FIRST)

    assert keeper.accounts.session(FIRST.token_hash) is None
