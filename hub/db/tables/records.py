"""Records that the hub keeps and shows: who buys, what is sold, who signs in.

Instants are Unix milliseconds, amounts integers of the currency's minor unit.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Code,
    Digest,
    Flag,
    Moment,
    Name,
    Record,
    Sentence,
    TerminalId,
    Word,
)


class Product(Record, table=True):
    """What is sold; `category` runs from the root of the tree, parted by `/`."""

    __tablename__ = "product"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    sku: str = Field(sa_type=Code, unique=True)
    name: str = Field(sa_type=Name)
    category: str = Field(default="", sa_type=Name)
    brand: str | None = Field(default=None, sa_type=Name)
    tax_class: str | None = Field(default=None, sa_type=Code)
    base_unit: str = Field(default="PCS", sa_type=Word)
    pack_sizes: str = Field(default="", sa_type=Name)
    """`CASE=12;BOX=6`: how many base units each pack holds."""
    mrp: int | None = Field(default=None, sa_type=Amount)
    """What is printed on a base unit, tax included; 1/10,000 of the major unit, as the cost is."""
    cost: int | None = Field(default=None, sa_type=Amount)
    """What a base unit costs the distributor: never told to a terminal."""
    active: bool = Field(default=True, sa_type=Flag)


class ProductGtin(Record, table=True):
    """A bar code of a product; one code names one product, or one pack of it."""

    __tablename__ = "product_gtin"

    gtin: str = Field(primary_key=True, sa_type=Word)
    product_id: int = Field(foreign_key="product.id", index=True, sa_type=BigId)
    unit: str | None = Field(default=None, sa_type=Word)
    """The pack size that it is printed on; null: a base unit."""


class Customer(Record, table=True):
    """Who buys; `code` is the id the distributor knows, `geo` runs from the country down."""

    __tablename__ = "customer"
    __table_args__: ClassVar = (
        CheckConstraint("status IN ('active', 'hold', 'blocked')", name="status"),
        CheckConstraint(
            "credit_state IN ('none', 'cash_only', 'amount', 'unset')", name="credit_state"
        ),
        CheckConstraint("credit_limit >= 0", name="credit_limit"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(sa_type=Code, unique=True)
    name: str = Field(sa_type=Name)
    type: str | None = Field(default=None, sa_type=Code)
    geo: str = Field(default="", sa_type=Name)
    status: str = Field(default="active", sa_type=Word)
    credit_state: str = Field(default="none", sa_type=Word)
    credit_limit: int = Field(default=0, sa_type=Amount)
    since: date | None = None


class Warehouse(Record, table=True):
    """Where stock lies; a smaller `priority` is asked first."""

    __tablename__ = "warehouse"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(sa_type=Code, unique=True)
    name: str = Field(sa_type=Name)
    priority: int = Field(default=0, sa_type=BigId)


class Terminal(Record, table=True):
    """A counter terminal: whom it orders for, from where it is served; its id names it on MQTT."""

    __tablename__ = "terminal"

    id: str = Field(primary_key=True, sa_type=TerminalId)
    customer_id: int = Field(foreign_key="customer.id", index=True, sa_type=BigId)
    warehouse_id: int = Field(foreign_key="warehouse.id", index=True, sa_type=BigId)
    secret_sha256: str = Field(sa_type=Digest)
    created_at: int = Field(sa_type=Moment)
    revoked_at: int | None = Field(default=None, sa_type=Moment)


class Setting(Record, table=True):
    """One value of the hub's own: distributor, support, timezone, http, catalogue (a hash)."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True, sa_type=Code)
    value: str = Field(sa_type=Sentence)


class UserAccount(Record, table=True):
    """A person who signs in."""

    __tablename__ = "user_account"
    __table_args__: ClassVar = (
        CheckConstraint("role IN ('admin', 'staff', 'viewer')", name="role"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(sa_type=Code, unique=True)
    password_hash: str = Field(sa_type=Name)
    role: str = Field(sa_type=Word)
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
