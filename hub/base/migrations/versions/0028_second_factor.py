"""Keep second factors with their spare codes, who has to have one, and browsers that are known."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        _of_user("second_factor"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recovery_code",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        _of_user("recovery_code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
    op.create_table(
        "role_setting",
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("needs_factor", sa.Boolean(create_constraint=False), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_role_setting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_browser",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        _of_user("known_browser"),
        sa.PrimaryKeyConstraint("digest", "user_id", name=op.f("pk_known_browser")),
        sqlite_with_rowid=False,
    )


def _of_user(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"],
        ["user_account.id"],
        name=op.f(f"fk_{name}_user_id_user_account"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_table("known_browser")
    op.drop_table("role_setting")
    op.drop_index("ix_recovery_code_user_id", table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
