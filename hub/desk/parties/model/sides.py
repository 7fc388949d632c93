"""A seller or a buyer as documents name it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Side:
    """A seller or a buyer as a document names it; the state is its two digits of GST.

    `bank` and `note` are what a seller's own documents end with; `contact` is whom to ask for.
    """

    code: str
    name: str
    gstin: str = ""
    gst_kind: str = ""
    address: str = ""
    city: str = ""
    pin: str = ""
    state: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    note: str = ""
    contact: str = ""
