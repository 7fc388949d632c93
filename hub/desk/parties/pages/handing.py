"""The page on which one takes over all customers of another from a day on."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Request, Response

from hub.base.access import Session
from hub.base.fields import LONGEST_REASON, Reason, Refused
from hub.base.fields.words import sentences
from hub.base.words import PageWords
from hub.desk.parties.acts import CustomerActs
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.model.customers import ROLES, Role, Span
from hub.desk.parties.reads.sellers import list_roles
from hub.web.frames.forms import (
    Checked,
    Field,
    FormFrame,
    FormPlace,
    Option,
    finish_form,
    open_form,
    read_form,
    refuse_edit,
    refuse_form,
    take_form,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Changer = Annotated[Session, Depends(signed_in_for("customers.change"))]
Acts = Annotated[CustomerActs, Depends(acts_of(CustomerActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_ADDRESS: Final = "/customers/hand-over"


class Handing(NamedTuple):
    """In which role who gives customers away, and to whom from when on."""

    role: Role
    leaving: str
    taking: Span


@router.get(_ADDRESS)
def ask(
    request: Request, site: SiteOf, session: Changer, *, role: str = ROLES[0], leaving: str = ""
) -> Response:
    """Show the form, for the one whom a customer's page named."""
    day = site.today().isoformat()
    values = {"role": role, "leaving": leaving[:64], "from_day": day}
    return open_form(_place(request, site, session), values)


@router.post(_ADDRESS)
def hand_over(
    request: Request, site: SiteOf, session: Changer, *, given: Given, acts: Acts
) -> Response:
    """Hand all of them over in one step, and show who is served by the other one."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    role, leaving, taking = sent.value
    done = acts.map.hand_over(
        role,
        leaving,
        taking.who,
        day=taking.from_day,
        by=session.user,
        scope=session.scope,
        why=given.get("why", "").strip(),
    )
    if isinstance(done, Refused):
        return refuse_edit(place, given, done)
    if not done:
        text = words_of(request).text("customers.serves_nobody", who=leaving)
        return refuse_form(place, given, errors={"leaving": text})
    shown = urlencode({"served_by": taking.who})
    return finish_form(place, sent=sent, led_to=f"/customers?{shown}")


def _place(request: Request, site: Site, session: Session) -> FormPlace[Handing]:
    words = words_of(request)
    with site.ground.database.read() as connection:
        roles = list_roles(connection, scope=session.scope)
    frame = FormFrame(
        name="hand_over",
        title="customers.hand_over",
        send="customers.hand_over",
        fields=(
            Field(
                "role",
                "customers.role",
                kind="choice",
                options=tuple(Option(one, words.named("mapping_role", one)) for one in roles),
            ),
            Field("leaving", "customers.leaving", required=True, longest=64),
            Field("who", "customers.taking", required=True, longest=64),
            Field("from_day", "customers.from_day", kind="date", required=True),
            Field("why", "customer_field.why", hint="customers.why_hint", longest=LONGEST_REASON),
        ),
    )
    check = partial(_check, words=words)
    return FormPlace(request, site, session, frame, _ADDRESS, "/customers", check)


def _check(values: Mapping[str, str], words: PageWords) -> Checked[Handing]:
    """Read what was typed."""
    faults = [
        Reason("cell_empty", {}, name)
        for name in ("leaving", "who")
        if not values.get(name, "").strip()
    ]
    role = next((one for one in ROLES if one == values.get("role")), None)
    if role is None:
        choices = {"value": values.get("role", ""), "choices": list(ROLES)}
        faults.append(Reason("cell_not_choice", choices, "role"))
    try:
        day = read_day(values.get("from_day", ""))
    except CellError as error:
        faults.append(error.reason._replace(field="from_day"))
    if faults or role is None:
        return Checked(errors=sentences(faults, language=words.language))
    return Checked(Handing(role, values["leaving"].strip(), Span(values["who"].strip(), day)))
