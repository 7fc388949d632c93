"""Keep a photo of goods where they were brought: the file first, then its row."""

from dataclasses import dataclass

from hub.base.access import Scope
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.kept.folders import keep_whole
from hub.base.kept.hashed import HashedFiles
from hub.base.kept.photos import Photo, PhotoError, read_photo
from hub.base.transaction import Transactions
from hub.desk.deliveries.model.done import KeptPhoto
from hub.desk.deliveries.model.life import LEFT
from hub.desk.deliveries.reads.notes import read_note
from hub.desk.deliveries.reads.proof import read_proof
from hub.desk.deliveries.store.notes import lock_notes
from hub.desk.deliveries.store.photos import MOST_PHOTOS, write_photo


@dataclass(slots=True)
class KeepPhoto:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    files: HashedFiles

    def __call__(self, delivery: int, sent: bytes, *, by: str, scope: Scope) -> KeptPhoto | Refused:
        """Keep a photo of a note whose goods have left, also after its end; sent twice, it is one.

        What is no photo, or too large, is refused by what its bytes are.
        """
        try:
            photo = read_photo(sent)
        except PhotoError as error:
            return Refused((Reason(error.code, dict(error.params)),))
        why_not = self._refuse(delivery, photo, scope=scope)
        if why_not is not None:
            return why_not
        # Outside of the transaction: a disk that takes its time keeps nobody waiting.
        self.files.write(photo.digest, photo.content)
        with self.transactions.open(actor=by, at_ms=self.clock.now_ms()) as t:
            locked = lock_notes(t, [delivery], scope=scope)
            if isinstance(locked, Refused):
                return locked
            done = write_photo(t, locked[0].note, photo)  # what has left never comes to be here
            if isinstance(done, Refused) or done.again:
                return done
            keep_whole(t, self.files, digest=photo.digest, content=photo.content)
            t.commit()
        return done

    def _refuse(self, delivery: int, photo: Photo, *, scope: Scope) -> Refused | None:
        """Say why a photo is not kept before its file is: no file stays that no row would find."""
        with self.transactions.reading() as looking:
            seen = read_note(looking.connection, delivery, scope=scope)
            there = read_proof(looking.connection, delivery, scope=scope).photos
        if seen is None:
            return refused("delivery_unknown", delivery=delivery)
        if seen.state not in LEFT:
            return refused("delivery_not_sent", note=seen.number)
        is_new = photo.digest not in {one.digest for one in there}
        if is_new and len(there) >= MOST_PHOTOS:
            return refused("photo_many", most=MOST_PHOTOS)
        return None
