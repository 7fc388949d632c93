"""Groups of counters: the list, one group with what its counters have otherwise, its form."""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base.access import Session, has_sellers
from hub.base.fields import LONGEST_REASON, Kept, Refused
from hub.base.fields.words import sentence, sentences
from hub.desk.terminals.acts import EnrolmentActs
from hub.desk.terminals.model.counters import SETTINGS
from hub.desk.terminals.model.groups import GroupFields
from hub.desk.terminals.model.groups import read_group as read_fields
from hub.desk.terminals.pages.counters import (
    operator_field,
    say_setting,
    setting_fields,
    texts_of,
    word_change,
)
from hub.desk.terminals.reads.machines.groups import (
    GroupRow,
    list_groups,
    list_others,
    read_group,
)
from hub.desk.terminals.words import FRESHNESS
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
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf, acts_of

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("terminals.read"))]
Setter = Annotated[Session, Depends(signed_in_for("terminals.set"))]
Acts = Annotated[EnrolmentActs, Depends(acts_of(EnrolmentActs))]
Given = Annotated[Mapping[str, str], Depends(read_form)]
TerminalId = Annotated[str, Form(max_length=64)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
_BACK: Final = "/counter-groups"


@router.get("/counter-groups")
def groups(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the groups."""
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        rows = list_groups(connection, scope=session.scope)
        sellers = has_sellers(connection, scope=session.scope)
    say = partial(say_setting, words=words, money=site.distributor().money)
    found = [(row, [say(name, row.settings) for name in SETTINGS]) for row in rows]
    return draw(
        request,
        "counter_groups.html",
        session=session,
        found=found,
        settings=SETTINGS,
        seen=seen,
        sellers=sellers,
    )


@router.get("/counter-groups/new")
def new(request: Request, site: SiteOf, session: Setter) -> Response:
    """Show the form of a new group."""
    return open_form(_place(request, site, session), {})


@router.post("/counter-groups/new")
def add(request: Request, site: SiteOf, session: Setter, *, given: Given, acts: Acts) -> Response:
    """Make a group, and lead to its page."""
    place = _place(request, site, session)
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.groups.add(given, by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=address_of(sent.value.code))


@router.get("/counter-groups/{code}")
def show(request: Request, site: SiteOf, session: Reader, *, code: str) -> Response:
    """Show a group with its counters."""
    return _page(request, site, session, code=code)


@router.get("/counter-groups/{code}/change")
def change_form(request: Request, site: SiteOf, session: Setter, *, code: str) -> Response:
    """Show what a group is set to."""
    row = _row(site, session, code)
    values = {"name": row.name, **texts_of(row.settings)}
    return open_form(_place(request, site, session, row=row), values)


@router.post("/counter-groups/{code}/change")
def change(
    request: Request, site: SiteOf, session: Setter, *, code: str, given: Given, acts: Acts
) -> Response:
    """Set a group."""
    place = _place(request, site, session, row=_row(site, session, code))
    sent = take_form(place, given)
    if isinstance(sent, Response):
        return sent
    done = acts.groups.change(
        code, given, why=given.get("why", ""), by=session.user, scope=session.scope
    )
    if isinstance(done, Refused):
        return refuse_act(place, given, done.reasons)
    return finish_form(place, sent=sent, led_to=address_of(code))


@router.post("/counter-groups/{code}/counters")
def put_in(
    request: Request,
    site: SiteOf,
    session: Setter,
    *,
    acts: Acts,
    code: str,
    terminal: TerminalId,
    why: Why = "",
) -> Response:
    """Put a counter into the group."""
    _row(site, session, code)
    done = acts.groups.put_in(terminal.strip(), code, why=why, by=session.user, scope=session.scope)
    return _led(request, site, session, code=code, done=done)


@router.post("/counter-groups/{code}/out")
def put_out(
    request: Request, site: SiteOf, session: Setter, *, acts: Acts, code: str, terminal: TerminalId
) -> Response:
    """Put a counter into no group, where it is in this one."""
    if terminal in {one.terminal for one in _row(site, session, code).counters}:
        done = acts.groups.put_in(terminal, "", why="", by=session.user, scope=session.scope)
        return _led(request, site, session, code=code, done=done)
    return RedirectResponse(address_of(code), 303)


@router.post("/counter-groups/{code}/end")
def end(request: Request, site: SiteOf, session: Setter, *, acts: Acts, code: str) -> Response:
    """Take a group away that no counter is in."""
    _row(site, session, code)
    done = acts.groups.drop(code, why="", by=session.user, scope=session.scope)
    if isinstance(done, Refused):
        return _led(request, site, session, code=code, done=done)
    return RedirectResponse(_BACK, 303)


def address_of(code: str) -> str:
    """Name a group's page."""
    return f"{_BACK}/{quote(code, safe='')}"


def _led(
    request: Request, site: Site, session: Session, *, code: str, done: Kept | Refused
) -> Response:
    """Lead to the group's page, or show there why nothing was done."""
    if isinstance(done, Refused):
        fault = sentence(done.reasons[0], language=words_of(request).language)
        return _page(request, site, session, code=code, fault=fault)
    return RedirectResponse(address_of(code), 303)


def _row(site: Site, session: Session, code: str) -> GroupRow:
    row = None
    if code.isprintable():
        with site.ground.database.read() as connection:
            row = read_group(connection, code, scope=session.scope)
    if row is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return row


def _page(
    request: Request, site: Site, session: Session, *, code: str, fault: str = ""
) -> Response:
    seen, words, row = site.feed.number, words_of(request), _row(site, session, code)
    with site.ground.database.read() as connection:
        others = list_others(connection, code, scope=session.scope)
        sellers = has_sellers(connection, scope=session.scope)
    money = site.distributor().money
    say = partial(say_setting, words=words, money=money)
    members = [
        {
            "terminal": one.terminal,
            "customer": one.customer,
            "own": [(name, say(name, one.settings)) for name in one.differs],
            "runs": FRESHNESS[one.runs],
        }
        for one in row.counters
    ]
    return draw(
        request,
        "counter_group.html",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        it=row,
        sellers=sellers,
        settings=[(name, say(name, row.settings)) for name in SETTINGS],
        members=members,
        others=others,
        changes=[word_change(one, words, money=money) for one in row.changes],
        place=address_of(code),
        seen=seen,
        fault=fault,
    )


def _whose(site: Site, session: Session) -> Sequence[Field]:
    """Give the field that asks for a new group's seller; none where the company sells alone."""
    with site.ground.database.read() as connection:
        if not has_sellers(connection, scope=session.scope):
            return ()
    return (Field("seller", "groups.seller", hint="groups.seller_hint", longest=64),)


def _place(
    request: Request, site: Site, session: Session, *, row: GroupRow | None = None
) -> FormPlace[GroupFields]:
    words = words_of(request)
    name = Field("name", "groups.name", required=True)
    if row is None:
        code = Field("code", "groups.code", hint="groups.code_hint", required=True)
        fields = (code, name, *_whose(site, session), *setting_fields(words), operator_field(words))
        address, back = f"{_BACK}/new", _BACK
    else:
        settings = (*setting_fields(words), operator_field(words))
        fields = (name, *settings, Field("why", "word.why", longest=LONGEST_REASON))
        address, back = f"{address_of(row.code)}/change", address_of(row.code)
    title = "groups.change" if row else "groups.new"
    frame = FormFrame("counter_group", title, "counter_set.keep", fields)

    def check(values: Mapping[str, str]) -> Checked[GroupFields]:
        read = read_fields({**values, "code": row.code} if row else values)
        if isinstance(read, Refused):
            return Checked(errors=sentences(read.reasons, language=words.language))
        return Checked(read)

    return FormPlace(
        *(request, site, session, frame, address, back), check, row.code if row else ""
    )
