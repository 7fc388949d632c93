"""Make customers parties of one tree below the company, which sells and owns what there is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "'company', 'super_stockist', 'distributor', 'retailer'"


def upgrade() -> None:
    _make_parties()
    _make_closure()
    house = _put_under_company()
    _give_to_seller("warehouse", house)
    _give_to_seller("terminal", house)
    for table in ("terminal", "customer_account"):
        _name_reference_after_party(table)


def downgrade() -> None:
    raise NotImplementedError("restore the copy that was made before: parties cannot be parted")


def _make_parties() -> None:
    """Make customers parties of a kind, which may stand below one another and sell."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.rename_table("customer", "party")
    if is_postgresql:
        op.execute("ALTER SEQUENCE customer_id_seq RENAME TO party_id_seq")
        op.execute("ALTER TABLE party RENAME CONSTRAINT pk_customer TO pk_party")
    with op.batch_alter_table("party") as batch:
        batch.drop_constraint("uq_customer_code", type_="unique")
        for name in ("status", "credit_state", "credit_limit"):
            batch.drop_constraint(op.f(f"ck_customer_{name}"), type_="check")
        batch.add_column(
            sa.Column("kind", sa.String(32), nullable=False, server_default="retailer")
        )
        batch.add_column(sa.Column("parent_id", _ID))
        batch.add_column(
            sa.Column(
                "sells",
                sa.Boolean(create_constraint=False),
                nullable=False,
                server_default=sa.false(),
            )
        )
    with op.batch_alter_table("party") as batch:
        if not is_postgresql:
            batch.drop_constraint("pk_customer", type_="primary")
            batch.create_primary_key("pk_party", ["id"])
        batch.alter_column("kind", server_default=None)
        batch.alter_column("sells", server_default=None)
        batch.create_unique_constraint("uq_party_code", ["code"])
        batch.create_foreign_key("fk_party_parent_id_party", "party", ["parent_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_party_kind"),
            f"kind IN ({_KINDS})",
        )
        batch.create_check_constraint(
            op.f("ck_party_status"), "status IN ('active', 'hold', 'blocked')"
        )
        batch.create_check_constraint(
            op.f("ck_party_credit_state"),
            "credit_state IN ('none', 'cash_only', 'amount', 'unset')",
        )
        batch.create_check_constraint(op.f("ck_party_credit_limit"), "credit_limit >= 0")
        batch.create_check_constraint(
            op.f("ck_party_parent"), "parent_id IS NULL OR parent_id <> id"
        )
    op.create_index("ix_party_parent_id", "party", ["parent_id"])


def _make_closure() -> None:
    """Make the table of every party with each one below it."""
    op.create_table(
        "party_closure",
        sa.Column("ancestor_id", _ID, autoincrement=False, nullable=False),
        sa.Column("descendant_id", _ID, autoincrement=False, nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ancestor_id"], ["party.id"]),
        sa.ForeignKeyConstraint(["descendant_id"], ["party.id"]),
        sa.PrimaryKeyConstraint("ancestor_id", "descendant_id", name=op.f("pk_party_closure")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_party_closure_descendant_id", "party_closure", ["descendant_id"])


def _put_under_company() -> int:
    """Add the company, with all parties below it; gives its row id."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO party (code, name, kind, sells, geo, status, credit_state, credit_limit) "
            "VALUES ('@house', coalesce((SELECT substr(value, 1, 200) FROM setting "
            "WHERE key = 'distributor' AND value <> ''), 'Orderwire'), "
            "'company', true, '', 'active', 'none', 0)"
        )
    )
    found = connection.execute(sa.text("SELECT id FROM party WHERE code = '@house'"))
    house = int(found.scalar_one())
    connection.execute(
        sa.text("UPDATE party SET parent_id = :house WHERE id <> :house"), {"house": house}
    )
    op.execute("INSERT INTO party_closure SELECT id, id, 0 FROM party")
    op.execute(
        "INSERT INTO party_closure SELECT parent_id, id, 1 FROM party WHERE parent_id IS NOT NULL"
    )
    return house


def _give_to_seller(table: str, house: int) -> None:
    """Let the company own all warehouses or terminals that there are."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column("seller_id", _ID))
    op.get_bind().execute(sa.text(f"UPDATE {table} SET seller_id = :house"), {"house": house})  # noqa: S608
    with op.batch_alter_table(table) as batch:
        batch.alter_column("seller_id", existing_type=_ID, nullable=False)
        batch.create_foreign_key(f"fk_{table}_seller_id_party", "party", ["seller_id"], ["id"])
    op.create_index(f"ix_{table}_seller_id", table, ["seller_id"])


def _name_reference_after_party(table: str) -> None:
    """Name the reference to a customer after the table that it is to by now."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(f"fk_{table}_customer_id_customer", type_="foreignkey")
        batch.create_foreign_key(f"fk_{table}_customer_id_party", "party", ["customer_id"], ["id"])
