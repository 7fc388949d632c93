"""Keep users' shown names, languages and one-time words; lines, stand-ins, ceilings and rows.

Names get the one spelling by which a user signs in. Where two users of before differ in nothing
else, the older one keeps it: the other cannot sign in until an administrator names the user anew.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("user_account", sa.Column("key", sa.String(200)))
    op.add_column("user_account", sa.Column("shown", sa.String(200)))
    op.add_column("user_account", sa.Column("language", sa.String(32)))
    op.add_column("user_account", sa.Column("one_time_until", sa.BigInteger()))
    op.add_column("api_token", sa.Column("used_at", sa.BigInteger()))
    op.add_column("user_session", sa.Column("browser", sa.String(200)))
    op.add_column("user_session", sa.Column("factor_at", sa.BigInteger()))
    _spell_names()
    with op.batch_alter_table("user_account") as batch:
        batch.create_unique_constraint(op.f("uq_user_account_key"), ["key"])
    _dated("reporting_line", "manager", endless=True)
    _dated("stand_in", "substitute", endless=False)
    op.create_table(
        "ceiling",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_ceiling_amount")),
        _of_user("ceiling"),
        sa.PrimaryKeyConstraint("user_id", "measure", name=op.f("pk_ceiling")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "user_grant",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "kind IN ('seller', 'region', 'customer')", name=op.f("ck_user_grant_kind")
        ),
        _of_user("user_grant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_grant")),
        sa.UniqueConstraint("user_id", "kind", "ref", name=op.f("uq_user_grant_user_id_kind_ref")),
    )


def _dated(name: str, other: str, *, endless: bool) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column(f"{other}_id", ID, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=endless),
        sa.CheckConstraint(f"{other}_id <> user_id", name=op.f(f"ck_{name}_{other}")),
        sa.ForeignKeyConstraint(
            [f"{other}_id"], ["user_account.id"], name=op.f(f"fk_{name}_{other}_id_user_account")
        ),
        _of_user(name),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("user_id", "since", name=op.f(f"uq_{name}_user_id_since")),
    )


def _of_user(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"],
        ["user_account.id"],
        name=op.f(f"fk_{name}_user_id_user_account"),
        ondelete="CASCADE",
    )


def _spell_names() -> None:
    connection, seen = op.get_bind(), set()
    rows = connection.execute(sa.text("SELECT id, name FROM user_account ORDER BY id")).all()
    for number, name in rows:
        plain = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
        key = unicodedata.normalize("NFKC", plain)
        if key not in seen:
            seen.add(key)
            connection.execute(
                sa.text("UPDATE user_account SET key = :key WHERE id = :id"),
                {"key": key, "id": number},
            )


def downgrade() -> None:
    for name in ("user_grant", "ceiling", "stand_in", "reporting_line"):
        op.drop_table(name)
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("uq_user_account_key"), type_="unique")
    for table, column in (
        ("user_session", "factor_at"),
        ("user_session", "browser"),
        ("api_token", "used_at"),
        ("user_account", "one_time_until"),
        ("user_account", "language"),
        ("user_account", "shown"),
        ("user_account", "key"),
    ):
        op.drop_column(table, column)
