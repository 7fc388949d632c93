"""A document and the portals: sending it, and the files for whoever does so by hand."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session
from hub.base.fields import Refused
from hub.desk.invoices.acts import InvoiceActs
from hub.desk.invoices.model.gst_files import check_document, encode_file
from hub.desk.invoices.pages.showing import find, show_invoice
from hub.web.noun import Router
from hub.web.sessions import signed_in_for
from hub.web.site import SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("invoices.read"))]
Maker = Annotated[Session, Depends(signed_in_for("invoices.make"))]
Acts = Annotated[InvoiceActs, Depends(acts_of(InvoiceActs))]


@router.post("/invoices/{invoice}/register")
def register(
    request: Request, site: SiteOf, session: Maker, *, acts: Acts, invoice: int
) -> Response:
    """Have a document sent to the portal of e-invoices, or say why it is not."""
    done = acts.register(invoice, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return show_invoice(request, site, session, invoice=invoice, done=done)
    return RedirectResponse(f"/invoices/{invoice}", 303)


@router.get("/invoices/{invoice}/einvoice.json")
def einvoice(request: Request, site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Give an invoice as the portal of e-invoices takes it, or say what it lacks."""
    found = find(site, session, invoice)
    written = found.portal_file()
    faults = check_document(found.row, written, seller=found.seller, buyer=found.buyer)
    if faults:
        return show_invoice(request, site, session, invoice=invoice, done=Refused(faults))
    return _file(f"{found.row['number']}.json", [written])


@router.get("/invoices/{invoice}/eway.json")
def eway(request: Request, site: SiteOf, session: Reader, *, invoice: int) -> Response:
    """Give the e-way bill of an invoice's trip as its portal takes it, or say what it lacks."""
    found = find(site, session, invoice)
    faults = found.eway_faults()
    if faults:
        return show_invoice(request, site, session, invoice=invoice, done=Refused(faults))
    return _file(f"{found.row['number']}-eway.json", found.eway_file())


def _file(name: str, written: object) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name.replace("/", "-")}"'}
    return Response(encode_file(written), media_type="application/json", headers=headers)
