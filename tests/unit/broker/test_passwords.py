"""Password lines are Mosquitto's, and a broken one lets nobody in."""

import pytest

from broker.contract.enrolment.passwords import hash_password, verify_password

# Made by `mosquitto_passwd` 2.0.11 for the password `correct horse`.
FROM_MOSQUITTO = (
    "$7$101$SPyl9E648o9iMsq9$gRaXAvnlNCuJc3Ui6H8IaiHVRfa+9Q8p8KJEaqIuDKZvq9"
    "pwBYnuk7O1axKt4OrCY9DRL8V7lV4brxCOuCSHVA=="
)


def test_a_password_fits_its_own_line_only() -> None:
    hashed = hash_password("correct horse")

    assert verify_password("correct horse", hashed)
    assert not verify_password("correct horsE", hashed)


def test_two_lines_of_one_password_differ() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


def test_a_line_written_by_mosquitto_is_understood() -> None:
    assert verify_password("correct horse", FROM_MOSQUITTO)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "correct horse",
        "$7$101$salt",
        "$6$c2FsdA==$aGFzaA==",
        "$7$many$c2FsdA==$aGFzaA==",
        "$7$0$c2FsdA==$aGFzaA==",
        "$7$-1$c2FsdA==$aGFzaA==",
        "$7$101$***$aGFzaA==",
        "$7$99999999999999999999$c2FsdA==$aGFzaA==",
    ],
)
def test_a_broken_line_lets_nobody_in(broken: str) -> None:
    assert not verify_password("correct horse", broken)
