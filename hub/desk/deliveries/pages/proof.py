"""The proof of a note for people: its photos, and the paper that says who received what."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.kept.photos import MOST_BYTES
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.reads.proof import read_photo_digest
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import PaperLanguage, PaperSize, send_paper, send_photo
from hub.web.programs import bytes_of
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("deliveries.read"))]
Recorder = Annotated[Session, Depends(signed_in_for("deliveries.record"))]
Acts = Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))]
File = Annotated[bytes, Depends(bytes_of)]


@router.get("/deliveries/{note}/proof.pdf")
def proof_paper(
    session: Reader, *, acts: Acts, language: PaperLanguage, note: int, size: PaperSize = "a4"
) -> Response:
    """Give what proves that a note was brought as a file; 404 while nobody said what became."""
    return send_paper(acts.papers.proof(note, size=size, **language, scope=session.scope))


@router.get("/deliveries/{note}/photos/{number}")
def show_photo(
    request: Request, site: SiteOf, session: Reader, *, acts: Acts, note: int, number: int
) -> Response:
    """Give a photo to whoever sees its note."""
    with site.ground.database.read() as connection:
        digest = read_photo_digest(connection, note, number, scope=session.scope)
    return send_photo(request, None if digest is None else acts.keep_photo.files.read(digest))


@router.post("/deliveries/{note}/photos", max_body_size=MOST_BYTES)
def keep_photo(
    request: Request, session: Recorder, *, acts: Acts, note: int, body: File
) -> Response:
    """Keep a photo that the page sends by itself, and tell where it is or why it is none."""
    done = acts.keep_photo(note, body, by=session.user, scope=session.scope)
    words = words_of(request)
    if isinstance(done, Refused):
        said = sentence(done.reasons[0], language=words.language)
        return JSONResponse({"words": said}, HTTPStatus.UNPROCESSABLE_ENTITY)
    said = words.text("delivery.photo", number=done.number)
    return JSONResponse({"address": f"/deliveries/{note}/photos/{done.number}", "words": said})
