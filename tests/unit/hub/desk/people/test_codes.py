"""Codes of a second factor."""

import pytest

from hub.desk.people.model.codes import (
    Factor,
    address_of,
    bytes_of_secret,
    code_at,
    plain_recovery,
    step_of_code,
    write_secret,
)

SECRET = b"12345678901234567890"
"""The secret of the examples in RFC 6238, appendix B."""
FACTOR = Factor(write_secret(SECRET), confirmed_at=1, last_step=0)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert code_at(SECRET, second // 30) == code


@pytest.mark.parametrize(
    ("drift", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_one_step(drift: int, is_right: bool) -> None:  # noqa: FBT001
    now = 1_000

    step = step_of_code(FACTOR, code_at(SECRET, now + drift), now_ms=now * 30_000)

    assert (step == now + drift) is is_right


def test_a_code_counts_once_and_so_do_those_before_it() -> None:
    used = Factor(FACTOR.secret, confirmed_at=1, last_step=1_000)
    now_ms = 1_000 * 30_000

    found = [step_of_code(used, code_at(SECRET, 1_000 + d), now_ms=now_ms) for d in (-1, 0, 1)]

    assert found == [None, None, 1_001]


@pytest.mark.parametrize(
    "typed", ["", "28708", "abcdef", "\uff12\uff18\uff17\uff10\uff18\uff12", "287082 1"]
)
def test_what_is_no_code_opens_nothing(typed: str) -> None:
    assert step_of_code(FACTOR, typed, now_ms=59_000) is None


def test_a_code_may_be_typed_with_a_blank_as_phones_show_it() -> None:
    assert step_of_code(FACTOR, "287 082", now_ms=59_000) == 1


def test_an_authenticator_takes_the_secret_from_an_address() -> None:
    address = address_of(FACTOR.secret, user="Asha Rao", hub="Gupta & Sons")

    assert address.startswith("otpauth://totp/Gupta%20%26%20Sons%3AAsha%20Rao?secret=")
    assert bytes_of_secret(FACTOR.secret) == SECRET


def test_a_spare_code_is_one_in_whatever_spelling() -> None:
    assert plain_recovery("ABCD-efgh 2345") == plain_recovery("abcdefgh2345")
