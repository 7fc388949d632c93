"""What proves that a note was brought: the signature of who received it, and photos."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.base.access import Scope
from hub.desk.deliveries.reads.scope import deliveries_of
from hub.desk.deliveries.tables import delivery, delivery_photo


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo of a note: `digest` is the SHA-256 of its file, `made_at` Unix ms."""

    number: int
    digest: str
    bytes: int
    width: int
    height: int
    made_by: str
    made_at: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The strokes of a signature, empty where nobody signed, and the photos by their numbers."""

    signature: str
    photos: tuple[PhotoRow, ...]


def read_proof(connection: Connection, note: int, *, scope: Scope) -> Proof:
    """Read the proof of a note; there is none for who may not see it."""
    seen = (delivery.c.id == note) & deliveries_of(scope)
    signature = connection.execute(select(delivery.c.signature).where(seen)).scalar()
    one = delivery_photo.c
    query = (
        select(
            *(one.number, one.digest, one.bytes, one.width, one.height, one.made_by, one.made_at)
        )
        .join(delivery, delivery.c.id == one.delivery_id)
        .where(seen)
        .order_by(one.number)
    )
    return Proof(signature or "", tuple(PhotoRow(*row) for row in connection.execute(query)))


def read_photo_digest(
    connection: Connection, note: int, number: int, *, scope: Scope
) -> str | None:
    """Read by which hash the file of a photo is found; None for who may not see its note."""
    photos = read_proof(connection, note, scope=scope).photos
    return next((one.digest for one in photos if one.number == number), None)
