"""Photos of entries: those on their way, and their rows in a given transaction."""

import contextlib
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.base.fields import Refused, refused
from hub.base.kept.photos import MOST_BYTES, Photo
from hub.base.transaction import Transaction
from hub.desk.field.store.entries import TOPIC

PARTS: Final = ".parts"
"""Where in the folder of photos those are that are not whole yet; no backup holds them."""
MOST_OF_ENTRY: Final = 10
"""Photos of one entry at most."""
_MOST_PARTS: Final = 10
_PART_MS: Final = 3 * 24 * 3_600_000
_SENT: Final = "SELECT user_id, entry, digest FROM field_photo WHERE uuid = ?"
_ENTRY: Final = "SELECT user_id, party_id, kind FROM field_entry WHERE uuid = ?"
_COUNT: Final = "SELECT count(*) FROM field_photo WHERE entry = ?"
_KEEP: Final = """
INSERT INTO field_photo (uuid, entry, user_id, digest, bytes, width, height, received_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING RETURNING uuid
"""


@dataclass(frozen=True, slots=True)
class PhotoParts:
    """Photos that are on their way: what has come of each, so that a cut line begins no anew."""

    folder: Path

    def add(self, name: str, part: bytes, *, start: int, now_ms: int) -> int:
        """Add a part that begins at `start`; gives how many bytes are there, with or without it.

        `name` is the person's id, a dash and the photo's. Two parts at once are told apart.
        """
        path = self.folder / name
        if not path.exists():
            self._make_room(name.partition("-")[0], now_ms=now_ms)
        with path.open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            there = os.fstat(stream.fileno()).st_size
            if there == start and there + len(part) <= MOST_BYTES:
                stream.write(part)
                there += len(part)
        return there

    def take(self, name: str) -> bytes | None:
        """Give all that has come of a photo, and keep none of it here; None where another did."""
        path = self.folder / name
        try:
            whole = path.read_bytes()
        except FileNotFoundError:
            return None
        path.unlink(missing_ok=True)
        return whole

    def _make_room(self, person: str, *, now_ms: int) -> None:
        """Drop what a person's phone has not gone on with for days, and the oldest above ten."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        own: list[tuple[float, Path]] = []
        for one in self.folder.glob(f"{person}-*"):
            # A photo of the person's other phone may be whole by now, and its parts gone.
            with contextlib.suppress(FileNotFoundError):
                own.append((one.stat().st_mtime, one))
        for number, (at, one) in enumerate(sorted(own, reverse=True), start=1):
            if at * 1_000 < now_ms - _PART_MS or number >= _MOST_PARTS:
                one.unlink(missing_ok=True)


def was_sent(t: Transaction, uuid: str, *, entry: str, user: int) -> bool:
    """Say whether a photo of one's own entry is there already."""
    found = t.rows(_SENT, (uuid,))
    return bool(found) and tuple(found[0])[:2] == (user, entry)


def check_photo(
    t: Transaction, uuid: str, photo: Photo, *, entry: str, user: int
) -> bool | Refused:
    """Say whether a photo is there already: True; False for a new one of one's own entry."""
    found = t.rows(_SENT, (uuid,))
    if found:
        same = tuple(found[0]) == (user, entry, photo.digest)
        return True if same else refused("entry_used", entry=uuid)
    of = t.rows(_ENTRY, (entry,))
    is_of_something = bool(of) and (of[0][1] is not None or of[0][2] == "day_begun")
    if not is_of_something or of[0][0] != user:
        return refused("photo_entry", entry=entry)
    if t.rows(_COUNT, (entry,))[0][0] >= MOST_OF_ENTRY:
        return refused("photo_many", most=MOST_OF_ENTRY)
    return False


def write_photo(
    t: Transaction, uuid: str, photo: Photo, *, entry: str, user: int
) -> bool | Refused:
    """Write the row of a photo whose file is there; True where it was written before."""
    there = check_photo(t, uuid, photo, entry=entry, user=user)
    if there is not False:
        return there
    size = (len(photo.content), photo.width, photo.height)
    t.changed(TOPIC)
    if t.rows(_KEEP, (uuid, entry, user, photo.digest, *size, t.at_ms)):
        return False
    return check_photo(t, uuid, photo, entry=entry, user=user)
