"""Join a new customer with one that was there, and keep goods that outlets give back."""

import sqlalchemy as sa
from alembic import op

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


_NOTES = ("note", "call", "complaint", "stock_seen", "competitor_price")
_KINDS = (
    *("day_begun", "day_ended", "leave", "visit_begun", "visit_ended", "visit_missed"),
    *("noted", "complained", "stock_seen", "price_seen"),
    "task_done",
    *("outlet_added", "outlet_changed", "surveyed", "ordered", "collected"),
)
_TASK = "about IN ('complaint', 'goods_back')"


def _among(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in words)})"


def _set_checks(table: str, checks: dict[str, str]) -> None:
    with op.batch_alter_table(table) as batch:
        for name, text in checks.items():
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), text)


def upgrade() -> None:
    kinds = (*_KINDS[:10], "goods_back", *_KINDS[10:])
    _set_checks("field_entry", {"kind": _among("kind", kinds)})
    op.add_column("interaction", sa.Column("condition", sa.String(32)))
    _set_checks(
        "interaction",
        {
            "about": _among("about", (*_NOTES, "goods_back")),
            "task": f"({_TASK}) = (owner_id IS NOT NULL AND due_day IS NOT NULL)",
            "done": f"done_at IS NULL OR {_TASK}",
        },
    )
    with op.batch_alter_table("interaction") as batch:
        batch.create_check_constraint(
            op.f("ck_interaction_condition"),
            "condition IS NULL OR condition IN ('good', 'damaged', 'expired')",
        )
    op.create_table(
        "party_joined",
        sa.Column("party_id", _ID, primary_key=True, autoincrement=False),
        sa.Column("into_id", _ID, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("joined_by", sa.String(200), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_party_joined_party_id_party")
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["party.id"], name=op.f("fk_party_joined_into_id_party")
        ),
        sa.CheckConstraint("party_id <> into_id", name=op.f("ck_party_joined_into")),
    )
    op.create_index(op.f("ix_party_joined_into_id"), "party_joined", ["into_id"])


def downgrade() -> None:
    with op.batch_alter_table("interaction") as batch:
        batch.drop_constraint(op.f("ck_interaction_condition"), type_="check")
    _set_checks(
        "interaction",
        {
            "about": _among("about", _NOTES),
            "task": "(about = 'complaint') = (owner_id IS NOT NULL AND due_day IS NOT NULL)",
            "done": "done_at IS NULL OR about = 'complaint'",
        },
    )
    op.drop_column("interaction", "condition")
    _set_checks("field_entry", {"kind": _among("kind", _KINDS)})
    op.drop_table("party_joined")
