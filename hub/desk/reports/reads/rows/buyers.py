"""What is about a customer, whatever the source: its grains and its filters."""

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, and_, func, or_, select

from hub.desk.field.tables import beat, beat_outlet
from hub.desk.parties.tables import customer_profile, party, party_mapping
from hub.desk.people.tables import user_account
from hub.desk.reports.model.requests import FilterValue, Named
from hub.desk.reports.reads.sources import NO_NAME, FilterBy, Grain, Join, Of

_MINOR: Final = 100
"""Amounts of a request are whole units of the currency; the books are in hundredths."""
buyer: Final = party.alias("buyer")
rep: Final = party_mapping.alias("rep")
_named: Final = party.alias("named")
_profile: Final = customer_profile.alias("profile")
_served: Final = party_mapping.alias("served")
_stop: Final = beat_outlet.alias("stop")
_walked: Final = beat.alias("walked")
_user: Final = user_account.alias("rep_user")


def buyer_joins(customer: Of, day: Of) -> tuple[Join, ...]:
    """Give the customer of each row, who served it as rep on the row's day, and its beats then."""
    return (buyer_join(customer), *serving_joins(customer, day))


def buyer_join(customer: Of) -> Join:
    """Give the customer of each row, by its row id."""
    return Join(buyer, buyer.c.id == customer, outer=True)


def serving_joins(customer: Of, day: Of) -> tuple[Join, ...]:
    """Give who served the customer of each row as rep on the row's day, and its beats then."""
    in_force = and_(
        rep.c.party_id == customer,
        rep.c.role == "rep",
        rep.c.from_day <= day,
        or_(rep.c.until_day.is_(None), rep.c.until_day >= day),
    )
    on_way = and_(
        _stop.c.party_id == customer,
        _stop.c.from_day <= day,
        or_(_stop.c.until_day.is_(None), _stop.c.until_day >= day),
    )
    return (
        Join(rep, in_force, outer=True),
        Join(_stop, on_way, outer=True),
        Join(_walked, _walked.c.id == _stop.c.beat_id, outer=True),
    )


def buyer_grains(code: Of) -> Mapping[str, Grain]:
    """Give what rows may be put together by; `code` is the customer's as the row has it."""
    return {
        "customer": Grain(
            code, func.coalesce(buyer.c.name, code), code=code, link="/customers/", linked=code
        ),
        "customer_type": Grain(
            func.coalesce(buyer.c.type, buyer.c.kind, NO_NAME),
            func.coalesce(buyer.c.type, buyer.c.kind, NO_NAME),
            kind="word",
            family="customer_type",
        ),
        "area": Grain(func.coalesce(buyer.c.geo, NO_NAME), func.coalesce(buyer.c.geo, NO_NAME)),
        "rep": Grain(func.coalesce(rep.c.who, NO_NAME), func.coalesce(rep.c.who, NO_NAME)),
        "beat": Grain(
            func.coalesce(_walked.c.code, NO_NAME),
            func.coalesce(_walked.c.name, NO_NAME),
            code=_walked.c.code,
            shared=True,
        ),
    }


def buyer_filters(customer: Of, day: Of, *, reader: str) -> Mapping[str, FilterBy]:
    """Give the filters of what is about a customer; `day` says whose rep counts."""
    return {
        "customer": lambda value: customer.in_(
            select(_named.c.id).where(is_named(value, _named.c.code, _named.c.name))
        ),
        "customer_type": lambda value: customer.in_(
            select(_named.c.id).where(func.coalesce(_named.c.type, _named.c.kind) == value)
        ),
        "area": lambda value: customer.in_(
            select(_named.c.id)
            .outerjoin(_profile, _profile.c.party_id == _named.c.id)
            .where(_is_in_area(value))
        ),
        "beat": lambda value: _is_on_beat(customer, day, value),
        "rep": lambda value: _is_served(customer, day, is_user(value, _served.c.who)),
        "mine": lambda _: _is_served(customer, day, _served.c.who == reader),
    }


def is_named(value: FilterValue, code: Of, name: Of) -> ColumnElement[bool]:
    """Say that a record is the one that is named: by its code where it is known, else by either.

    A name is compared whole, without its case: `city mart` is City Mart and not City Mart 2.
    """
    named = cast("Named", value)
    if named.key:
        return code == named.key
    wanted = named.name.strip().lower()
    return or_(func.lower(name) == wanted, func.lower(code) == wanted)


def amount_filters(amount: Of) -> Mapping[str, FilterBy]:
    """Give the filters of an amount in the minor unit."""
    return {
        "amount_gt": lambda value: amount > cast("int", value) * _MINOR,
        "amount_lt": lambda value: amount < cast("int", value) * _MINOR,
    }


def _is_in_area(value: FilterValue) -> ColumnElement[bool]:
    """Say that a customer is in a region or a town: `IN/KA`, `KA` or `Nashik`."""
    named = cast("Named", value)
    wanted = (named.key or named.name).strip().lower()
    geo: Any = func.lower(_named.c.geo)
    padded = func.lower("/" + _named.c.geo + "/")
    return or_(
        geo == wanted,
        padded.contains(f"/{wanted}/", autoescape=True),
        func.lower(_profile.c.city) == wanted,
        func.lower(_profile.c.district) == wanted,
    )


def is_user(value: FilterValue, name: Of) -> ColumnElement[bool]:
    """Say that a user is the one that is named, by the sign-in name or the name shown."""
    named = cast("Named", value)
    if named.key:
        return name == named.key
    wanted = named.name.strip().lower()
    shown = select(_user.c.name).where(func.lower(_user.c.shown) == wanted)
    return or_(func.lower(name) == wanted, name.in_(shown))


def _is_on_beat(customer: Of, day: Of, value: FilterValue) -> ColumnElement[bool]:
    """Say that a customer was on a beat on the day that counts."""
    stop = beat_outlet.c
    return (
        select(stop.id)
        .join(beat, beat.c.id == stop.beat_id)
        .where(
            stop.party_id == customer,
            is_named(value, beat.c.code, beat.c.name),
            stop.from_day <= day,
            or_(stop.until_day.is_(None), stop.until_day >= day),
        )
        .exists()
    )


def _is_served(customer: Of, day: Of, who: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a customer was a rep's on the day that counts."""
    return (
        select(_served.c.id)
        .where(
            _served.c.party_id == customer,
            _served.c.role == "rep",
            who,
            _served.c.from_day <= day,
            or_(_served.c.until_day.is_(None), _served.c.until_day >= day),
        )
        .exists()
    )
