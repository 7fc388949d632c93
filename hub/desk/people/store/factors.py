"""Second factors and spare codes as rows, inside a given transaction."""

from collections.abc import Iterable
from typing import Final

from hub.base import history
from hub.base.transaction import Transaction
from hub.desk.people.model.accounts import Account
from hub.desk.people.model.codes import Factor, plain_recovery
from hub.desk.people.store.passwords import hash_token
from hub.desk.people.tables import recovery_code, role_setting, second_factor

_FIND: Final = "SELECT secret, confirmed_at, last_step FROM second_factor WHERE user_id = ?"
_CONFIRM: Final = """
UPDATE second_factor SET confirmed_at = ?, last_step = ?
WHERE user_id = ? AND confirmed_at IS NULL
"""
_STEP: Final = "UPDATE second_factor SET last_step = ? WHERE user_id = ? AND last_step < ?"
_USE: Final = """
UPDATE recovery_code SET used_at = ? WHERE digest = ? AND user_id = ? AND used_at IS NULL
"""
_LEFT: Final = "SELECT count(*) FROM recovery_code WHERE user_id = ? AND used_at IS NULL"
_SET: Final = "UPDATE role_setting SET needs_factor = ? WHERE role = ?"


def find_factor(t: Transaction, user: int) -> Factor | None:
    """Find a user's second factor, confirmed or not."""
    found = t.rows(_FIND, (user,))
    return Factor(*found[0]) if found else None


def put_factor(t: Transaction, user: int, secret: str) -> None:
    """Keep the secret of a second factor that has yet to be confirmed, instead of another such."""
    t.many("DELETE FROM second_factor WHERE user_id = ?", [(user,)])
    columns = ("user_id", "secret", "confirmed_at", "last_step")
    t.insert(second_factor, columns, [(user, secret, None, 0)])


def confirm_factor(t: Transaction, account: Account, *, step: int) -> bool:
    """Have a factor asked for from now on; False where another browser was first."""
    confirmed = bool(t.many(_CONFIRM, [(t.at_ms, step, account.id)]))
    if confirmed:
        _tell(t, account, before=False, after=True)
    return confirmed


def use_step(t: Transaction, user: int, step: int) -> bool:
    """Use a code's step up; False where it was used before."""
    return bool(t.many(_STEP, [(step, user, step)]))


def remove_factor(t: Transaction, account: Account, *, why: str = "") -> bool:
    """Take a user's second factor and spare codes away; False where there was none."""
    t.many("DELETE FROM recovery_code WHERE user_id = ?", [(account.id,)])
    removed = bool(t.many("DELETE FROM second_factor WHERE user_id = ?", [(account.id,)]))
    if removed:
        _tell(t, account, before=True, after=False, why=why)
    return removed


def put_recovery(t: Transaction, user: int, codes: Iterable[str]) -> None:
    """Keep a user's spare codes as digests, instead of those before."""
    t.many("DELETE FROM recovery_code WHERE user_id = ?", [(user,)])
    rows = [(hash_token(plain_recovery(code)), user, None) for code in codes]
    t.insert(recovery_code, ("digest", "user_id", "used_at"), rows)


def use_recovery(t: Transaction, user: int, code: str) -> bool:
    """Use a spare code up; False for one that is none, or was used before."""
    return bool(t.many(_USE, [(t.at_ms, hash_token(plain_recovery(code)), user)]))


def recovery_left(t: Transaction, user: int) -> int:
    """Count a user's spare codes that were not used."""
    return int(t.rows(_LEFT, (user,))[0][0])


def require_factor(t: Transaction, role: str, *, needed: bool) -> None:
    """Ask everybody in a role for a second factor from now on, or no more."""
    before = t.rows("SELECT needs_factor FROM role_setting WHERE role = ?", (role,))
    if before:
        t.many(_SET, [(needed, role)])
    else:
        t.insert(role_setting, ("role", "needs_factor"), [(role, needed)])
    was = bool(before and before[0][0])
    history.record(t, "role", role, before={"needs_factor": was}, after={"needs_factor": needed})


def _tell(t: Transaction, account: Account, *, before: bool, after: bool, why: str = "") -> None:
    history.record(
        t,
        "user_account",
        account.name,
        before={"second_factor": before},
        after={"second_factor": after},
        why=why,
    )
    t.changed("users")
