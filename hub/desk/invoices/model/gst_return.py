"""In which table of the return of sales (GSTR-1) a document stands."""

from datetime import date
from typing import Final, Literal

from hub.desk.invoices.model.billing import NOTES, Kind

Table = Literal["B2B", "B2CL", "B2CS", "CDNR", "CDNUR"]
_LARGE: Final = ((date(2024, 8, 1), 100_000), (date.min, 250_000))
"""From which day above how many rupees an invoice to another state, without GSTIN, is large."""


def table_of(kind: Kind, *, gstin: str, is_inter: bool, day: date, value: int, scale: int) -> Table:
    """Say where a document stands; of a note, `day` and `value` are its invoice's.

    Of a buyer without GSTIN, a note stands by itself only where its invoice does: one to another
    state over more than 1,00,000.00. Others stand where the small sales are, and come off them.
    """
    is_note = kind in NOTES
    if gstin:
        return "CDNR" if is_note else "B2B"
    most = next(rupees for since, rupees in _LARGE if day >= since)
    if is_inter and value > most * 10**scale:
        return "CDNUR" if is_note else "B2CL"
    return "B2CS"
