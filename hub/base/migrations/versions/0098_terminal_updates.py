"""Keep updates of terminals' software, whom they were offered to, and what terminals run."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0098"
down_revision = "0096"
branch_labels = None
depends_on = None

_STAGES = "'kept', 'first', 'all', 'paused', 'stopped', 'ended'"
_TRIES = (
    "'offered', 'fetching', 'waiting', 'trying', 'taken', 'refused', 'failed', 'silent', 'left'"
)


def upgrade() -> None:
    op.create_table(
        "terminal_software",
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.Column("machine", sa.String(200), nullable=False),
        sa.Column("python", sa.String(200), nullable=False),
        sa.Column("manifest", sa.String(64)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _to_terminal("terminal_software"),
        sa.PrimaryKeyConstraint("terminal", name=op.f("pk_terminal_software")),
    )
    op.create_index(
        "ix_terminal_software_machine_python_number",
        "terminal_software",
        ["machine", "python", "number"],
    )
    op.create_table(
        "terminal_update",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("number", _ID, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("machine", sa.String(32), nullable=False),
        sa.Column("python", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("bundle", sa.String(64), nullable=False),
        sa.Column("size", _ID, nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("reach", sa.String(32), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("most_failed", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(200), nullable=False),
        sa.CheckConstraint(f"stage IN ({_STAGES})", name=op.f("ck_terminal_update_stage")),
        sa.CheckConstraint(
            "reach IN ('kept', 'first', 'all')", name=op.f("ck_terminal_update_reach")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal_update")),
        sa.UniqueConstraint("name", name=op.f("uq_terminal_update_name")),
        sa.UniqueConstraint("digest", name=op.f("uq_terminal_update_digest")),
    )
    _create_tries()


def _create_tries() -> None:
    op.create_table(
        "terminal_try",
        sa.Column("update_id", _ID, nullable=False),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"state IN ({_TRIES})", name=op.f("ck_terminal_try_state")),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["terminal_update.id"],
            name=op.f("fk_terminal_try_update_id_terminal_update"),
        ),
        _to_terminal("terminal_try"),
        sa.PrimaryKeyConstraint("update_id", "terminal", name=op.f("pk_terminal_try")),
    )
    op.create_index("ix_terminal_try_terminal", "terminal_try", ["terminal"])


def _to_terminal(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_terminal_terminal")
    return sa.ForeignKeyConstraint(["terminal"], ["terminal.id"], name=name)


def downgrade() -> None:
    op.drop_table("terminal_try")
    op.drop_table("terminal_update")
    op.drop_table("terminal_software")
