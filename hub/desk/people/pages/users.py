"""Users: the list, and the record on which an administrator changes one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from hub.base import history
from hub.base.access import ROLES, Session, has_sellers
from hub.base.engine import Connection
from hub.base.fields import LONGEST_REASON
from hub.base.listing import Sorting, Wanted
from hub.base.money import HouseMoney
from hub.base.words import PageWords
from hub.desk.people.acts import PeopleActs
from hub.desk.people.model.accounts import ROW_KINDS, plain_name
from hub.desk.people.model.faults import OWN_ONLY, PeopleError
from hub.desk.people.model.reporting import MEASURES
from hub.desk.people.pages.limits import IN_TURN
from hub.desk.people.reads.users import (
    UserDetail,
    UserRow,
    active_since,
    count_users,
    find_user,
    list_factor_roles,
    list_names,
    list_sessions,
    list_users,
    read_user,
)
from hub.desk.people.words import look_of_user
from hub.web.frames.cells import Moment, State, Text
from hub.web.frames.filters import Asking, Choice, Option
from hub.web.frames.forms import draw_once, take_once
from hub.web.frames.lists import Column, Listed, ListFrame, show_list
from hub.web.frames.records import Action, Actions, Record, show_record, told_of
from hub.web.noun import Router
from hub.web.pages import draw, words_of
from hub.web.sessions import signed_in_for
from hub.web.site import Site, SiteOf

router = Router()
Reader = Annotated[Session, Depends(signed_in_for("users.read"))]
Changer = Annotated[Session, Depends(signed_in_for("users.change"))]
Short = Annotated[str, Form(max_length=200)]
Why = Annotated[str, Form(max_length=LONGEST_REASON)]
Roles = Annotated[list[str], Form()]


def _roles(asking: Asking) -> Sequence[Option]:
    return [Option(role, asking.words.named("role", role)) for role in ROLES]


def _states(asking: Asking) -> Sequence[Option]:
    return [Option(one, asking.words.named("user_state", one)) for one in ("active", "ended")]


def _named_roles(row: UserRow, words: PageWords) -> Text:
    return Text(", ".join(words.named("role", role) for role in row.roles))


def _active(asking: Asking) -> Sequence[Option]:
    return [Option("15", asking.words.text("users.active_15"))]


USERS: Final[ListFrame[UserRow]] = ListFrame(
    name="users",
    address="/users",
    title="menu.users",
    icon="users",
    columns=(
        Column(
            "shown",
            "users.shown",
            lambda row, _: Text(
                row.shown, "" if row.shown == row.name else row.name, f"/users/{row.id}"
            ),
            sort="shown",
            phone="lead",
        ),
        Column("roles", "users.roles", _named_roles),
        Column(
            "state",
            "word.status",
            lambda row, _: State(look_of_user(active=row.active, one_time=row.one_time)),
            phone="corner",
        ),
        Column(
            "factor",
            "users.factor",
            lambda row, words: Text(words.text("word.yes") if row.has_factor else ""),
        ),
        Column(
            "seen",
            "users.seen",
            lambda row, _: Moment(row.seen_at or None),
            sort="seen",
            phone="desk",
        ),
        Column(
            "added",
            "users.added",
            lambda row, _: Moment(row.created_at),
            sort="added",
            phone="desk",
            usual=False,
        ),
    ),
    key=lambda row: str(row.id),
    sort=Sorting("shown"),
    topics=("users",),
    empty="users.none",
    search="users.search",
    filters=(
        Choice("state", "word.status", _states),
        Choice("role", "users.role", _roles),
        Choice("active", "users.active_now", _active),
    ),
    add="/users/new",
    add_label="users.add",
    may_add="users.change",
    above="users_above.html",
)


@router.get("/users")
def users(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show the users, or their file."""

    def read(connection: Connection, wanted: Wanted) -> Listed[UserRow]:
        if wanted.one("active"):
            chosen = {**wanted.chosen, "seen_since": (active_since(site.now_ms()),)}
            wanted = replace(wanted, chosen=chosen)
        return Listed(
            list_users(connection, wanted, scope=session.scope),
            count=count_users(connection, wanted, scope=session.scope),
        )

    return show_list(request, site, session, frame=USERS, read=read)


@router.get("/users/new")
def new(request: Request, site: SiteOf, session: Changer) -> Response:
    """Show the form that adds a user."""
    del site
    return _new_page(request, session, given={}, roles=())


@router.post("/users/new", dependencies=[IN_TURN])
def add(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    name: Short,
    shown: Short = "",
    role: Roles = [],  # noqa: B006 -- FastAPI copies it
    duties: Short = "",
    once: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Add a user, and show the one-time word, this once; a reload leads to the user."""
    found = f"/users?{urlencode({'q': plain_name(name)})}"
    sent = take_once(site, session, name="user_new", key=once, led_to=found)
    if sent is not None:
        return sent
    roles = (*role, *duties.replace(",", " ").split())
    try:
        word = site.ground.part(PeopleActs).add.invite(
            name, shown=shown, roles=roles, by=session.actor
        )
    except PeopleError as error:
        given = {"name": name, "shown": shown, "duties": duties}
        return _new_page(
            request, session, given=given, roles=tuple(role), fault=_say(request, error)
        )
    with site.ground.database.read() as connection:
        user = find_user(connection, plain_name(name), scope=session.scope)
    if user is None:  # of a seller that the administrator does not see
        raise HTTPException(404)
    return user_page(request, site, session, user=user, word=word)


@router.post("/users/roles")
def require(
    site: SiteOf,
    session: Changer,
    *,
    role: Roles = [],  # noqa: B006 -- FastAPI copies it
) -> Response:
    """Ask everybody in these roles, and in no others, for a second factor."""
    with site.ground.database.read() as connection:
        before = list_factor_roles(connection)
    wanted = {one for one in role if one in ROLES}
    try:
        for one in sorted(before ^ wanted):
            site.ground.part(PeopleActs).change.require_factor(
                one, needed=one in wanted, by=session.actor
            )
    except PeopleError as error:
        raise HTTPException(403) from error
    return RedirectResponse("/users/roles", 303)


@router.get("/users/roles")
def roles(request: Request, site: SiteOf, session: Reader) -> Response:
    """Show what roles ask of people."""
    with site.ground.database.read() as connection:
        needed = list_factor_roles(connection)
    return draw(request, "roles.html", session=session, roles=ROLES, needed=needed)


@router.get("/users/{user}")
def show(request: Request, site: SiteOf, session: Reader, *, user: int) -> Response:
    """Show one user."""
    return user_page(request, site, session, user=user)


@router.post("/users/{user}/name")
def rename(
    request: Request, site: SiteOf, session: Changer, *, user: int, shown: Short
) -> Response:
    """Have others read another name."""
    change = site.ground.part(PeopleActs).change
    work = partial(change.rename, user, shown=shown, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/roles")
def set_roles(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    role: Roles = [],  # noqa: B006 -- FastAPI copies it
    duties: Short = "",
) -> Response:
    """Give a user these roles and duties."""
    given = (*role, *duties.replace(",", " ").split())
    change = site.ground.part(PeopleActs).change
    work = partial(change.set_roles, user, roles=given, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/end")
def end(request: Request, site: SiteOf, session: Changer, *, user: int, why: Why) -> Response:
    """Let a user sign in no more."""
    change = site.ground.part(PeopleActs).change
    work = partial(change.end, user, why=why, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/again")
def again(request: Request, site: SiteOf, session: Changer, *, user: int) -> Response:
    """Let a user sign in again."""
    change = site.ground.part(PeopleActs).change
    work = partial(change.bring_back, user, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/reset", dependencies=[IN_TURN])
def reset(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    once: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Give a one-time word instead of a password, and show it, this once; a reload gives none."""
    sent = take_once(site, session, name="user_reset", key=once, led_to=f"/users/{user}")
    if sent is not None:
        return sent
    try:
        word = site.ground.part(PeopleActs).change.reset(user, by=session.actor)
    except PeopleError as error:
        return _refused(request, site, session, user=user, error=error)
    return user_page(request, site, session, user=user, word=word)


@router.post("/users/{user}/factor/off")
def take_factor(
    request: Request, site: SiteOf, session: Changer, *, user: int, why: Why
) -> Response:
    """Take away the second factor of somebody whose phone is lost."""
    change = site.ground.part(PeopleActs).change
    work = partial(change.take_factor, user, why=why, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/sessions/end")
def end_sessions(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    which: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """End one of a user's sessions, or all."""
    change = site.ground.part(PeopleActs).change
    work = partial(change.end_sessions, user, session=which, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


def user_page(
    request: Request,
    site: Site,
    session: Session,
    *,
    user: int,
    fault: str = "",
    word: str = "",
    status: int = 200,
) -> Response:
    """Show one user, with why nothing was done, or with a one-time word; else 404."""
    seen, words = site.feed.number, words_of(request)
    with site.ground.database.read() as connection:
        found = read_user(connection, user, scope=session.scope)
        if found is None:
            raise HTTPException(404)
        sessions = list_sessions(connection, user, scope=session.scope)
        told = history.read(connection, "user_account", found.row.name)
        names = list_names(connection, scope=session.scope)
        sellers = has_sellers(connection, scope=session.scope)
    record = Record(
        noun="user",
        key=str(user),
        number=found.row.shown,
        name=found.row.name if found.row.name != found.row.shown else "",
        address=f"/users/{user}",
        back="/users",
        topics=("users",),
        state=look_of_user(active=found.row.active, one_time=found.row.one_time),
        actions=_actions(found, session, words),
        timeline=told_of(
            _told(told, words, site.distributor().money), partial(words.named, "user_field")
        ),
        notes=False,
    )
    return show_record(
        request,
        site,
        session,
        record=record,
        template="user.html",
        fault=fault,
        status=status,
        seen=seen,
        user=found,
        sessions=sessions,
        all_roles=ROLES,
        measures=MEASURES,
        kinds=[kind for kind in ROW_KINDS if sellers or kind != "seller"],
        names=names,
        ceilings=dict(found.ceilings),
        word=word,
        once=draw_once(),
        today=site.today(),
        changes=session.may("users.change"),
    )


def _told(
    told: Iterable[history.Entry], words: PageWords, money: HouseMoney
) -> Iterator[history.Entry]:
    """Word what was changed: 5000000 as 50,000.00, roles by their names, yes for True."""
    for one in told:
        old, new = (
            _worded(one.field, value, words=words, money=money) for value in (one.old, one.new)
        )
        yield replace(one, old=old, new=new)


def _worded(
    field: str, value: str | int | None, *, words: PageWords, money: HouseMoney
) -> str | int | None:
    if value is None or value == "":
        return value
    if field.startswith("ceiling_"):
        return money.figures(int(str(value)))
    if isinstance(value, bool):
        return words.text("word.yes" if value else "word.no")
    if field == "roles":
        return ", ".join(words.named("role", one) for one in str(value).split(","))
    return value


def _actions(found: UserDetail, session: Session, words: PageWords) -> Actions:
    """Give what an administrator may do besides changing the fields."""
    if not session.may("users.change"):
        return Actions()
    if not found.row.active:
        address = f"/users/{found.row.id}/again"
        return Actions(
            next=Action(
                words.text("users.bring_back"), "arrow-back-up", address=address, fields=_FORM
            )
        )
    others = [
        Action(words.text("users.reset"), "lock", opens="reset"),
        Action(words.text("users.end"), "ban", opens="end", danger=True),
    ]
    if found.row.has_factor:
        others.insert(1, Action(words.text("users.factor_off"), "lock", opens="factor-off"))
    return Actions(others=tuple(others))


_FORM: Final = (("sure", "yes"),)
"""What makes an action a form that is sent."""


def change_and_show(
    request: Request, site: Site, session: Session, *, user: int, work: Callable[[], None]
) -> Response:
    """Change a user, and show the record again."""
    try:
        work()
    except PeopleError as error:
        return _refused(request, site, session, user=user, error=error)
    return RedirectResponse(f"/users/{user}", 303)


def _refused(
    request: Request, site: Site, session: Session, *, user: int, error: PeopleError
) -> Response:
    status = 403 if error.code in OWN_ONLY else 409
    fault = _say(request, error)
    return user_page(request, site, session, user=user, fault=fault, status=status)


def _say(request: Request, error: PeopleError) -> str:
    words = words_of(request).named("user_fault", error.code)
    return f"{words} ({error.about})" if error.about else words


def _new_page(
    request: Request,
    session: Session,
    *,
    given: dict[str, str],
    roles: tuple[str, ...],
    fault: str = "",
) -> Response:
    return draw(
        request,
        "user_new.html",
        session=session,
        status=409 if fault else 200,
        given=given,
        chosen=roles,
        all_roles=ROLES,
        fault=fault,
        once=draw_once(),
    )
