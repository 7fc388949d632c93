"""The links by which partners sign in for the first time."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Table, text

from hub.base.engine.columns import BigId, Digest, Moment, Name, Sentence, metadata

_OPEN: Final = text("used_at IS NULL AND ended_at IS NULL")

partner_link: Final = Table(
    "partner_link",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest", Digest, nullable=False, unique=True),
    Column("user_id", BigId, ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("used_at", Moment),
    Column("ended_at", Moment),  # a newer link of the user took its place
    Column("mail", Name),  # where it was sent; None where it was handed over on paper
    Column("failed", Sentence),  # why it was not sent
    Index("ix_partner_link_user_id", "user_id"),
    Index(
        "uq_partner_link_open",
        "user_id",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)
"""A link that lets a partner in once; only the SHA-256 of its token is kept.

Of the links of a user one at most is open: a newer one ends those before.
"""
