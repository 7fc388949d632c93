"""One return, with the credit notes that came of it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.desk.invoices.reads.put_back import list_put_back
from hub.desk.returns.reads import ReturnDetail, read_return
from hub.web.frames.files import HouseRoom, add_house_files
from hub.web.frames.records import Happened, Linked, Record, show_record
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("returns.read"))]


@router.get("/returns/{row_id}")
def show(request: Request, site: SiteOf, session: Reader, *, row_id: int) -> Response:
    """Show one return with its credit notes."""
    return show_return(request, site, session, row_id=row_id)


def see_return(site: Site, session: Session, row_id: int) -> ReturnDetail:
    """Read a return that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_return(connection, row_id, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


def show_return(
    request: Request, site: Site, session: Session, *, row_id: int, fault: str = ""
) -> Response:
    """Show a return, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found = see_return(site, session, row_id)
    notes = {one.note: one for one in found.lines}
    with site.ground.database.read() as connection:
        put_back = list_put_back(connection, notes, scope=session.scope)
    row = found.row
    linked = [
        Linked(words.named("invoice_kind", one.note_kind), one.note_number, f"/invoices/{note}")
        for note, one in notes.items()
        if session.may("invoices.read")
    ]
    if row.delivery is not None and session.may("deliveries.read"):
        note = words.text("delivery.paper")
        linked.append(Linked(note, row.delivery_number, f"/deliveries/{row.delivery}"))
    record = Record(
        noun="return",
        key=str(row_id),
        number=row.number,
        name=row.customer,
        name_href=f"/customers/{quote(row.customer_code, safe='')}"
        if session.may("customers.read")
        else "",
        address=f"/returns/{row_id}",
        back="/returns",
        topics=("returns", "invoices"),
        linked=tuple(linked),
        timeline=(Happened(row.made_at, row.made_by, words.text("returns.taken"), why=row.why),),
        notes=False,
        files="returns.take" if session.is_staff else "",
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="return.html",
        fault=fault,
        status=409 if fault else 200,
        seen=seen,
        found=found,
        put_back=put_back,
    )


add_house_files(
    router,
    "/returns",
    HouseRoom(
        *("return", "returns", "returns.read", "returns.take"),
        see=see_return,
        show=lambda request, site, session, row, fault: show_return(
            request, site, session, row_id=row, fault=fault
        ),
    ),
)
