"""Devices that show a person's notices by themselves, and the hub's own key, in a transaction."""

from dataclasses import dataclass
from typing import Final

from hub.base.jobs.rows import enqueue
from hub.base.transaction import Transaction
from hub.desk.notices.model import MOST_DEVICES, Device

PUSH: Final = "notices.push"
"""The job that sends a notice to a device."""
_KEY: Final = "SELECT secret FROM push_key WHERE id = 1"
_KEEP_KEY: Final = """
INSERT INTO push_key (id, secret, made_at) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_DROP: Final = "DELETE FROM push_device WHERE endpoint = ? AND user_id = ?"
_TAKE: Final = "DELETE FROM push_device WHERE endpoint = ?"
_KEEP: Final = """
INSERT INTO push_device (user_id, session, endpoint, point, secret, made_at)
VALUES (?, ?, ?, ?, ?, ?)
"""
_OWN: Final = "SELECT id FROM push_device WHERE user_id = ? ORDER BY id"
_FORGET: Final = "DELETE FROM push_device WHERE id = ?"
_FIND: Final = """
SELECT d.user_id, d.endpoint, d.point, d.secret, s.token_hash FROM push_device d
LEFT JOIN user_session s ON s.token_hash = d.session AND s.user_id = d.user_id WHERE d.id = ?
"""
_TOLD: Final = "UPDATE push_device SET told_at = ?, status = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class StoredDevice:
    """A device with whose notices it shows, where its push service is, and its browser's keys."""

    user: int
    endpoint: str
    point: str
    secret: str


@dataclass(frozen=True, slots=True)
class ForgottenDevice:
    """A device on which its person signed out, or was signed out: it shows nothing any more."""


def find_key(t: Transaction) -> bytes | None:
    """Give the hub's own key; None before it is made."""
    found = t.rows(_KEY, ())
    return bytes(found[0][0]) if found else None


def keep_key(t: Transaction, made: bytes) -> bytes:
    """Keep the hub's own key, unless another process was first; gives the one that is kept."""
    t.many(_KEEP_KEY, [(made, t.at_ms)])
    return find_key(t) or made


def keep_device(t: Transaction, device: Device, *, user: int, session: str) -> None:
    """Keep a device of a person's session; of too many, the oldest goes."""
    t.many(_TAKE, [(device.endpoint,)])
    row = (user, session, device.endpoint, device.point, device.secret, t.at_ms)
    t.many(_KEEP, [row])
    t.many(_FORGET, [(one,) for one in devices_of(t, user=user)[:-MOST_DEVICES]])


def devices_of(t: Transaction, *, user: int) -> list[int]:
    """Give the row ids of a person's devices, the oldest first."""
    return [int(row[0]) for row in t.rows(_OWN, (user,))]


def drop_device(t: Transaction, endpoint: str, *, user: int) -> bool:
    """Forget a device of a person; False where there is none."""
    there = len(devices_of(t, user=user))
    t.many(_DROP, [(endpoint, user)])
    return len(devices_of(t, user=user)) < there


def find_device(t: Transaction, device: int) -> StoredDevice | ForgottenDevice | None:
    """Find a device, and whether its person is signed in on it still."""
    found = t.rows(_FIND, (device,))
    if not found:
        return None
    user, endpoint, point, secret, session = found[0]
    if session is None:
        return ForgottenDevice()
    return StoredDevice(int(user), endpoint, point, secret)


def forget(t: Transaction, device: int) -> None:
    """Forget a device that its push service, or its person, has ended."""
    t.many(_FORGET, [(device,)])


def told(t: Transaction, device: int, *, status: int) -> None:
    """Write that a push service took a message for a device, or would have none of it."""
    t.many(_TOLD, [(t.at_ms, status, device)])


def push(t: Transaction, notice: int, *, user: int) -> None:
    """Have a notice sent to each of a person's devices: a job each, so that none waits for one."""
    for device in devices_of(t, user=user):
        payload = {"notice": notice, "device": device}
        enqueue(t, PUSH, f"{notice}:{device}", payload=payload, due_at_ms=t.at_ms)
