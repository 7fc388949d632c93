"""Approvals: every word that was said of a held order, for ever."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Table

from hub.base.engine.columns import BigId, Code, Digest, Moment, Name, Sentence, Word, metadata

approval_decision: Final = Table(
    "approval_decision",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("order_id", BigId, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Digest, nullable=False),
    Column("code", Code, nullable=False),
    Column("rule", Name, nullable=False),  # the approval's id; empty: the pack names nobody
    Column("decided_by", Name, nullable=False),
    Column("role", Code, nullable=False),
    Column("answer", Word, nullable=False),
    Column("offer_hash", Digest),
    Column("why", Sentence, nullable=False),
    Column("at", Moment, nullable=False),
    Column("instead_of", Name),  # whom the person stood in for; null: nobody
    ForeignKeyConstraint(
        ["order_id", "revision"], ["order_revision.order_id", "order_revision.revision"]
    ),
    CheckConstraint("answer IN ('yes', 'no', 'counter')", name="answer"),
    Index("ix_approval_decision_order_id", "order_id", "revision"),
)
"""What a person said of one hold of one revision, bound to the hash of what it held."""
