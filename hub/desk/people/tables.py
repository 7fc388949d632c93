"""People and programs: accounts, the browsers that they are signed in with, tokens."""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    case,
    column,
    func,
    select,
    table,
)
from sqlmodel import Field

from hub.base.access import Scope, visible
from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Record,
    Word,
    metadata,
    table_of,
)


class UserAccount(Record, table=True):
    """A person who signs in; `roles` are words parted by commas.

    Roles of the hub grant permissions; other words are duties, by which rule packs name who
    approves: `manager,area_manager`. `key` is the one spelling of the name by which a user signs
    in, `shown` the name that others read. The password is a one-time word where `one_time_until`
    says until when it opens anything.
    """

    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=Code, unique=True)
    password_hash: str = Field(sa_type=Name)
    roles: str = Field(sa_type=Name)
    active: bool = Field(default=True, sa_type=Flag)
    created_at: int = Field(sa_type=Moment)
    key: str | None = Field(default=None, sa_type=Name, unique=True)
    shown: str | None = Field(default=None, sa_type=Name)
    language: str | None = Field(default=None, sa_type=Word)
    one_time_until: int | None = Field(default=None, sa_type=Moment)


class UserSession(Record, table=True):
    """One signed-in browser; only the hash of its token is kept.

    `browser` is what it calls itself, `factor_at` when the second factor was shown in it.
    """

    __tablename__ = "user_session"

    token_hash: str = Field(primary_key=True, sa_type=Digest)
    user_id: int = Field(
        foreign_key="user_account.id", index=True, ondelete="CASCADE", sa_type=BigId
    )
    created_at: int = Field(sa_type=Moment)
    seen_at: int = Field(sa_type=Moment)
    expires_at: int = Field(sa_type=Moment)
    origin_ip: str = Field(default="", sa_type=Code)
    browser: str | None = Field(default=None, sa_type=Name)
    factor_at: int | None = Field(default=None, sa_type=Moment)


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
    Column("used_at", Moment, nullable=True),
    Column("maker_id", BigId, nullable=True),
)
"""A program that uses the API, by name; only the hash of its token is kept.

`used_at` is its last use, written no finer than a minute. `maker_id` is the user who let it in,
None where a command at the hub's own machine did.
"""


def _of_user(name: str = "user_id", *, primary: bool = False) -> Column[int]:
    """Make the column of a user whose row goes when the user's does."""
    return Column(
        name,
        BigId,
        ForeignKey("user_account.id", ondelete="CASCADE"),
        primary_key=primary,
        autoincrement=False,
        nullable=False,
    )


reporting_line: Final = Table(
    "reporting_line",
    metadata,
    Column("id", BigId, primary_key=True),
    _of_user(),
    Column("manager_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=True),
    UniqueConstraint("user_id", "since"),
    CheckConstraint("manager_id <> user_id", name="manager"),
)
"""To whom a user reports, from day to day; without a last day, until further notice."""

stand_in: Final = Table(
    "stand_in",
    metadata,
    Column("id", BigId, primary_key=True),
    _of_user(),
    Column("substitute_id", BigId, ForeignKey("user_account.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    UniqueConstraint("user_id", "since"),
    CheckConstraint("substitute_id <> user_id", name="substitute"),
)
"""Who decides instead of a user on some days."""

ceiling: Final = Table(
    "ceiling",
    metadata,
    _of_user(primary=True),
    Column("measure", Word, primary_key=True),
    Column("amount", Amount, nullable=False),
    CheckConstraint("amount >= 0", name="amount"),
    sqlite_with_rowid=False,
)
"""How much a user may decide of a measure, in minor units; without a row, nothing."""

user_grant: Final = Table(
    "user_grant",
    metadata,
    Column("id", BigId, primary_key=True),
    _of_user(),
    Column("kind", Word, nullable=False),
    Column("ref", Name, nullable=False),
    UniqueConstraint("user_id", "kind", "ref"),
    CheckConstraint("kind IN ('seller', 'region', 'customer', 'warehouse')", name="kind"),
)
"""The rows that a user sees: of a seller, customer or warehouse, by the code, or of a region."""

second_factor: Final = Table(
    "second_factor",
    metadata,
    _of_user(primary=True),
    Column("secret", Code, nullable=False),
    Column("confirmed_at", Moment, nullable=True),
    Column("last_step", Amount, nullable=False),
    sqlite_with_rowid=False,
)
"""The secret that a user's authenticator holds; it is asked for once it was confirmed."""

recovery_code: Final = Table(
    "recovery_code",
    metadata,
    Column("digest", Digest, primary_key=True),
    _of_user(),
    Column("used_at", Moment, nullable=True),
    Index("ix_recovery_code_user_id", "user_id"),
    sqlite_with_rowid=False,
)
"""A user's spare codes, each for one sign-in without the authenticator."""

role_setting: Final = Table(
    "role_setting",
    metadata,
    Column("role", Word, primary_key=True),
    Column("needs_factor", Flag, nullable=False),
    sqlite_with_rowid=False,
)
"""What is asked of everybody in a role; without a row, nothing."""

known_browser: Final = Table(
    "known_browser",
    metadata,
    Column("digest", Digest, primary_key=True),
    _of_user(primary=True),
    Column("seen_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""A browser from which a user signed in before: strangers' wrong tries do not lock it out."""

setup_word: Final = Table(
    "setup_word",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("digest", Digest, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=True),
)
"""The word with which a new hub is set up: one row, used once."""

party_named: Final = table(
    "party", column("id"), column("code", String), column("geo", String), column("sells", Boolean)
)
"""The parties as far as users are granted their rows."""
party_above: Final = table(
    "party_closure", column("ancestor_id"), column("descendant_id"), column("depth")
)
"""Every node of the tree of parties with each node above it, and how far above."""
warehouse_named: Final = table(
    "warehouse", column("id"), column("code", String), column("seller_id")
)
"""The warehouses as far as users are granted their rows."""
HOUSE_CODE: Final = "@house"
"""The code of the company, the root of all sellers."""
_PARTNER: Final = "partner"


def shown_users(scope: Scope) -> ColumnElement[bool]:
    """Give the condition under which a scope shows a user: of a seller of its own, or oneself.

    A user who is given no seller's rows is of the company, the root of all sellers; somebody who
    is a shop's partner and nothing else is of the seller that the shop buys from.
    """
    shops = case((user_account.c.roles == _PARTNER, _seller_of_shop()), else_=None)
    code = func.coalesce(_granted("seller"), shops, HOUSE_CODE)
    owner = select(party_named.c.id).where(party_named.c.code == code).correlate(user_account)
    seller = owner.scalar_subquery()
    return visible(scope, seller=seller, user=user_account.c.id)


def _granted(kind: str) -> ColumnElement[Any]:
    """Give the first of the codes of a kind that a user is given the rows of."""
    return (
        select(func.min(user_grant.c.ref))
        .where(user_grant.c.user_id == user_account.c.id, user_grant.c.kind == kind)
        .correlate(user_account)
        .scalar_subquery()
    )


def _seller_of_shop() -> ColumnElement[Any]:
    """Give the code of the seller next above the party whose partner a user is."""
    shop, above, seller = party_named.alias("shop"), party_above.alias(), party_named.alias("above")
    return (
        select(seller.c.code)
        .join(above, above.c.ancestor_id == seller.c.id)
        .join(shop, shop.c.id == above.c.descendant_id)
        .where(shop.c.code == _granted("customer"), seller.c.sells, above.c.depth > 0)
        .order_by(above.c.depth)
        .limit(1)
        .correlate(user_account)
        .scalar_subquery()
    )
