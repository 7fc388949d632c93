"""Keep versions of the rule pack with their files, history and shadow decisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NEEDED: dict[str, sa.types.TypeEngine[Any]] = {
    "origin": sa.String(length=32),
    "added_at": sa.BigInteger(),
    "added_by": sa.String(length=200),
    "in_shadow": sa.Boolean(),
    "shadow_after": _ID,
    "fault": sa.String(length=500),
    "cases": sa.Integer(),
    "doubts": sa.LargeBinary(),
}


def upgrade() -> None:
    _widen_rule_pack()
    _create_pack_file()
    _create_pack_event()
    _create_shadow_decision()


def downgrade() -> None:
    op.drop_table("shadow_decision")
    op.drop_table("pack_event")
    op.drop_table("pack_file")
    _narrow_rule_pack()


def _widen_rule_pack() -> None:
    with op.batch_alter_table("rule_pack", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_pack_one_active")
        for name, kind in _NEEDED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.add_column(sa.Column("starts_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("dropped_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("copy_of", _ID, nullable=True))
        batch_op.alter_column("published_at", existing_type=sa.BigInteger(), nullable=True)
    # Until now a load published at once: the active pack is the one that was published last.
    pack = sa.table("rule_pack", *(sa.column(name, kind) for name, kind in _NEEDED.items()))
    op.execute(
        pack.update().values(
            origin="set_up",
            in_shadow=False,
            fault="",
            cases=0,
            doubts=b"",
            added_at=0,
            added_by="",
            shadow_after=0,
        )
    )
    op.execute(
        "UPDATE rule_pack SET added_at = published_at, added_by = published_by, "
        "starts_at = published_at"
    )
    with op.batch_alter_table("rule_pack", schema=None) as batch_op:
        for name, kind in _NEEDED.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.drop_column("active")
        batch_op.create_foreign_key(
            batch_op.f("fk_rule_pack_copy_of_rule_pack"), "rule_pack", ["copy_of"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_rule_pack_origin"), "origin IN ('set_up', 'added', 'rolled_back')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_rule_pack_published"), "(published_at IS NULL) = (starts_at IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_rule_pack_dropped"), "dropped_at IS NULL OR published_at IS NULL"
        )
        batch_op.create_index("ix_rule_pack_starts_at", ["starts_at"], unique=False)
        batch_op.create_index(
            "ix_rule_pack_one_in_shadow",
            ["in_shadow"],
            unique=True,
            sqlite_where=sa.text("in_shadow"),
            postgresql_where=sa.text("in_shadow"),
        )


def _narrow_rule_pack() -> None:
    op.execute("DELETE FROM rule_pack WHERE published_at IS NULL")
    with op.batch_alter_table("rule_pack", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_pack_one_in_shadow")
        batch_op.drop_index("ix_rule_pack_starts_at")
        for name in ("dropped", "published", "origin"):
            batch_op.drop_constraint(batch_op.f(f"ck_rule_pack_{name}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_rule_pack_copy_of_rule_pack"), type_="foreignkey")
        batch_op.add_column(sa.Column("active", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE rule_pack SET active = (id = (SELECT id FROM rule_pack WHERE fault = '' "
        "ORDER BY starts_at DESC, id DESC LIMIT 1))"
    )
    with op.batch_alter_table("rule_pack", schema=None) as batch_op:
        for name in (*_NEEDED, "starts_at", "dropped_at", "copy_of"):
            batch_op.drop_column(name)
        batch_op.alter_column("active", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("published_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_index(
            "ix_rule_pack_one_active",
            ["active"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )


def _create_pack_file() -> None:
    op.create_table(
        "pack_file",
        sa.Column("pack_id", _ID, autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["rule_pack.id"], name=op.f("fk_pack_file_pack_id_rule_pack")
        ),
        sa.PrimaryKeyConstraint("pack_id", "path", name=op.f("pk_pack_file")),
    )


def _create_pack_event() -> None:
    op.create_table(
        "pack_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("pack_id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["rule_pack.id"], name=op.f("fk_pack_event_pack_id_rule_pack")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_event")),
    )
    with op.batch_alter_table("pack_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_event_pack_id"), ["pack_id"], unique=False)


def _create_shadow_decision() -> None:
    op.create_table(
        "shadow_decision",
        sa.Column("pack_id", _ID, autoincrement=False, nullable=False),
        sa.Column("order_id", _ID, autoincrement=False, nullable=False),
        sa.Column("outcome_before", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("payable_before", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("result_hash", sa.String(length=64), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("difference", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["order_.id"], name=op.f("fk_shadow_decision_order_id_order_")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["rule_pack.id"], name=op.f("fk_shadow_decision_pack_id_rule_pack")
        ),
        sa.PrimaryKeyConstraint("pack_id", "order_id", name=op.f("pk_shadow_decision")),
        sqlite_with_rowid=False,
    )
