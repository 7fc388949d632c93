"""Orders as decided: the order, its lines, why, and what happened to it since."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, text

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Sentence,
    TerminalId,
    Uuid,
    Word,
    metadata,
)

order_: Final = Table(
    "order_",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uuid", Uuid, nullable=False, unique=True),
    Column("terminal", TerminalId, nullable=False),
    Column("seq", BigId, nullable=False),
    Column("number", Name, nullable=False),
    Column("customer_id", BigId, ForeignKey("customer.id")),  # null: nobody knows the code
    Column("customer_code", Code, nullable=False),
    Column("operator", Name, nullable=False),
    Column("payment", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("reason", Code, nullable=False),  # the first reason's code, empty where there is none
    Column("revision", Integer, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("captured_at", Moment, nullable=False),
    Column("clock_trusted", Flag, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("currency", Word, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("gross", Amount, nullable=False),
    Column("discount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("round_off", Amount, nullable=False),
    Column("payable", Amount, nullable=False),
    Column("exposure", Amount, nullable=False),  # what it adds to the customer's while it is open
    Column("lines", Integer, nullable=False),
    Column("pack_hash", Digest),
    Column("pack_version", BigId, nullable=False),
    Column("price_hash", Digest),
    Column("quote_price_hash", Digest),
    Column("quote_payable", Amount),
    CheckConstraint(
        "status IN ('confirmed', 'confirmed_changed', 'held', 'rejected', 'cancelled')",
        name="status",
    ),
    CheckConstraint("exposure >= 0", name="exposure"),
    Index("ix_order_terminal_seq", "terminal", "seq"),
    Index("ix_order_business_date_status", "business_date", "status"),
    Index("ix_order_customer_id_id", "customer_id", "id"),
    Index(
        "ix_order_held",
        "id",
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)
"""One row an order. `uuid` is the terminal's id of it, `revision` counts what terminals are told;
amounts are minor units of `currency`, of which `scale` digits are decimals."""

order_line: Final = Table(
    "order_line",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True),
    Column("free", Flag, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("product_id", BigId, ForeignKey("product.id")),  # null: the code is not in the catalogue
    Column("sku", Code, nullable=False),
    Column("name", Name, nullable=False),
    Column("ordered", BigId, nullable=False),
    Column("quantity", BigId, nullable=False),
    Column("unit_price", Amount),  # 1/10,000 of the major unit; null: unpriced
    Column("gross", Amount, nullable=False),
    Column("discount", Amount, nullable=False),
    Column("net", Amount, nullable=False),
    Column("tax", Amount, nullable=False),
    Column("total", Amount, nullable=False),
    Column("rule", Name, nullable=False),  # the price's, or the scheme's where free is set
    Column("unit", Word),  # the pack size it was ordered in; null: the base unit
    Column("pack_size", BigId),  # base units in one of `unit`
    Column("pack_price", Amount),  # of one `unit`, like unit_price; null: priced by the base unit
    Column("mrp", Amount),  # of a base unit, like unit_price
    Column("batch", Code),  # that was asked for
    CheckConstraint("quantity >= 0", name="quantity"),
    sqlite_with_rowid=False,  # small rows in the order of their key: one tree instead of two
)
"""Lines as decided. With `free` the goods of a scheme: `ordered` is earned, amounts are zero."""

decision: Final = Table(
    "decision",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("pack_hash", Digest),
    Column("result_hash", Digest),
    Column("inputs", Blob, nullable=False),
    Column("trace", Blob, nullable=False),
)
"""Why, as compact JSON: what the engine was given, and every step it took."""

order_event: Final = Table(
    "order_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("order_id", BigId, ForeignKey("order_.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", Word, nullable=False),
    Column("actor", Name, nullable=False),
    Column("text", Sentence, nullable=False),
)
"""An order's timeline: who did what, when, in plain words."""

price_alarm: Final = Table(
    "price_alarm",
    metadata,
    Column("order_id", BigId, ForeignKey("order_.id"), primary_key=True, autoincrement=False),
    Column("terminal", TerminalId, nullable=False),
    Column("at", Moment, nullable=False),
    Column("pack_hash", Digest, nullable=False),
    Column("facts_hash", Digest, nullable=False),
    Column("catalogue_hash", Digest, nullable=False),
    Column("quoted_hash", Digest, nullable=False),
    Column("recomputed_hash", Digest, nullable=False),
)
"""Orders that a terminal priced otherwise than the hub does from the very same; kept for ever."""


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
    Column("rule", Name, primary_key=True),
    Column("scope", Name, primary_key=True),
    *_counts(),
    sqlite_with_rowid=False,
)
"""What one order added to the counters, so that cancelling it can give it back."""
