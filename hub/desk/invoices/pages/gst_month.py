"""A month for the return of sales (GSTR-1): its page, and the file of each of its parts."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.desk.invoices.model.gst_return import PARTS, Part, ReturnRow, month_of, write_return
from hub.desk.invoices.reads.gst import Month, read_part
from hub.desk.parties.reads.sellers import list_sellers
from hub.web.noun import Router
from hub.web.pages import draw
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("invoices.read"))]
Sums = tuple[str, int, int, int, int, int, int]


def month_asked(site: SiteOf, *, month: str = "", seller: str = "") -> Month:
    """Read which month of whose is asked for: the one before today where none is named."""
    days = month_of(month, site.today())
    if days is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return Month(*days, seller=seller[:64])


Asked = Annotated[Month, Depends(month_asked)]


@router.get("/invoices/gstr1")
def gst_month(request: Request, site: SiteOf, session: Reader, *, asked: Asked) -> Response:
    """Show what goes into each table of the return."""
    parts = _read(site, session, asked)
    with site.ground.database.read() as connection:
        sellers = list_sellers(connection, scope=session.scope)
    rates = cast("Sequence[ReturnRow]", parts["rates"])
    return draw(
        request,
        "gst_month.html",
        session=session,
        asked=asked,
        sellers=sellers,
        parts=PARTS,
        tables=tables_of(rates),
        hsn=parts["hsn"],
        issued=parts["issued"],
    )


@router.get("/invoices/gstr1.csv")
def gst_file(site: SiteOf, session: Reader, *, asked: Asked, part: Part = "rates") -> Response:
    """Give one part of the return as its file."""
    with site.ground.database.read() as connection:
        rows = read_part(connection, part, asked, scope=session.scope)
    named = "" if part == "rates" else f"-{part}"
    name = f"gstr1-{asked.first:%Y-%m}{named}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_return(part, rows), media_type="text/csv", headers=headers)


def tables_of(rows: Sequence[ReturnRow]) -> list[Sums]:
    """Sum rows by the table that they stand in: documents, what was taxable, and each head."""
    found: dict[str, list[ReturnRow]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return [
        (
            table,
            len({row.number for row in those}),
            *(sum(row.taxable for row in those), sum(row.igst for row in those)),
            *(sum(row.cgst for row in those), sum(row.sgst for row in those)),
            sum(row.cess for row in those),
        )
        for table, those in sorted(found.items())
    ]


def _read(site: Site, session: Session, asked: Month) -> Mapping[Part, Sequence[object]]:
    with site.ground.database.read() as connection:
        return {part: read_part(connection, part, asked, scope=session.scope) for part in PARTS}
