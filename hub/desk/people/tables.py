"""People and programs: accounts, the browsers that they are signed in with, tokens."""

from typing import Final

from sqlalchemy import Column, Table
from sqlmodel import Field

from hub.base.engine.columns import (
    BigId,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Record,
    metadata,
    table_of,
)


class UserAccount(Record, table=True):
    """A person who signs in; `roles` are words parted by commas.

    Roles of the hub grant permissions; other words are duties, by which rule packs name who
    approves: `manager,area_manager`.
    """

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=Code, unique=True)
    password_hash: str = Field(sa_type=Name)
    roles: str = Field(sa_type=Name)
    active: bool = Field(default=True, sa_type=Flag)
    created_at: int = Field(sa_type=Moment)


class UserSession(Record, table=True):
    """One signed-in browser; only the hash of its token is kept."""

    __tablename__ = "user_session"

    token_hash: str = Field(primary_key=True, sa_type=Digest)
    user_id: int = Field(
        foreign_key="user_account.id", index=True, ondelete="CASCADE", sa_type=BigId
    )
    created_at: int = Field(sa_type=Moment)
    seen_at: int = Field(sa_type=Moment)
    expires_at: int = Field(sa_type=Moment)
    origin_ip: str = Field(default="", sa_type=Code)


user_account: Final = table_of(UserAccount)
user_session: Final = table_of(UserSession)
api_token: Final = Table(
    "api_token",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("name", Code, nullable=False, unique=True),
    Column("token_hash", Digest, nullable=False, unique=True),
    Column("roles", Name, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment, nullable=True),
)
"""A program that uses the API, by name; only the hash of its token is kept."""
