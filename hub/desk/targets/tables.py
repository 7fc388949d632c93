"""Targets, and every version of each: what it was, who said so, when and why."""

from typing import Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    column,
    table,
)

from hub.base.engine.columns import (
    Amount,
    BigId,
    Flag,
    Moment,
    Name,
    Sentence,
    Word,
    among,
    metadata,
)
from hub.desk.targets.model import AIMS, GOODS, KINDS, SPANS

beat_table: Final = table("beat", column("code"), column("active"))
"""The beats, which the field keeps; it stands above."""

target: Final = Table(
    "target",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("measure", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("who", Name, nullable=False),
    Column("party_id", BigId, ForeignKey("party.id"), index=True),
    Column("goods", Word, nullable=False),
    Column("thing", Name, nullable=False),
    Column("span", Word, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("version", Integer, nullable=False),
    Column("active", Flag, nullable=False),
    UniqueConstraint(
        "seller_id",
        "measure",
        "kind",
        "who",
        "goods",
        "thing",
        "span",
        "first",
        name="uq_target_owner",
    ),
    CheckConstraint(among("measure", AIMS), name="measure"),
    CheckConstraint(among("kind", KINDS), name="kind"),
    CheckConstraint(among("goods", GOODS), name="goods"),
    CheckConstraint(among("span", SPANS), name="span"),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("first < last", name="days"),
    CheckConstraint("(kind = 'house') = (who = '')", name="who"),
    CheckConstraint("(goods = 'all') = (thing = '')", name="thing"),
    CheckConstraint("(kind = 'customer') = (party_id IS NOT NULL)", name="party"),
    Index("ix_target_first_last", "first", "last"),
)
"""What a measure is to come to: `who` and `thing` are codes, names or paths, empty for all.

`amount` is of the minor unit where the measure is money. One that was withdrawn is not `active`.
"""

target_version: Final = Table(
    "target_version",
    metadata,
    Column("target_id", BigId, ForeignKey("target.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("amount", Amount),
    Column("set_by", Name, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("why", Sentence, nullable=False),
    CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
    sqlite_with_rowid=False,
)
"""A target as it was from a moment on, never changed; no amount where it was withdrawn."""
