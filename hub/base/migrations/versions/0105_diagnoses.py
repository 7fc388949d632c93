"""What terminals tell of themselves when asked, and how their counters are set."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0105"
down_revision = "0101"
branch_labels = None
depends_on = None

_DIAGNOSES = "terminal_diagnosis"
_PIECES = "terminal_diagnosis_piece"


def upgrade() -> None:
    op.create_table(
        _DIAGNOSES,
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(36), nullable=False),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("came_at", sa.BigInteger()),
        sa.Column("content", sa.LargeBinary()),
        sa.UniqueConstraint("name", name=op.f("uq_terminal_diagnosis_name")),
        sa.ForeignKeyConstraint(
            ["terminal"], ["terminal.id"], name=op.f("fk_terminal_diagnosis_terminal_terminal")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'here', 'unreadable')", name=op.f("ck_terminal_diagnosis_state")
        ),
    )
    op.create_index("ix_terminal_diagnosis_terminal", _DIAGNOSES, ["terminal", "id"])
    op.create_table(
        _PIECES,
        sa.Column(
            "diagnosis_id",
            _ID,
            sa.ForeignKey(
                "terminal_diagnosis.id",
                name=op.f("fk_terminal_diagnosis_piece_diagnosis_id_terminal_diagnosis"),
            ),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("boot", _ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.add_column(
        "terminal_presence",
        sa.Column("diagnoses", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("terminal_presence", sa.Column("counter", sa.String(64)))


def downgrade() -> None:
    with op.batch_alter_table("terminal_presence") as presence:
        presence.drop_column("counter")
        presence.drop_column("diagnoses")
    op.drop_table(_PIECES)
    op.drop_table(_DIAGNOSES)
