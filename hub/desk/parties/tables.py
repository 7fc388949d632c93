"""Parties: one tree of whoever sells and buys, and the distributor's own settings."""

from datetime import date
from typing import ClassVar, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
    Code,
    Flag,
    Moment,
    Name,
    Record,
    Sentence,
    Word,
    among,
    metadata,
    table_of,
)
from hub.desk.parties.model.fields import OUTLET_CLASSES


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
        Index("ix_party_look", text("lower(code)")),
        Index("ix_party_sells", "id", sqlite_where=text("sells"), postgresql_where=text("sells")),
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
    assortment: str | None = Field(default=None, sa_type=Text)
    """What it may order, as `category=tea;brand=Asha;sku=SOAP-1`; null: everything."""
    minimum_order: int | None = Field(default=None, sa_type=Amount)


HOUSE: Final = "@house"
"""The code of the company at the root, the seller where no other is named; no customer has it."""
UNNAMED: Final = "Orderwire"
"""The name of the company until somebody says whose hub it is."""
PAGES_AT: Final = "pages_at"
"""The setting that says at which address the pages are served."""
SAMPLE: Final = "sample"
"""The setting that says that the distributor is the sample, and since when."""

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
pack_published: Final = table(
    "rule_pack", column("id"), column("hash", String), column("starts_at"), column("fault", String)
)
"""The versions of the rule pack as far as they tell which one serves."""
pack_body: Final = table("snapshot", column("hash", String), column("body", Blob))
"""The files that terminals fetch as far as a rule pack is read for its currency."""

customer_profile: Final = Table(
    "customer_profile",
    metadata,
    Column("party_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("name_key", Name, nullable=False, index=True),
    Column("status_reason", Name, nullable=False),
    Column("status_until", Date),
    Column("terms_days", Integer),
    Column("terms_from", Word),
    Column("gst_kind", Word),
    Column("gstin", Word, index=True),
    Column("address", Sentence, nullable=False),
    Column("city", Name, nullable=False),
    Column("district", Name, nullable=False),
    Column("pin", Word),
    Column("state", Word),
    Column("contact", Name, nullable=False),
    Column("phone", Word, index=True),
    Column("email", Name),
    Column("latitude", Integer),
    Column("longitude", Integer),
    Column("hours", Name, nullable=False),
    Column("delivery_days", Word, nullable=False),
    Column("language", Word),
    Column("contacts", Text),
    Column("outlet_class", Word),
    CheckConstraint(
        f"outlet_class IS NULL OR {among('outlet_class', OUTLET_CLASSES)}", name="outlet_class"
    ),
    CheckConstraint(
        "gst_kind IS NULL OR gst_kind IN ('registered', 'composition', 'unregistered')",
        name="gst_kind",
    ),
    CheckConstraint(
        "terms_from IS NULL OR terms_from IN ('invoice', 'delivery', 'end_of_month')",
        name="terms_from",
    ),
)
"""What is known of a customer beside what rules read of its party; one row a customer at most.

`contacts` are further people, `Meena, accounts, +919845012345; Ravi, godown, +919845012346`.
Degrees are in millionths, amounts in minor units, a phone number is +, country and number.
`name_key` is the name without case, blanks and signs, by which the same shop is found again.
"""

party_mapping: Final = Table(
    "party_mapping",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False),
    Column("role", Word, nullable=False),
    Column("who", Code, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date),
    CheckConstraint("role IN ('rep', 'collector', 'warehouse', 'seller')", name="role"),
    CheckConstraint("until_day IS NULL OR until_day >= from_day", name="days"),
    UniqueConstraint("party_id", "role", "from_day"),
    Index("ix_party_mapping_role_who", "role", "who"),
)
"""Who or what serves a customer in a role, from a day on, and to the last day of it.

`who` is a user's name, or the code of a warehouse or a seller. Of one customer and role, one row is
in force on a day.
"""

party_request: Final = Table(
    "party_request",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("kind", Word, nullable=False),
    Column("asked", Text, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("why", Sentence, nullable=False),
    Column("state", Word, nullable=False),
    Column("decided_by", Name),
    Column("decided_at", Moment),
    Column("decided_why", Sentence),
    CheckConstraint("kind IN ('new', 'change')", name="kind"),
    CheckConstraint("state IN ('open', 'granted', 'refused', 'void')", name="state"),
    Index(
        "ix_party_request_open",
        "id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
"""What a second person has to let pass: a new customer, or a change of limit, terms or GSTIN.

`asked` is JSON: by field, the text that was there and the one that is asked for.
"""

party_joined: Final = Table(
    "party_joined",
    metadata,
    Column("party_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("into_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("why", Sentence, nullable=False),
    Column("joined_by", Name, nullable=False),
    Column("joined_at", Moment, nullable=False),
    CheckConstraint("party_id <> into_id", name="into"),
)
"""A new customer that is another one already: two people had found the same shop.

What it ordered and paid stays where it was taken; what comes later is of `into_id`, which is never
itself another one.
"""

customer_address: Final = Table(
    "customer_address",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("party_id", BigId, ForeignKey("party.id"), nullable=False, index=True),
    Column("code", Code, nullable=False),
    Column("name", Name, nullable=False),  # empty: a place of the customer
    Column("gstin", Word, nullable=False),
    Column("address", Sentence, nullable=False),
    Column("city", Name, nullable=False),
    Column("pin", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("contact", Name, nullable=False),
    Column("phone", Word, nullable=False),
    Column("made_by", Name, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_by", Name),
    Column("ended_at", Moment),
    CheckConstraint("gstin = '' OR name <> ''", name="gstin"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    Index(
        "ix_customer_address_in_force",
        "party_id",
        "code",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)
"""Where a customer has goods sent besides its own address, by the customer's code for it.

A row is never changed: another address under the same code ends it. So whatever points to one has
what it was placed with.
"""

letterhead: Final = Table(
    "letterhead",
    metadata,
    Column("seller_id", BigId, ForeignKey("party.id"), primary_key=True, autoincrement=False),
    Column("name", Name, nullable=False),
    Column("gstin", Word, nullable=False),
    Column("address", Sentence, nullable=False),
    Column("city", Name, nullable=False),
    Column("pin", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("phone", Word, nullable=False),
    Column("email", Name, nullable=False),
    Column("bank", Sentence, nullable=False),
    Column("note", Sentence, nullable=False),
)
"""What a seller's documents say of the seller, from the next one on; empty: nothing."""
