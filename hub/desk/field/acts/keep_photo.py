"""Keep a photo of an entry: the file first, then its row, so that no row is without its file."""

from dataclasses import dataclass

from hub.base.access import Session
from hub.base.clock import Clock
from hub.base.fields import Reason, Refused, refused
from hub.base.kept.folders import keep_whole
from hub.base.kept.hashed import HashedFiles
from hub.base.kept.photos import MOST_BYTES, PhotoError, read_photo
from hub.base.transaction import LockRank, Transactions
from hub.desk.field.model.entries import Kept
from hub.desk.field.store.bringing import check_proof, prove_brought
from hub.desk.field.store.photos import PhotoParts, check_photo, was_sent, write_photo


@dataclass(slots=True)
class KeepPhoto:
    """The act, with what it needs."""

    transactions: Transactions
    clock: Clock
    files: HashedFiles
    parts: PhotoParts

    def add(
        self, uuid: str, part: bytes, *, start: int, size: int, entry: str, by: Session
    ) -> Kept | Refused | int:
        """Add a part of a photo of `size` bytes; gives how many are there until it is whole.

        A photo of 300 kB whose line is cut after 200 goes on from there. One that was kept before
        is kept again, whatever is sent of it.
        """
        if size > MOST_BYTES:
            return refused("photo_large", most=MOST_BYTES // 1_000)
        with self.transactions.reading() as t:
            if was_sent(t, uuid, entry=entry, user=by.user_id):
                return Kept("kept", uuid, again=True)
        name = f"{by.user_id}-{uuid}"
        there = self.parts.add(name, part, start=start, now_ms=self.clock.now_ms())
        if there < size:
            return there
        whole = self.parts.take(name)
        # Its last part came twice at once: whoever took the parts keeps it, the phone asks again.
        return 0 if whole is None else self(uuid, whole, entry=entry, by=by)

    def __call__(self, uuid: str, sent: bytes, *, entry: str, by: Session) -> Kept | Refused:
        """Keep a photo under its own id; sent twice, it is one. Of goods brought, it is the note's.

        What is no photo, or too large, is refused by what its bytes are.
        """
        try:
            photo = read_photo(sent)
        except PhotoError as error:
            return Refused((Reason(error.code, dict(error.params)),))
        with self.transactions.reading() as looking:
            done = check_photo(looking, uuid, photo, entry=entry, user=by.user_id)
            if done is False:
                done = check_proof(looking, entry, photo) or False
        if done is not False:
            return done if isinstance(done, Refused) else Kept("kept", uuid, again=True)
        # Outside of the transaction: a disk that takes its time keeps no counter waiting.
        self.files.write(photo.digest, photo.content)
        with self.transactions.open(actor=by.user, at_ms=self.clock.now_ms()) as t:
            t.lock(LockRank.SOURCE, [uuid])
            done = write_photo(t, uuid, photo, entry=entry, user=by.user_id)
            if isinstance(done, Refused):
                return done
            wrong = prove_brought(t, entry, photo, scope=by.scope)
            if wrong is not None:
                return wrong
            keep_whole(t, self.files, digest=photo.digest, content=photo.content)
            t.commit()
        return Kept("kept", uuid, again=done)
