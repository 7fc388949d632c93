"""Schemes: what they have given, what orders used of them, and what terminals may give offline."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table

from hub.base.engine.columns import (
    Amount,
    BigId,
    Digest,
    Moment,
    Name,
    TerminalId,
    metadata,
)


def _counts() -> tuple[Column[int], ...]:
    """Make the columns that count; those that came later start at nothing."""
    return (
        Column("used", BigId, nullable=False),
        Column("spent", Amount, nullable=False),
        Column("bought", Amount, nullable=False, server_default="0"),
        Column("pieces", Amount, nullable=False, server_default="0"),
    )


_HELD: Final = ("uses", "amount", "pieces")

scheme_counter: Final = Table(
    "scheme_counter",
    metadata,
    Column("rule", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    *_counts(),
    *(Column(f"held_{name}", Amount, nullable=False, server_default="0") for name in _HELD),
    CheckConstraint(
        "used >= 0 AND spent >= 0 AND bought >= 0 AND pieces >= 0"
        " AND held_uses >= 0 AND held_amount >= 0 AND held_pieces >= 0",
        name="not_negative",
    ),
    sqlite_with_rowid=False,
)
"""What a scheme has given in all (`scope` is `total`) or to one customer (its code).

What is counted in a period has its name too: `C7@2026-11`. `bought` is what the customer bought
towards a cumulative scheme, `pieces` what was free or had a discount. What is held is the sum of
all rows of `lease` of the same rule and scope, so that no order has to add them up.
"""

counter_change: Final = Table(
    "counter_change",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("rule", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    *_counts(),
    sqlite_with_rowid=False,
)
"""What one revision of an order added to a counter, or gave back to it: a difference, only added.

All revisions of a cancelled order add up to nothing.
"""

lease: Final = Table(
    "lease",
    metadata,
    Column("rule", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    Column("terminal", TerminalId, ForeignKey("terminal.id"), primary_key=True),
    Column("uses", BigId, nullable=False),
    Column("amount", Amount, nullable=False),
    Column("pieces", BigId, nullable=False),
    Column("of_uses", BigId),  # the limits that it is a part of; null: there is none
    Column("of_amount", Amount),
    Column("of_pieces", BigId),
    Column("pack_hash", Digest, nullable=False),
    Column("until_ms", Moment, nullable=False),
    CheckConstraint("uses >= 0 AND amount >= 0 AND pieces >= 0", name="not_negative"),
    Index("ix_lease_terminal", "terminal"),
    Index("ix_lease_until_ms", "until_ms"),
    sqlite_with_rowid=False,
)
"""What terminals may give of a scheme with a total limit before the hub has answered.

It is locked by the counter of the same rule and scope, which is there wherever a lease is and holds
the sum of all its leases: whoever changes a row here changes the sum in the same transaction.
"""
