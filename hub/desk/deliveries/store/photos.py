"""Photos of notes inside a given transaction: numbered within their note, each once."""

from typing import Final

from hub.base.fields import Refused, refused
from hub.base.kept.photos import Photo
from hub.base.transaction import Transaction
from hub.desk.deliveries.model.done import KeptPhoto
from hub.desk.deliveries.model.notes import LockedNote
from hub.desk.deliveries.store.notes import TOPIC

MOST_PHOTOS: Final = 6
"""Photos of one note at most."""
_OF_NOTE: Final = "SELECT digest, number FROM delivery_photo WHERE delivery_id = ?"
_KEEP: Final = """
INSERT INTO delivery_photo (delivery_id, number, digest, bytes, width, height, made_by, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def write_photo(t: Transaction, note: LockedNote, photo: Photo) -> KeptPhoto | Refused:
    """Write the row of a photo whose file is there; sent twice, it is one."""
    there = {digest: int(number) for digest, number in t.rows(_OF_NOTE, (note.id,))}
    if photo.digest in there:
        return KeptPhoto(note.id, there[photo.digest], again=True)
    if len(there) >= MOST_PHOTOS:
        return refused("photo_many", most=MOST_PHOTOS)
    number = len(there) + 1
    size = (len(photo.content), photo.width, photo.height)
    t.many(_KEEP, [(note.id, number, photo.digest, *size, t.actor, t.at_ms)])
    t.changed(TOPIC)
    return KeptPhoto(note.id, number)
