"""Which password a terminal tries next, and that a cut at any moment leaves one that is good."""

import json
from pathlib import Path

import pytest

from broker.contract.enrolment import verify_password
from terminal.app.enrolment.passwords import Passwords, passwords_path

OWN = "the password of the settings"
ROTATION = "0190a3a0-0000-7000-8000-000000000001"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return passwords_path(tmp_path / "counter.enrolled.toml")


def connect(passwords: Passwords, *good: str) -> list[str]:
    """Try until the broker, by which these are good, lets the terminal in; gives what was tried."""
    tried = []
    for _ in range(6):
        tried.append(passwords.offered())
        if tried[-1] in good:
            passwords.taken()
            return tried
        passwords.refused()
    return [*tried, "shut out"]


def coming_of(path: Path) -> str:
    return str(json.loads(path.read_text())["coming"])


def test_another_password_is_used_first_once_the_hub_took_it_and_stays_over_restarts(
    path: Path,
) -> None:
    passwords = Passwords(OWN, path)
    coming = passwords.begin(ROTATION)
    new = coming_of(path)
    before = passwords.current
    passwords.given()
    tried = connect(passwords, new)
    proving = passwords.proving
    passwords.proven()
    again = Passwords(OWN, path)

    assert (before, tried, proving) == (OWN, [new], ROTATION)
    assert verify_password(new, coming.line)
    assert (passwords.current, again.current, again.proving) == (new, new, "")
    assert path.stat().st_mode & 0o077 == 0


def restarted(path: Path) -> Passwords:
    return Passwords(OWN, path)


@pytest.mark.parametrize(
    ("has_answer", "is_new"),
    [(False, False), (False, True), (True, True), (True, False)],
    ids=[
        "before the hub was asked",
        "the hub took it, its answer was lost",
        "after the answer",
        "after the answer, the broker knows the one before alone",
    ],
)
def test_a_cut_at_any_moment_shuts_nobody_out(
    path: Path, *, has_answer: bool, is_new: bool
) -> None:
    begun = Passwords(OWN, path)
    begun.begin(ROTATION)
    if has_answer:
        begun.given()
    good = coming_of(path) if is_new else OWN

    later = restarted(path)
    tried = connect(later, good)

    assert (tried[-1], later.current) == (good, good)
    assert len(tried) <= 2
    assert connect(restarted(path), good)[-1] == good


def test_a_password_that_the_hub_takes_while_a_connection_is_made_is_not_called_used(
    path: Path,
) -> None:
    passwords = Passwords(OWN, path)
    passwords.begin(ROTATION)
    passwords.offered()
    passwords.given()
    passwords.taken()

    assert (passwords.current, passwords.proving) == (OWN, "")
    new = coming_of(path)
    assert connect(passwords, new) == [new]


def test_a_hub_that_was_put_back_is_reached_by_the_password_before(path: Path) -> None:
    passwords, made = Passwords(OWN, path), []
    for number in ("1", "2"):
        passwords.begin(f"{ROTATION[:-1]}{number}")
        passwords.given()
        made.append(passwords.offered())
        passwords.taken()
        passwords.proven()
    first, new = made

    assert connect(restarted(path), first) == [new, first]
    assert connect(restarted(path), OWN) == [new, first, OWN]


def test_who_is_refused_by_every_password_is_shut_out_and_goes_on_trying(path: Path) -> None:
    passwords = Passwords(OWN, path)
    passwords.begin(ROTATION)
    said = []
    for _ in range(4):
        passwords.offered()
        said.append(passwords.refused())

    assert said == [True, False, True, False]
    assert connect(passwords, OWN)[-1] == OWN


def test_a_new_slip_ends_what_was_kept_and_so_does_a_damaged_file(path: Path) -> None:
    passwords = Passwords(OWN, path)
    passwords.begin(ROTATION)
    passwords.given()
    connect(passwords, coming_of(path))

    other = Passwords("another slip's password", path)
    path.write_text('{"base": "cut off')
    damaged = Passwords(OWN, path)

    assert (other.offered(), other.rotates) == ("another slip's password", True)
    assert damaged.offered() == OWN
    assert Passwords(OWN).rotates is False
