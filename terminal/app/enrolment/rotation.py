"""Changes this terminal's password when the hub asks, without a moment in which none is good."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from broker.contract.enrolment import (
    ROTATION_PATH,
    ROTATION_USED_PATH,
    NewPassword,
    UsedPassword,
)
from terminal.app.enrolment.kept import ClaimNotKeptError
from terminal.app.enrolment.passwords import Passwords
from terminal.app.enrolment.posting import HubUnreachedError, post_to_hub

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 30.0
_NEXT_S: Final = 600.0
_OK: Final = 200
_SHUT_OUT: Final = 401
_GONE: Final = 409
"""What the hub answers where nobody asks for such a password any more."""


class NotTakenError(Exception):
    """The hub did not take what it was sent; `status` is 0 where it was not reached."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(slots=True)
class Rotations:
    """Makes the password that the hub asks for, has it taken, and says once it was used.

    `hub` gives where the hub is; `on_given` has the line to the broker made anew.
    """

    terminal: str
    passwords: Passwords
    hub: Callable[[], str]
    on_given: Callable[[], None]
    again_s: float = _AGAIN_S
    _wanted: str | None = None
    _next_s: float = 0.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, rotation: str | None) -> None:
        """Make the password that the hub asks for by this id; None where it asks for none."""
        self._wanted = rotation
        if rotation is not None:
            self._wake.set()

    def linked(self) -> None:
        """Take note that the broker let the terminal in."""
        if self.passwords.proving:
            self._wake.set()

    async def run(self) -> None:
        """Do what is to be done, whenever the hub asks or the broker let the terminal in."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._step()
            except (NotTakenError, ClaimNotKeptError) as error:
                _log.warning("the password is not changed yet: %s", error)
                await asyncio.sleep(self.again_s)
                self._wake.set()

    async def _step(self) -> None:
        """Say that the new password is used, else give the one that is asked for."""
        if not self.passwords.rotates or not self.hub():
            return
        if self.passwords.proving:
            await self._prove(self.passwords.proving)
            return
        rotation = self._wanted
        if rotation is None:
            return
        coming = self.passwords.begin(rotation)
        sent = NewPassword(
            rotation=rotation, password_sha256=coming.digest, password_line=coming.line
        )
        try:
            await asyncio.to_thread(self._post, ROTATION_PATH, msgspec.json.encode(sent))
        except NotTakenError as error:
            if error.status == _GONE:
                self._wanted = None  # taken back meanwhile
                return
            raise
        _log.info("the hub has another password of this terminal")
        self.passwords.given()
        now_s = asyncio.get_running_loop().time()
        if now_s >= self._next_s:
            # Where a broker does not know it yet, the one before is tried, and this again later.
            self._next_s = now_s + _NEXT_S
            self.on_given()

    async def _prove(self, rotation: str) -> None:
        sent = msgspec.json.encode(UsedPassword(rotation=rotation))
        try:
            await asyncio.to_thread(self._post, ROTATION_USED_PATH, sent)
        except NotTakenError as error:
            if error.status not in {_GONE, _SHUT_OUT}:
                raise
            # A hub that was put back to before it asked: the password before is tried by itself.
            _log.warning("the hub knows nothing of the password that is used: %s", error)
        else:
            _log.info("the password before is good no more")
        self.passwords.proven()

    def _post(self, path: str, body: bytes) -> None:
        """Send something under the password that is used; blocking. Raises NotTakenError."""
        identity = (self.terminal, self.passwords.current)
        try:
            status, _ = post_to_hub(self.hub(), path, body, identity=identity)
        except HubUnreachedError as error:
            raise NotTakenError(0, str(error)) from error
        if status != _OK:
            raise NotTakenError(status, f"the hub answered {status}")
