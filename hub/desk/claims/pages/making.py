"""The forms of claims: a new one, and at what free goods are valued from now on."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from hub.base.access import Session, has_sellers
from hub.base.fields import Reason, Refused
from hub.base.fields.words import sentence
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.model import VALUES, ToMake
from hub.desk.claims.pages.listing import CLAIMS, frame_to_claim, read_list, read_to_claim
from hub.desk.claims.reads import read_open, read_value
from hub.desk.parties.model.cells import CellError, read_day
from hub.desk.parties.reads import read_distributor
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
from hub.web.frames.lists import show_list
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("claims.read"))]
Maker = Annotated[Session, Depends(signed_in_for("claims.make"))]
Valuer = Annotated[Session, Depends(signed_in_for("claims.value"))]
Acts = Annotated[ClaimActs, Depends(acts_of(ClaimActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_VALUE: Final = "value"
_NOTHING: Final[Mapping[str, object]] = {"foreseen": ""}


@router.get("/claims")
def claims(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the list, or a file of it."""
    read = partial(read_list, scope=session.scope)
    return show_list(request, site, session, frame=CLAIMS, read=read)


@router.get("/claims/to-claim")
def to_claim(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show what each funder may be asked for."""
    with site.ground.database.read() as connection:
        frame = frame_to_claim(connection, scope=session.scope)
    read = partial(read_to_claim, scope=session.scope)
    return show_list(request, site, session, frame=frame, read=read)


@router.get("/claims/new")
def new(
    request: Request, site: SiteOf, session: Maker, *, funder: str = "", seller: str = ""
) -> Response:
    """Show the form of a claim: all that is not claimed yet, up to today where nobody says."""
    values = {"funder": funder, "seller": seller, "until": site.today().isoformat()}
    return open_form(_making(request, site, session), values)


@router.post("/claims/new")
def make(request: Request, site: SiteOf, session: Maker, *, given: Given, acts: Acts) -> Response:
    """Make a draft."""
    place = _making(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.make(sent.value, key=sent.key, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons, shown=_NOTHING)
    return finish_form(place, sent=sent, led_to=f"/claims/{done.id}")


@router.get("/claims/value")
def value(request: Request, site: SiteOf, session: Valuer) -> Response:
    """Show at what free goods are valued."""
    with site.ground.database.read() as connection:
        now = read_value(connection, scope=session.scope)
    return open_form(_valuing(request, site, session), {_VALUE: now})


@router.post("/claims/value")
def keep_value(
    request: Request, site: SiteOf, session: Valuer, *, given: Given, acts: Acts
) -> Response:
    """Value them otherwise from now on."""
    place = _valuing(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    wrong = acts.value(given.get(_VALUE, ""), by=session.user)
    if wrong is not None:
        return refuse_act(place, given, wrong.reasons)
    return finish_form(place, sent=sent, led_to="/claims")


def _making(request: Request, site: Site, session: Session) -> FormPlace[ToMake]:
    words = words_of(request)
    with site.ground.database.read() as connection:
        sellers = has_sellers(connection, scope=session.scope)
    whose = (Field("seller", "claims.seller", code=True, hint="claims.seller_hint"),)

    def check(values: Mapping[str, str]) -> Checked[ToMake]:
        funder, seller = (values.get(name, "").strip() for name in ("funder", "seller"))
        try:
            until = read_day(values.get("until", ""))
        except CellError as error:
            errors = {"until": sentence(error.reason, language=words.language)}
            return Checked(errors=errors, shown=_NOTHING)
        if until > site.today():
            reason = Reason("claim_until_ahead", {"day": until.isoformat()})
            errors = {"until": sentence(reason, language=words.language)}
            return Checked(errors=errors, shown=_NOTHING)
        if not funder:  # what schemes gave that nobody pays for is asked of nobody
            return Checked(ToMake(funder, until, seller), shown=_NOTHING)
        with site.ground.database.read() as connection:
            amount = read_open(connection, funder, until, seller=seller, scope=session.scope)
            shown = {"foreseen": read_distributor(connection).money.write(amount)}
        return Checked(ToMake(funder, until, seller), shown=shown)

    frame = FormFrame(
        "claim",
        "claims.make",
        "claims.make",
        (
            Field("funder", "claims.funder", required=True, code=True, longest=64),
            Field("until", "claims.until", kind="date", required=True),
            *(whose if sellers else ()),
        ),
        "claim_new.html",
    )
    return FormPlace(request, site, session, frame, "/claims/new", "/claims/to-claim", check)


def _valuing(request: Request, site: Site, session: Session) -> FormPlace[dict[str, str]]:
    words = words_of(request)
    options = tuple(Option(one, words.named("claim_value", one)) for one in VALUES)
    field = Field(_VALUE, "claims.value", kind="choice", options=options, hint="claims.value_hint")
    frame = FormFrame("claim_value", "claims.value", "claims.value_keep", (field,))
    return FormPlace(
        *(request, site, session, frame, "/claims/value", "/claims"),
        lambda values: Checked(dict(values)),
    )
