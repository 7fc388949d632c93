"""Keep a photo of an entry: the file first, then its row, so that no row is without its file."""

from dataclasses import dataclass

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused
from hub.base.transaction import LockRank, Transactions
from hub.desk.field.model.entries import Kept
from hub.desk.field.model.photos import PhotoError, read_photo
from hub.desk.field.store.photos import PhotoFiles, check_photo, write_photo


@dataclass(slots=True)
class KeepPhoto:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    files: PhotoFiles

    def __call__(self, uuid: str, sent: bytes, *, entry: str, by: Session) -> Kept | Refused:
        """Keep a photo under its own id; sent twice, it is one.

        What is no photo, or too large, is refused by what its bytes are.
        """
        try:
            photo = read_photo(sent)
        except PhotoError as error:
            return Refused((Reason(error.code, dict(error.params)),))
        with self.transactions.reading() as looking:
            done = check_photo(looking, uuid, photo, entry=entry, user=by.user_id)
        if done is not False:
            return done if isinstance(done, Refused) else Kept("kept", uuid, again=True)
        # Outside of the transaction: a disk that takes its time keeps no counter waiting.
        self.files.write(photo)
        with self.transactions.open(actor=by.user, at_ms=self.clock.now_ms()) as t:
            t.lock(LockRank.SOURCE, [uuid])
            done = write_photo(t, uuid, photo, entry=entry, user=by.user_id)
            if isinstance(done, Refused):
                return done
            t.commit()
        return Kept("kept", uuid, again=done)
