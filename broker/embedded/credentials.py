"""Who may connect and do what: the password and access files of a broker, written safely."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from broker.contract.access import HUB_USER, mosquitto_acl
from broker.contract.enrolment.passwords import hash_password, is_hashed, verify_password
from broker.contract.ids import check_id

__all__ = ["HUB_USER", "Credentials"]

_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


class Credentials:
    """Users and passwords of the broker in `folder`; a running broker is told by `reload()`.

    Beside the passwords stands `acl`, Mosquitto's access file, which names each user's topics. Any
    number of processes may write: a lock file makes them take turns, and the files are replaced
    whole, so that a reader never sees half of one.
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
        with self._changed() as lines:
            lines[user] = hash_password(password)

    def set_hashed(self, user: str, hashed: str) -> None:
        """Add `user` or change its password, of which only the hashed line is known.

        Raises ValueError for a name that is no id, or a line that is not as `hash_password` makes.
        """
        check_id(user)
        if not is_hashed(hashed):
            raise ValueError("not the line of a hashed password")
        with self._changed() as lines:
            lines[user] = hashed

    def remove(self, user: str) -> None:
        """Take `user` away; nothing happens if it is not there."""
        with self._changed() as lines:
            lines.pop(user, None)

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
        """Name everybody who may connect, sorted."""
        return tuple(sorted(self.read()))

    def written_at(self) -> int:
        """Give when the passwords were written last, in ns; 0 where they are gone."""
        try:
            return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def verify(self, user: str, password: str) -> bool:
        """Tell whether a password is that of a user; nobody has one who is not there."""
        hashed = self.read().get(user)
        return hashed is not None and verify_password(password, hashed)

    def read(self) -> dict[str, str]:
        """Read the hashed passwords by user."""
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
            lines = self.read()
            yield lines
            # First what a user may do: nobody is let in before it is known.
            _replace(self.access_path, mosquitto_acl(lines))
            passwords = (f"{user}:{hashed}\n" for user, hashed in sorted(lines.items()))
            _replace(self.path, "".join(passwords))
        finally:
            os.close(lock)


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as draft:
        os.fchmod(draft.fileno(), _FILE_MODE)
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    Path(name).replace(path)
