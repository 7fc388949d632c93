"""Who may connect and do what: the password and access files of a broker, written safely."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from broker.contract.access import HUB_USER, is_hub, mosquitto_acl
from broker.contract.enrolment.passwords import hash_password, is_hashed, verify_password
from broker.contract.ids import check_id

__all__ = ["HUB_USER", "Credentials"]

_OUT: Final = "#"
"""Begins the line of a user who is kept out for a while: to every broker it is a remark."""
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


class Credentials:
    """Users and passwords of the broker in `folder`; a running broker is told by `reload()`.

    Beside the passwords stands `acl`, Mosquitto's access file, which names each user's topics. Any
    number of processes may write: a lock file makes them take turns, and the files are replaced
    whole, so that a reader never sees half of one. A user who is kept out keeps its password: its
    line stands there as a remark, which `let_in` makes a line again.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        self.path: Final = folder / "passwd"
        self.access_path: Final = folder / "acl"
        self._lock_path: Final = folder / "passwd.lock"
        if not self.path.exists():
            self.write_again()

    def set(self, user: str, password: str) -> None:
        """Add `user` or change its password; raises ValueError for a name that is no id."""
        check_id(user)
        self._put(user, hash_password(password))

    def set_hashed(self, user: str, hashed: str) -> None:
        """Add `user` or change its password, of which only the hashed line is known.

        Raises ValueError for a name that is no id, or a line that is not as `hash_password` makes.
        """
        check_id(user)
        if not is_hashed(hashed):
            raise ValueError("not the line of a hashed password")
        self._put(user, hashed)

    def remove(self, user: str) -> None:
        """Take `user` away; nothing happens if it is not there."""
        with self._changed() as lines:
            lines.pop(user, None)
            lines.pop(_OUT + user, None)

    def keep_out(self, users: Iterable[str]) -> None:
        """Keep users out until `let_in`; whoever is not there, or is the hub, is passed over."""
        with self._changed() as lines:
            for user in users:
                if user in lines and not is_hub(user):
                    lines[_OUT + user] = lines.pop(user)

    def let_in(self, users: Iterable[str]) -> None:
        """Let users in again with the passwords that they had; a newer one stays."""
        with self._changed() as lines:
            for user in users:
                hashed = lines.pop(_OUT + user, None)
                if hashed is not None:
                    lines.setdefault(user, hashed)

    def kept_out(self) -> tuple[str, ...]:
        """Name everybody who is kept out for a while, sorted."""
        lines = self._read_lines()
        return tuple(sorted(user.removeprefix(_OUT) for user in lines if user.startswith(_OUT)))

    def write_again(self) -> None:
        """Write both files anew, as this version writes them."""
        with self._changed():
            pass

    def renew(self) -> bool:
        """Write both files anew where an earlier version wrote them; True where that was needed."""
        if self.access_path.exists():
            written = self.access_path.read_text(encoding="utf-8")
            if written == mosquitto_acl(self.read()):
                return False
        self.write_again()
        return True

    def users(self) -> tuple[str, ...]:
        """Name everybody who has a password, sorted; also those who are kept out for a while."""
        return tuple(sorted({user.removeprefix(_OUT) for user in self._read_lines()}))

    def version(self) -> tuple[int, int]:
        """Give what is another one after each writing; (0, 0) where the passwords are gone."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def verify(self, user: str, password: str) -> bool:
        """Tell whether a password is that of a user; nobody has one who is not there."""
        hashed = self.read().get(user)
        return hashed is not None and verify_password(password, hashed)

    def read(self) -> dict[str, str]:
        """Read the hashed passwords of those who may connect, by user."""
        lines = self._read_lines()
        return {user: lines[user] for user in _let_in_by(lines)}

    def _put(self, user: str, hashed: str) -> None:
        """Add a user or change its password; that lets it in, also where it was kept out."""
        with self._changed() as lines:
            lines.pop(_OUT + user, None)
            lines[user] = hashed

    def _read_lines(self) -> dict[str, str]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        pairs = (line.partition(":") for line in text.splitlines())
        return {user: hashed for user, _, hashed in pairs if user and hashed}

    @contextlib.contextmanager
    def _changed(self) -> Iterator[dict[str, str]]:
        lock = os.open(self._lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, _FILE_MODE)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lines = self._read_lines()
            yield lines
            # First what a user may do: nobody is let in before it is known.
            _replace(self.access_path, mosquitto_acl(_let_in_by(lines)))
            passwords = (f"{user}:{hashed}\n" for user, hashed in sorted(lines.items()))
            _replace(self.path, "".join(passwords))
        finally:
            os.close(lock)


def _let_in_by(lines: Iterable[str]) -> list[str]:
    """Name whom the password file lets in."""
    return [user for user in lines if not user.startswith(_OUT)]


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as draft:
        os.fchmod(draft.fileno(), _FILE_MODE)
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    Path(name).replace(path)
