"""The files of delivery notes, for staff alone: a signed note, a photo of what was brought."""

from typing import Final

from fastapi import HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.desk.deliveries.pages.notes import note_page, see_note
from hub.web.frames.files import FileRoom, add_file_pages
from hub.web.noun import Router
from hub.web.site import Site

router = Router()
_LARGEST: Final = 2**53
"""A row's id is smaller."""


def see(site: Site, session: Session, note: str) -> None:
    """See that a note is among those that somebody of the house sees: a 404 otherwise."""
    if not (session.is_staff and note.isascii() and note.isdigit() and int(note) < _LARGEST):
        raise HTTPException(404)
    see_note(site, session, int(note))


def refuse(request: Request, site: Site, session: Session, *, key: str, done: Refused) -> Response:
    """Show a note with why a file was not kept, or not taken away."""
    return note_page(request, site, session, note=int(key), done=done)


add_file_pages(
    router,
    "/deliveries",
    FileRoom("delivery", "deliveries", "deliveries.read", "deliveries.record", see=see),
    address=lambda note: f"/deliveries/{note}",
    refuse=refuse,
)
