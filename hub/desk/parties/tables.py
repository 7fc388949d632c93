"""Parties: one tree of whoever sells and buys, and the distributor's own settings."""

from datetime import date
from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Flag,
    Name,
    Record,
    Sentence,
    Word,
    metadata,
    table_of,
)


class Party(Record, table=True):
    """A node of the tree: company, super stockist, distributor or retailer.

    `code` is the id that the distributor knows it by, `geo` runs from the country down. A party
    that `sells` owns warehouses, orders, terminals and number series; one with an account buys.
    """

    __tablename__ = "party"
    __table_args__: ClassVar = (
        CheckConstraint(
            "kind IN ('company', 'super_stockist', 'distributor', 'retailer')", name="kind"
        ),
        CheckConstraint("status IN ('active', 'hold', 'blocked')", name="status"),
        CheckConstraint(
            "credit_state IN ('none', 'cash_only', 'amount', 'unset')", name="credit_state"
        ),
        CheckConstraint("credit_limit >= 0", name="credit_limit"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="parent"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(sa_type=Code, unique=True)
    name: str = Field(sa_type=Name)
    kind: str = Field(default="retailer", sa_type=Word)
    parent_id: int | None = Field(default=None, foreign_key="party.id", index=True, sa_type=BigId)
    sells: bool = Field(default=False, sa_type=Flag)
    type: str | None = Field(default=None, sa_type=Code)
    geo: str = Field(default="", sa_type=Name)
    status: str = Field(default="active", sa_type=Word)
    credit_state: str = Field(default="none", sa_type=Word)
    credit_limit: int = Field(default=0, sa_type=Amount)
    since: date | None = None


HOUSE: Final = "@house"
"""The code of the company at the root, the seller where no other is named; no customer has it."""

party_closure: Final = Table(
    "party_closure",
    metadata,
    Column("ancestor_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column(
        "descendant_id",
        BigId,
        ForeignKey("party.id"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("depth", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Every pair of a party and one below it, itself at depth 0: what a person may see is one join."""


class Setting(Record, table=True):
    """One value of the hub's own: distributor, support, timezone, http, catalogue (a hash)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, sa_type=Code)
    value: str = Field(sa_type=Sentence)


party: Final = table_of(Party)
setting: Final = table_of(Setting)
