"""The form that sets a terminal's counter, and who set it before."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, Response

from hub.base.access import Session
from hub.base.fields import Refused
from hub.base.fields.words import sentences
from hub.base.history import Entry
from hub.base.words import PageWords
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model import ASK_SCALE, PAYMENTS, read_counter_settings
from hub.desk.terminals.reads.counters import CounterRow, read_counter
from hub.desk.terminals.words import FRESHNESS
from hub.web.frames.filters import Option
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    finish_form,
    open_form,
    read_form,
    refuse_act,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of
from rules import shown

router = Router()
Setter = Annotated[Session, Depends(signed_in_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_BACK: Final = "/terminals"


@router.get("/terminals/{terminal}/counter")
def counter(request: Request, site: SiteOf, session: Setter, *, terminal: str) -> Response:
    """Show what the counter is set to."""
    row = _row(site, session, terminal)
    settings = row.settings
    values = {
        "payments": ",".join(settings.payments),
        "ask_quantity": "" if settings.ask_quantity is None else str(settings.ask_quantity),
        "ask_amount": ""
        if settings.ask_amount is None
        else str(shown(settings.ask_amount, ASK_SCALE)),
    }
    return open_form(_place(request, site, session, row=row), values)


@router.post("/terminals/{terminal}/counter")
def set_counter(
    request: Request, site: SiteOf, session: Setter, *, terminal: str, given: Given, acts: Acts
) -> Response:
    """Set the counter."""
    place = _place(request, site, session, row=_row(site, session, terminal))
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    why = given.get("why", "")
    done = acts.set_counter(terminal, given, by=session.user, why=why, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons, shown=place.check(given).shown)
    return finish_form(place, sent=sent, led_to=_BACK)


def _row(site: Site, session: Session, terminal: str) -> CounterRow:
    with site.ground.database.read() as connection:
        row = read_counter(connection, terminal, scope=session.scope)
    if row is None:
        raise HTTPException(404)
    return row


def _place(
    request: Request, site: Site, session: Session, *, row: CounterRow
) -> FormPlace[dict[str, str]]:
    words = words_of(request)
    fields = (
        Field(
            "payments",
            "counter_set.payments",
            kind="choice",
            hint="counter_set.payments_hint",
            options=tuple(_options(words)),
        ),
        Field("ask_quantity", "counter_set.quantity", "number", "counter_set.quantity_hint"),
        Field("ask_amount", "counter_set.amount", "amount", "counter_set.amount_hint"),
        Field("why", "word.why"),
    )
    frame = FormFrame(
        "counter_set", "counter_set.title", "counter_set.keep", fields, "counter_form.html"
    )
    told = {
        "counter": row,
        "runs": FRESHNESS[row.runs],
        "usual": PAYMENTS,
        "changes": list(map(_worded, row.changes)),
    }
    address = f"{_BACK}/{row.terminal}/counter"

    def check(values: Mapping[str, str]) -> Checked[dict[str, str]]:
        read = read_counter_settings(values)
        if isinstance(read, Refused):
            return Checked(errors=sentences(read.reasons, language=words.language), shown=told)
        return Checked(dict(values), shown=told)

    return FormPlace(*(request, site, session, frame, address, _BACK), check, row.terminal)


def _worded(change: Entry) -> Entry:
    """Write an amount of a change with its decimals; the history has minor units."""
    if change.field != "ask_amount":
        return change
    old, new = (
        str(shown(one, ASK_SCALE)) if isinstance(one, int) else one
        for one in (change.old, change.new)
    )
    return replace(change, old=old, new=new)


def _options(words: PageWords) -> Iterator[Option]:
    """Name every choice: which payment is usual, and which others are taken beside it."""
    yield Option("", words.text("counter_set.by_credit"))
    for usual in PAYMENTS:
        others = [one for one in PAYMENTS if one != usual]
        for count in (2, 1, 0):
            for beside in combinations(others, count):
                named = ", ".join(words.named("payment", one) for one in (usual, *beside))
                yield Option(",".join((usual, *beside)), named)
