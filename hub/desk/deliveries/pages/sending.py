"""The pages that send picked notes off: the vehicle and its driver, and a trip's load sheet."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentence
from hub.base.words import PageWords
from hub.desk.deliveries.acts import DeliveryActs
from hub.desk.deliveries.model.drives import FIELDS as CARRIER
from hub.desk.deliveries.reads.notes import (
    NoteLineRow,
    NoteRow,
    lines_of,
    notes_of,
    notes_to_send,
)
from hub.desk.deliveries.words import STATES
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_form,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("deliveries.read"))]
Sender = Annotated[Session, Depends(signed_in_for("deliveries.dispatch"))]
Acts = Annotated[DeliveryActs, Depends(acts_of(DeliveryActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_OPENED = "opened"
_FIELDS = (
    Field("vehicle", "delivery.vehicle", required=True, longest=60),
    Field("driver", "delivery.driver", required=True, longest=60),
    Field("carrier", "delivery.carrier", hint="delivery.carrier_hint", longest=100),
    Field("carrier_gstin", "delivery.carrier_gstin", longest=15, code=True),
    Field("distance", "delivery.distance", hint="delivery.distance_hint", longest=4),
)
_FORM = FormFrame(
    "delivery_dispatch", "delivery.dispatch", "delivery.dispatch", _FIELDS, "delivery_send.html",
    "truck",
)  # fmt: skip


@router.get("/deliveries/dispatch")
def choose(request: Request, site: SiteOf, session: Sender) -> Response:
    """Show the notes that wait for a vehicle, those of the address chosen."""
    chosen = "\n".join(one for one in request.query_params.getlist("note") if one.isdecimal())
    begun = {"note": chosen, _OPENED: "yes"} if chosen else {_OPENED: "yes"}
    return open_form(_place(request, site, session), begun)


@router.post("/deliveries/dispatch")
def dispatch(
    request: Request, site: SiteOf, session: Sender, *, acts: Acts, given: Given
) -> Response:
    """Send the chosen notes off, and show the load sheet of their trip."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.dispatch(
        sent.value,
        vehicle=given.get("vehicle", ""),
        driver=given.get("driver", ""),
        by=session.user,
        scope=session.scope,
        **{name: given.get(name, "") for name in CARRIER},
    )
    if isinstance(done, Refused):
        words = words_of(request)
        said = [sentence(one, language=words.language) for one in done.reasons]
        return refuse_form(place, given, errors={"": "; ".join(said)})
    return finish_form(place, sent=sent, led_to=f"/deliveries/trips/{done.trip}")


def _place(request: Request, site: Site, session: Session) -> FormPlace[list[int]]:
    words = words_of(request)
    with site.ground.database.read() as connection:
        notes = notes_to_send(connection, scope=session.scope)

    def check(values: Mapping[str, str]) -> Checked[list[int]]:
        chosen = {int(one) for one in values.get("note", "").split() if one.isdecimal()}
        there = [one.id for one in notes if one.id in chosen]
        errors = {} if _OPENED in values else _errors(values, there, words)
        return Checked(there, errors=errors, shown={"to_send": notes, "chosen": chosen})

    return FormPlace(request, site, session, _FORM, "/deliveries/dispatch", "/deliveries", check)


def _errors(values: Mapping[str, str], there: Sequence[int], words: PageWords) -> dict[str, str]:
    errors = {
        name: words.text("delivery.field_missing")
        for name in ("vehicle", "driver")
        if not values.get(name, "").strip()
    }
    if not there:
        errors[""] = words.text("delivery.none_chosen")
    return errors


@router.get("/deliveries/trips/{trip}")
def load_sheet(request: Request, site: SiteOf, session: Reader, *, trip: int) -> Response:
    """Show the load sheet of a trip: its notes, and how much of each product is on the vehicle."""
    with site.ground.database.read() as connection:
        notes = list(notes_of(connection, trip=trip, scope=session.scope))
        lines = lines_of(connection, [one.id for one in notes], scope=session.scope)
    if not notes:
        raise HTTPException(404)
    return draw(
        request,
        "delivery_trip.html",
        session=session,
        trip=trip,
        trip_notes=notes,
        first=notes[0],
        totals=_totals(lines),
        looks=STATES,
        pieces=_pieces(notes, lines),
    )


def _totals(lines: Sequence[NoteLineRow]) -> list[tuple[str, str, str, int]]:
    """Add up what is loaded by product and batch: SKU, name, batch, base units."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for one in lines:
        sums[one.sku, one.name, one.batch] += one.sent
    return [(*key, many) for key, many in sorted(sums.items()) if many]


def _pieces(notes: Sequence[NoteRow], lines: Sequence[NoteLineRow]) -> dict[int, int]:
    sums = dict.fromkeys((one.id for one in notes), 0)
    for one in lines:
        sums[one.delivery] += one.sent
    return sums
