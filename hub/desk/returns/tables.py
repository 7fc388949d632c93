"""Returns: what a customer gave back at once, and the credit notes that came of it."""

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Index, Table

from hub.base.engine.columns import BigId, Code, Moment, Name, Sentence, Word, metadata

goods_return: Final = Table(
    "goods_return",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Code, nullable=False, unique=True),
    Column("number", Word, nullable=False, unique=True),
    Column("seller_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("customer_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("delivery_id", BigId, ForeignKey("delivery.id"), index=True),  # null: without one
    Column("day", Date, nullable=False),
    Column("why", Sentence, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Index("ix_goods_return_customer_id_id", "customer_id", "id"),
)
"""Goods that came back at once; sent twice under one key, it is one."""

goods_return_note: Final = Table(
    "goods_return_note",
    metadata,
    Column(
        "return_id", BigId, ForeignKey("goods_return.id"), primary_key=True, autoincrement=False
    ),
    Column(
        "invoice_id",
        BigId,
        ForeignKey("invoice.id"),
        primary_key=True,
        autoincrement=False,
        unique=True,
    ),
    sqlite_with_rowid=False,
)
"""The credit notes of a return, one for each invoice that the goods were of."""
