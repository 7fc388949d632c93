"""To whom a user reports, who stands in, how much the user may decide, which rows are shown."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Form, Request, Response

from hub.base.money import HOUSE_SCALE
from hub.desk.people.acts import PeopleActs
from hub.desk.people.acts.set_lines import SetLines
from hub.desk.people.model.faults import PeopleError
from hub.desk.people.model.reporting import Measure
from hub.desk.people.pages.users import Changer, Short, change_and_show
from hub.web.noun import Router
from hub.web.site import Site, SiteOf
from rules.values.decimals import scaled

router = Router()


def _acts(site: Site) -> SetLines:
    return site.ground.part(PeopleActs).lines


@router.post("/users/{user}/manager")
def report_to(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    since: Annotated[date, Form()],
    name: Short = "",
) -> Response:
    """Have a user report to somebody from a day on, or to nobody."""
    work = partial(_acts(site).report_to, user, name, since=since, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/stand-in")
def stand_in(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    name: Short,
    since: Annotated[date, Form()],
    until: Annotated[date, Form()],
) -> Response:
    """Have somebody decide instead of a user."""
    days = {"since": since, "until": until}
    work = partial(_acts(site).stand_in, user, name, **days, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/stand-in/drop")
def drop_stand_in(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    since: Annotated[date, Form()],
) -> Response:
    """Take a stand-in back."""
    work = partial(_acts(site).drop_stand_in, user, since=since, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/ceiling")
def set_ceiling(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    measure: Annotated[Measure, Form()],
    amount: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Let a user decide up to an amount; an empty one lets the user decide nothing."""

    def work() -> None:
        minor = amount_of(amount)
        _acts(site).set_ceiling(user, measure, amount=minor, by=session.actor)

    return change_and_show(request, site, session, user=user, work=work)


@router.post("/users/{user}/rows")
def set_rows(
    request: Request,
    site: SiteOf,
    session: Changer,
    *,
    user: int,
    seller: Annotated[str, Form(max_length=4000)] = "",
    region: Annotated[str, Form(max_length=4000)] = "",
    customer: Annotated[str, Form(max_length=4000)] = "",
    warehouse: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Show a user these sellers', regions', customers' and warehouses' rows alone, a line each."""
    written = {"seller": seller, "region": region, "customer": customer, "warehouse": warehouse}
    rows = [(kind, one.strip()) for kind, text in written.items() for one in text.splitlines()]
    given = [row for row in rows if row[1]]
    work = partial(_acts(site).set_rows, user, given, by=session.actor)
    return change_and_show(request, site, session, user=user, work=work)


def amount_of(written: str) -> int | None:
    """Read an amount such as `1,00,000.00` in minor units; None for an empty one."""
    plain = written.replace(",", "").strip()
    if not plain:
        return None
    try:
        return scaled(plain, HOUSE_SCALE)
    except ValueError as error:
        raise PeopleError("amount_invalid", written) from error
