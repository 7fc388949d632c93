"""The passwords that a terminal may be let in by, and how one takes the place of another.

Another one is on disk before the hub is asked to take it, and the one before stays there after it:
whichever of the two a hub or its broker knows after a power cut, or a restored backup, is tried.
"""

import hashlib
import json
import logging
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from broker.contract.enrolment import hash_password
from terminal.app.enrolment.kept import ClaimNotKeptError, write_secret
from terminal.app.settings import Settings

_log = logging.getLogger(__name__)
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stands in the file beside the settings.

    `base` is the SHA-256 of the password of the settings: another one there ends all of this.
    `used` is the password that took its place, `before` the one before that. `coming` was made when
    the hub asked by `rotation`, with the `line` that checks it; `is_given` once the hub has it.
    `proving` is the rotation of `used`, until the hub knows that it is used.
    """

    base: str
    used: str = ""
    before: str = ""
    rotation: str = ""
    coming: str = ""
    line: str = ""
    is_given: bool = False
    proving: str = ""


@dataclass(frozen=True, slots=True)
class Coming:
    """A password of our own making that the hub is to take, and what checks it there."""

    rotation: str
    digest: str
    line: str


class Passwords:
    """Says by which password to try next; `own` is that of the settings.

    Without a `path` nothing is kept and no other password is made.
    """

    def __init__(self, own: str, path: Path | None = None) -> None:
        self._own = own
        self._path = path
        self._kept = self._read()
        self._tried = self._refusals = 0
        self._in_use = self._offered = self._candidates()[0]

    @property
    def rotates(self) -> bool:
        """Tell whether another password can be made here."""
        return self._path is not None

    @property
    def current(self) -> str:
        """Give the password that the terminal was let in by last."""
        return self._in_use

    @property
    def proving(self) -> str:
        """Name the rotation whose password is used, and of which the hub does not know it yet."""
        return self._kept.proving

    def offered(self) -> str:
        """Give the password to try now."""
        candidates = self._candidates()
        self._offered = candidates[self._tried % len(candidates)]
        return self._offered

    def refused(self) -> bool:
        """Go on to the next one; False where each was refused, and the first is next again."""
        self._tried += 1
        self._refusals += 1
        return self._refusals % len(self._candidates()) != 0

    def taken(self) -> None:
        """Take note that the broker let the terminal in by what was offered last."""
        self._in_use = taken = self._offered  # what is tried first may be another by now
        if self._kept.coming and taken == self._kept.coming:
            before = self._kept.used or self._own
            self._keep(_Kept(self._kept.base, taken, before=before, proving=self._kept.rotation))
            self._tried = 0
        self._tried %= len(self._candidates())
        self._refusals = 0

    def begin(self, rotation: str) -> Coming:
        """Make the password of a rotation, or give the one that was made for it; on disk then.

        Raises ClaimNotKeptError.
        """
        if self._kept.rotation != rotation:
            coming = secrets.token_urlsafe(_BYTES)
            line = hash_password(coming)
            self._keep(
                replace(self._kept, rotation=rotation, coming=coming, line=line, is_given=False),
                must=True,
            )
        kept = self._kept
        return Coming(rotation, _digest(kept.coming), kept.line)

    def given(self) -> None:
        """Take note that the hub took the coming password: it is tried first from now on."""
        self._keep(replace(self._kept, is_given=True))
        self._tried = 0

    def proven(self) -> None:
        """Take note that the hub knows that the password is used."""
        self._keep(replace(self._kept, proving=""))

    def _candidates(self) -> list[str]:
        """Give the passwords in the order in which they are tried."""
        kept = self._kept
        first = kept.coming if kept.is_given else ""
        order = (first, kept.used or self._own, kept.coming, kept.before, self._own)
        return list(dict.fromkeys(filter(None, order))) or [""]

    def _read(self) -> _Kept:
        """Read what was kept; what is of other settings counts no more."""
        none = _Kept(_digest(self._own))
        if self._path is None:
            return none
        try:
            found = _Kept(**json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return none
        except (OSError, ValueError, TypeError) as error:
            _log.warning("%s cannot be read: %s", self._path.name, error)
            return none
        return found if found.base == none.base else none

    def _keep(self, kept: _Kept, *, must: bool = False) -> None:
        """Keep it on disk; without `must` a full disk costs a second try after a restart only."""
        try:
            if self._path is not None:
                write_secret(self._path, json.dumps(asdict(kept)))
        except ClaimNotKeptError as error:
            if must:
                raise
            _log.warning("%s", error)
        self._kept = kept


def settings_in_use(settings: Settings, enrolled: Path) -> Settings:
    """Give settings with the password that the terminal would try first."""
    passwords = Passwords(settings.password, passwords_path(enrolled))
    return replace(settings, password=passwords.current)


def passwords_path(enrolled: Path) -> Path:
    """Name the file of the passwords that took the place of the one in the settings."""
    return enrolled.with_suffix(".passwords")


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
