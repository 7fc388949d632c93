"""The addresses of one claim: its record, its letter, its lines as a file, and its steps."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session, has_sellers
from hub.base.fields import LONGEST_REASON, Refused
from hub.base.fields.words import sentence, sentences
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.claims.acts import ClaimActs
from hub.desk.claims.acts.move_claim import Step
from hub.desk.claims.model import Made, ShortLine, read_shorts
from hub.desk.claims.reads import ClaimDetail, read_claim
from hub.desk.claims.reads.evidence import evidence_of
from hub.desk.claims.words import STATES
from hub.web.frames.exports import Sheet, answer
from hub.web.frames.files import HouseRoom, add_house_files
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
from hub.web.frames.records import (
    LONGEST_NOTE,
    Action,
    Actions,
    Happened,
    Linked,
    Record,
    keep_note,
    show_record,
)
from hub.web.noun import Router
from hub.web.pages import words_of
from hub.web.papers import PaperLanguage, PaperSize, paper_actions, send_paper
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("claims.read"))]
Maker = Annotated[Session, Depends(signed_in_for("claims.make"))]
Acts = Annotated[ClaimActs, Depends(acts_of(ClaimActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
_OPENED: Final = "opened"
_STEPS: Final[Mapping[str, tuple[Step, str, str]]] = {
    "draft": ("sent", "claims.send", "message"),
    "sent": ("accepted", "claims.accept", "check"),
}


@router.get("/claims/{claim}")
def claim_page(request: Request, site: SiteOf, session: Reader, *, claim: int) -> Response:
    """Show one claim, or what is live of it."""
    return show_claim(request, site, session, claim=claim)


@router.get("/claims/{claim}/paper.pdf")
def letter(
    session: Reader, *, acts: Acts, language: PaperLanguage, claim: int, size: PaperSize = "a4"
) -> Response:
    """Give a claim as the letter that its funder gets."""
    return send_paper(acts.letter(claim, size=size, **language, scope=session.scope))


@router.get("/claims/{claim}/lines.{kind}")
def lines(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    claim: int,
    kind: Literal["csv", "xlsx"],
) -> Response:
    """Give the lines of a claim as a file: each with the document that it is proved by."""
    words = words_of(request)
    said = evidence_of(see_claim(site, session, claim, language=words_of(request).language), words)
    return answer(Sheet(said.name, said.title, said.told, said.headings, said.rows), kind)


@router.post("/claims/{claim}/state")
def move(
    request: Request,
    site: SiteOf,
    session: Maker,
    *,
    acts: Acts,
    claim: int,
    state: Annotated[Literal["sent", "accepted"], Form()],
) -> Response:
    """Send a claim, or keep that its funder accepts it."""
    see_claim(site, session, claim, language=words_of(request).language)
    done = acts.move(claim, state, by=session.user, scope=session.scope)
    return _done(request, site, session, claim=claim, done=done)


@router.post("/claims/{claim}/withdraw")
def withdraw(
    request: Request,
    site: SiteOf,
    session: Maker,
    *,
    acts: Acts,
    claim: int,
    reason: Annotated[str, Form(max_length=LONGEST_REASON, pattern=r"\S")],
) -> Response:
    """Withdraw a claim."""
    see_claim(site, session, claim, language=words_of(request).language)
    done = acts.move(claim, "withdrawn", why=reason, by=session.user, scope=session.scope)
    return _done(request, site, session, claim=claim, done=done)


@router.get("/claims/{claim}/short")
def short(request: Request, site: SiteOf, session: Maker, *, claim: int) -> Response:
    """Show the form that says what is not paid."""
    return open_form(_shorting(request, site, session, claim=claim), {_OPENED: "yes"})


@router.post("/claims/{claim}/short")
def keep_short(
    request: Request, site: SiteOf, session: Maker, *, acts: Acts, given: Given, claim: int
) -> Response:
    """Write off what is not paid."""
    place = _shorting(request, site, session, claim=claim)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.short(
        claim, sent.value, why=given.get("why", ""), by=session.user, scope=session.scope
    )
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=f"/claims/{claim}")


@router.post("/claims/{claim}/notes")
def note(
    request: Request,
    site: SiteOf,
    session: Reader,
    *,
    claim: int,
    text: Annotated[str, Form(max_length=LONGEST_NOTE)],
) -> Response:
    """Keep a note at a claim that the reader may see."""
    see_claim(site, session, claim, language=words_of(request).language)
    return keep_note(
        *(site, session),
        record="claim",
        key=str(claim),
        text=text,
        address=f"/claims/{claim}",
        topic="claims",
    )


def show_claim(
    request: Request, site: Site, session: Session, *, claim: int, fault: str = ""
) -> Response:
    """Show a claim, with why nothing was done where an act refused."""
    seen, words = site.feed.number, words_of(request)
    found = see_claim(site, session, claim, language=words_of(request).language)
    row = found.row
    with site.ground.database.read() as connection:
        sellers = has_sellers(connection, scope=session.scope)
    record = Record(
        noun="claim",
        key=str(claim),
        number=row.number,
        name=row.customer,
        name_href=f"/customers/{quote(row.customer_code, safe='')}"
        if session.may("customers.read")
        else "",
        address=f"/claims/{claim}",
        back="/claims",
        topics=("claims", "accounts", "payments"),
        state=STATES[row.state],
        actions=_actions(found, session, words),
        linked=tuple(
            Linked(words.named("payment_title", kind), number, f"/payments/{payment}")
            for payment, kind, number in found.payments
            if session.may("payments.read")
        ),
        timeline=tuple(_happened(found, words, site.distributor().money)),
        files="claims.make",
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="claim.html",
        seen=seen,
        fault=fault,
        status=409 if fault else 200,
        claim=found,
        sellers=sellers,
        shown=found.lines[:MOST_SHOWN],
    )


MOST_SHOWN: Final = 300
"""Lines that the page shows; the file beside has all of them."""


def _happened(found: ClaimDetail, words: PageWords, money: HouseMoney) -> Iterator[Happened]:
    """Tell each step, and each line that is not paid with what of it and why."""
    for one in found.history:
        if one.field == "state":
            yield Happened(
                one.at_ms, one.who, words.named("claim_state", str(one.new)), why=one.why
            )
        else:
            line = one.field.partition(".")[2]
            amount = money.write(int(one.new or 0))
            said = words.text("claims.short_of", line=line, amount=amount)
            yield Happened(one.at_ms, one.who, said, why=one.why)


def _actions(found: ClaimDetail, session: Session, words: PageWords) -> Actions:
    row, address = found.row, f"/claims/{found.row.id}"
    others = paper_actions(address, words)
    others += [
        Action(words.text(said), "download", address=f"{address}/lines.{kind}")
        for said, kind in (("claims.file_xlsx", "xlsx"), ("claims.file_csv", "csv"))
    ]
    paper = Action(words.text("claims.letter"), "printer", address=f"{address}/paper.pdf", key="p")
    if not session.may("claims.make"):
        return Actions(beside=(paper,), others=tuple(others))
    ways: list[Action] = []
    if row.state in _STEPS:
        state, said, icon = _STEPS[row.state]
        step = f"{address}/state"
        ways.append(Action(words.text(said), icon, address=step, fields=(("state", state),)))
    if row.open and session.may("payments.take"):
        customer = quote(row.customer_code, safe="")
        taking = f"/payments/new?fresh=1&customer={customer}"
        ways.append(Action(words.text("payments.take"), "receipt-2", address=taking, key="m"))
    if row.open:
        others.append(Action(words.text("claims.short"), "arrow-down", address=f"{address}/short"))
    if row.state == "draft" or (row.open == row.amount and row.state != "withdrawn"):
        others.append(Action(words.text("claims.withdraw"), "ban", opens="withdraw", danger=True))
    return Actions(next=ways[0] if ways else None, beside=(*ways[1:], paper), others=tuple(others))


def _shorting(
    request: Request, site: Site, session: Session, *, claim: int
) -> FormPlace[list[ShortLine]]:
    found = see_claim(site, session, claim, language=words_of(request).language)
    language, money = words_of(request).language, site.distributor().money

    def check(values: Mapping[str, str]) -> Checked[list[ShortLine]]:
        shorts, faults = read_shorts(values)
        faults = [] if _OPENED in values else faults
        errors = sentences(faults, language=language, money=money)
        return Checked(shorts, errors=errors, shown={"claim": found})

    frame = FormFrame(
        "claim_short",
        "claims.short",
        "claims.short_keep",
        (Field("why", "word.why", required=True, longest=LONGEST_REASON),),
        "claim_short.html",
    )
    address = f"/claims/{claim}"
    return FormPlace(
        *(request, site, session, frame, f"{address}/short", address, check), ref=str(claim)
    )


def _done(
    request: Request, site: Site, session: Session, *, claim: int, done: Made | Refused
) -> Response:
    if isinstance(done, Refused):
        language, money = words_of(request).language, site.distributor().money
        fault = sentence(done.reasons[0], language=language, money=money)
        return show_claim(request, site, session, claim=claim, fault=fault)
    return RedirectResponse(f"/claims/{claim}", 303)


def see_claim(site: Site, session: Session, claim: int, *, language: str = "en") -> ClaimDetail:
    """Read a claim that the reader may see; raises HTTPException 404."""
    with site.ground.database.read() as connection:
        found = read_claim(connection, claim, language=language, scope=session.scope)
    if found is None:
        raise HTTPException(404)
    return found


add_house_files(
    router,
    "/claims",
    HouseRoom(
        *("claim", "claims", "claims.read", "claims.make"),
        see=see_claim,
        show=lambda request, site, session, row, fault: show_claim(
            request, site, session, claim=row, fault=fault
        ),
    ),
)
