"""How a document stands at the portal of e-invoices, in words: why, what to mend, what came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from hub.base.access import Session
from hub.base.fields.words import sentence
from hub.base.history import Entry
from hub.base.papers import encode_code
from hub.base.words import Look, PageWords
from hub.desk.invoices.model.registration import (
    SENT_AGAIN,
    Refusal,
    Terms,
    why_unneeded,
)
from hub.desk.invoices.reads.record import InvoiceDetail
from hub.desk.invoices.reads.registration import Registration
from hub.desk.invoices.words import REGISTRATIONS
from hub.web.frames.records import Happened


@dataclass(frozen=True, slots=True)
class AtPortal:
    """What a page says of it: the state or why there is none, objections with what to mend.

    `code` is the signed code as a picture; `may_send` says that a person may have it sent. What is
    wrong, and how it was tried, is for staff, who `may_read` it.
    """

    look: Look | None
    why: str
    given: Registration | None
    objections: tuple[tuple[str, str], ...]
    code: Markup
    may_send: bool
    may_read: bool


def stand_at_portal(
    found: InvoiceDetail, *, terms: Terms, session: Session, words: PageWords
) -> AtPortal | None:
    """Say how a document stands; None where there is no portal and was none."""
    given = found.registration
    unneeded = why_unneeded(found.row, seller=found.seller, buyer=found.buyer, terms=terms)
    if given is None and unneeded == "off":
        return None
    if given is None:
        why = words.named("einvoice_why", unneeded or "unsent")
        may_send = unneeded is None and found.row["cancelled_day"] is None
        return AtPortal(None, why, None, (), Markup(), may_send, session.is_staff)
    return AtPortal(
        REGISTRATIONS[given.standing],
        "",
        given,
        tuple(_word(given.refusals, words)) if session.is_staff else (),
        draw_code(found),
        terms.is_on and given.state in SENT_AGAIN,
        session.is_staff,
    )


def draw_code(found: InvoiceDetail) -> Markup:
    """Draw the portal's signed code of a document; nothing of one that has none.

    What is drawn are squares alone: nothing of the text stands in it.
    """
    qr = found.registration.qr if found.registration else ""
    return Markup(encode_code(qr, fits=True))  # noqa: S704


def _word(refusals: Sequence[Refusal], words: PageWords) -> Iterator[tuple[str, str]]:
    """Word objections: the portal's own are left as they came, with what is to be mended."""
    for one in refusals:
        if one.own is not None:
            yield sentence(one.own, language=words.language), ""
        else:
            yield f"{one.code}: {one.text}", words.named("einvoice_mend", one.mend)


def tell_portal(entries: Sequence[Entry], words: PageWords, *, staff: bool) -> list[Happened]:
    """Tell a document's way at the portal for its timeline; what a job did has no name."""
    return [
        Happened(
            one.at_ms,
            one.who if staff and _is_person(one.who) else "",
            words.text(REGISTRATIONS[str(one.new)].words),
        )
        for one in entries
        if one.field == "state" and str(one.new) in REGISTRATIONS
    ]


def _is_person(who: str) -> bool:
    return not who.startswith("job ")
