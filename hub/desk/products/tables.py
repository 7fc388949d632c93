"""Products, their bar codes, and the files that terminals fetch."""

from typing import ClassVar, Final

from sqlalchemy import CheckConstraint, Column, Index, Table, text
from sqlmodel import Field

from hub.base.engine.columns import (
    Amount,
    BigId,
    Blob,
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


class Product(Record, table=True):
    """What is sold; `category` runs from the root of the tree, parted by `/`."""

    __tablename__ = "product"
    __table_args__: ClassVar = (
        Index(
            "ix_product_levelled",
            "id",
            sqlite_where=text("reorder_level IS NOT NULL"),
            postgresql_where=text("reorder_level IS NOT NULL"),
        ),
    )

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
    hsn: str | None = Field(default=None, sa_type=Word)
    replaced_by: str | None = Field(default=None, sa_type=Code)
    """The SKU of the product that is sold in its place."""
    family: str | None = Field(default=None, sa_type=Name, index=True)
    """The product that this SKU is a variant of, by its name: `Parle-G`."""
    variant: str | None = Field(default=None, sa_type=Name)
    """What tells the SKU from the others of its family: `80 g`."""
    reorder_level: int | None = Field(default=None, sa_type=Amount)
    """In base units: with no more than these available, it is low and ordered again."""
    maximum: int | None = Field(default=None, sa_type=Amount)
    """In base units: with more than these on hand, there is too much of it."""


class ProductGtin(Record, table=True):
    """A bar code of a product; one code names one product, or one pack of it."""

    __tablename__ = "product_gtin"

    gtin: str = Field(primary_key=True, sa_type=Word)
    product_id: int = Field(foreign_key="product.id", index=True, sa_type=BigId)
    unit: str | None = Field(default=None, sa_type=Word)
    """The pack size that it is printed on; null: a base unit."""


snapshot: Final = Table(
    "snapshot",
    metadata,
    Column("hash", Digest, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("body", Blob, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("kind IN ('catalogue', 'pack')", name="kind"),
)
"""Files that terminals fetch, named by the SHA-256 of their bytes."""

product: Final = table_of(Product)
product_gtin: Final = table_of(ProductGtin)
