"""Signing in and out, and when a session ends."""

import pytest

from hub.services.sign_in import (
    AGE_LIMIT_MS,
    IDLE_LIMIT_MS,
    TOUCH_STEP_MS,
    find_session,
    hash_password,
    hash_token,
    sign_in,
    sign_out,
    verify_password,
)
from tests.builders.hub_records import NOON, PASSWORD
from tests.fixtures.accounts import FakeAccounts


@pytest.fixture
def accounts() -> FakeAccounts:
    fake = FakeAccounts()
    fake.add_user("sunil", "staff")
    fake.add_user("gone", "staff", active=False)
    return fake


def _enter(accounts: FakeAccounts, name: str = "sunil", password: str = PASSWORD) -> str | None:
    return sign_in(accounts, name=name, password=password, address="127.0.0.1", now_ms=NOON)


def test_the_right_password_opens_a_session_with_the_users_role(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""

    session = find_session(accounts, token, now_ms=NOON, touch=True)

    assert session is not None
    assert (session.user, session.role) == ("sunil", "staff")


@pytest.mark.parametrize(
    ("name", "password"),
    [("sunil", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("sunil", "x" * 2_000)],
)
def test_anything_else_opens_none(accounts: FakeAccounts, name: str, password: str) -> None:
    assert _enter(accounts, name, password) is None
    assert accounts.sessions == {}


def test_the_token_itself_is_not_kept(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""

    assert list(accounts.sessions) == [hash_token(token)]
    assert token not in repr(accounts.sessions)


def test_every_session_has_a_token_of_its_own_with_256_bits(accounts: FakeAccounts) -> None:
    tokens = {_enter(accounts) or "" for _ in range(3)}

    assert len(tokens) == 3
    assert all(len(token) == 43 for token in tokens)  # 32 bytes in base 64


def test_a_session_nobody_uses_ends(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""

    late = find_session(accounts, token, now_ms=NOON + IDLE_LIMIT_MS, touch=True)

    assert late is None


def test_use_keeps_a_session_awake_but_not_for_ever(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""
    now = NOON
    while now + IDLE_LIMIT_MS < NOON + AGE_LIMIT_MS:
        now += IDLE_LIMIT_MS - 1
        assert find_session(accounts, token, now_ms=now, touch=True)

    assert find_session(accounts, token, now_ms=NOON + AGE_LIMIT_MS, touch=True) is None


def test_what_a_page_fetches_by_itself_does_not_keep_it_awake(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""
    find_session(accounts, token, now_ms=NOON + IDLE_LIMIT_MS - 1, touch=False)

    assert find_session(accounts, token, now_ms=NOON + IDLE_LIMIT_MS, touch=False) is None


def test_reading_page_after_page_writes_last_use_once_a_minute(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""

    for second in range(TOUCH_STEP_MS // 1000):
        find_session(accounts, token, now_ms=NOON + second * 1000, touch=True)

    assert accounts.sessions[hash_token(token)].seen_at == NOON


def test_signing_out_ends_the_session(accounts: FakeAccounts) -> None:
    token = _enter(accounts) or ""

    sign_out(accounts, token)

    assert find_session(accounts, token, now_ms=NOON, touch=True) is None


def test_two_hashes_of_one_password_differ_and_both_verify() -> None:
    hashes = {hash_password(PASSWORD), hash_password(PASSWORD)}

    assert len(hashes) == 2
    assert all(verify_password(PASSWORD, one) for one in hashes)
    assert not any(verify_password("wrong", one) for one in hashes)
