"""The days of the week that are worked, and single days that are otherwise."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    Table,
    UniqueConstraint,
    or_,
)

from hub.base.engine.columns import BigId, Moment, Name, Word, among, metadata
from hub.desk.parties.tables import party
from hub.desk.workdays.model import MARKS

HISTORY: Final = "workdays"
"""What the history of a seller's working days is kept under, by the seller's code."""

working_week: Final = Table(
    "working_week",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("region", Name, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("weekdays", Integer, nullable=False),
    Column("set_by", Name, nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    UniqueConstraint("seller_id", "region", "from_day"),
)
"""The days of the week that are worked from a day on; `weekdays` has bit 0 for Monday."""

marked_day: Final = Table(
    "marked_day",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("region", Name, nullable=False),
    Column("day", Date, nullable=False),
    Column("mark", Word, nullable=False),
    Column("name", Name, nullable=False),
    Column("name_hi", Name, nullable=False),
    Column("set_by", Name, nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint(among("mark", MARKS), name="mark"),
    UniqueConstraint("seller_id", "region", "day"),
)
"""A holiday, or a day that is worked although it would be none; without a region, of all."""


def is_in_region(region: str) -> ColumnElement[bool]:
    """Say that a party is in a region: one in `IN/KA/BLR` is in `IN/KA`, too."""
    return or_(party.c.geo == region, party.c.geo.startswith(f"{region}/", autoescape=True))
