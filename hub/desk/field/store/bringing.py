"""Goods that a phone says were brought: to which outlet, and photos that prove it."""

from typing import Final

from sqlalchemy import select

from hub.base.access import Scope, visible
from hub.base.fields import Refused, refused
from hub.base.kept.photos import Photo
from hub.base.transaction import Transaction
from hub.desk.deliveries.store.notes import lock_notes
from hub.desk.deliveries.store.photos import MOST_PHOTOS, write_photo
from hub.desk.deliveries.tables import delivery
from hub.desk.field.store.entries import Outlet

_NOTE: Final = "SELECT document FROM field_entry WHERE uuid = ? AND kind = 'brought'"
_PHOTOS: Final = "SELECT count(*) FROM delivery_photo WHERE delivery_id = ? AND digest <> ?"


def find_brought_to(t: Transaction, note: int, *, scope: Scope) -> Outlet | None:
    """Find the outlet of a delivery note; None where the person sees no such note."""
    table = delivery.c
    seen = visible(scope, seller=table.seller_id, party=table.customer_id)
    query = select(table.customer_id).where(table.id == note, seen)
    found = t.connection.execute(query).scalar()
    return None if found is None else Outlet(int(found), None, None)


def check_proof(t: Transaction, entry: str, photo: Photo) -> Refused | None:
    """Say why a photo of an entry is none of its delivery note, before its file is kept."""
    found = t.rows(_NOTE, (entry,))
    many = t.rows(_PHOTOS, (int(found[0][0]), photo.digest))[0][0] if found else 0
    return refused("photo_many", most=MOST_PHOTOS) if many >= MOST_PHOTOS else None


def prove_brought(t: Transaction, entry: str, photo: Photo, *, scope: Scope) -> Refused | None:
    """Write a photo of an entry to the delivery note that the entry is of, if it is of one."""
    found = t.rows(_NOTE, (entry,))
    if not found:
        return None
    locked = lock_notes(t, [int(found[0][0])], scope=scope)
    if isinstance(locked, Refused):
        return locked
    written = write_photo(t, locked[0].note, photo)
    return written if isinstance(written, Refused) else None
