"""Keep mails that go together, customers as receivers, second counts, and skipped numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BEFORE = "'order_held', 'order_released', 'order_refused', 'order_cancelled', 'back_order_filled'"
_EVENTS = f"{_BEFORE}, 'order_dispatched', 'order_delivered'"
_ONE = "(user_id IS NULL) <> (customer_id IS NULL)"


def upgrade() -> None:
    op.add_column(
        "series", sa.Column("skipped", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    with op.batch_alter_table("stock_document_line") as line:
        line.add_column(sa.Column("first_counted", _ID))
        line.add_column(sa.Column("first_moved", _ID))
        line.add_column(sa.Column("first_by", sa.String(200)))
        line.create_check_constraint(
            op.f("ck_stock_document_line_first"), "(first_counted IS NULL) = (first_by IS NULL)"
        )
        line.create_check_constraint(op.f("ck_stock_document_line_again"), "counted_by <> first_by")
    _let_rules_gather()
    _let_customers_hear()


def _let_rules_gather() -> None:
    with op.batch_alter_table("notice_rule") as rule:
        rule.add_column(
            sa.Column("gather", sa.String(32), nullable=False, server_default=sa.text("'at_once'"))
        )
        rule.add_column(sa.Column("gather_at", sa.Integer()))
        rule.create_check_constraint(
            op.f("ck_notice_rule_gather"), "gather IN ('at_once', 'hour', 'day')"
        )
        rule.create_check_constraint(
            op.f("ck_notice_rule_gather_at"), "(gather = 'day') = (gather_at IS NOT NULL)"
        )
        rule.drop_constraint(op.f("ck_notice_rule_event"), type_="check")
        rule.create_check_constraint(op.f("ck_notice_rule_event"), f"event IN ({_EVENTS})")


def _let_customers_hear() -> None:
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("user_id", existing_type=_ID, nullable=True)
        notice.add_column(sa.Column("customer_id", _ID))
        notice.add_column(sa.Column("gather_at", sa.BigInteger()))
        notice.add_column(sa.Column("address", sa.String(200)))
        notice.create_foreign_key(
            op.f("fk_notice_customer_id_party"), "party", ["customer_id"], ["id"]
        )
        notice.create_unique_constraint(
            op.f("uq_notice_key_customer_id_channel"), ["key", "customer_id", "channel"]
        )
        notice.create_check_constraint(op.f("ck_notice_receiver"), _ONE)
        notice.drop_constraint(op.f("ck_notice_event"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_event"), f"event IN ({_EVENTS})")
    waits = sa.text("gather_at IS NOT NULL AND sent_at IS NULL AND failed IS NULL")
    op.create_index(
        "ix_notice_gathered", "notice", ["gather_at"], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    newer = f"NOT event IN ({_BEFORE})"
    op.execute(f"DELETE FROM notice WHERE customer_id IS NOT NULL OR {newer}")  # noqa: S608
    op.execute(f"DELETE FROM notice_rule WHERE receiver = 'customer' OR {newer}")  # noqa: S608
    op.drop_index("ix_notice_gathered", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_event"), type_="check")
        notice.create_check_constraint(op.f("ck_notice_event"), f"event IN ({_BEFORE})")
        notice.drop_constraint(op.f("ck_notice_receiver"), type_="check")
        notice.drop_constraint(op.f("uq_notice_key_customer_id_channel"), type_="unique")
        notice.drop_constraint(op.f("fk_notice_customer_id_party"), type_="foreignkey")
        for name in ("address", "gather_at", "customer_id"):
            notice.drop_column(name)
        notice.alter_column("user_id", existing_type=_ID, nullable=False)
    with op.batch_alter_table("notice_rule") as rule:
        rule.drop_constraint(op.f("ck_notice_rule_event"), type_="check")
        rule.create_check_constraint(op.f("ck_notice_rule_event"), f"event IN ({_BEFORE})")
        rule.drop_constraint(op.f("ck_notice_rule_gather_at"), type_="check")
        rule.drop_constraint(op.f("ck_notice_rule_gather"), type_="check")
        rule.drop_column("gather_at")
        rule.drop_column("gather")
    with op.batch_alter_table("stock_document_line") as line:
        line.drop_constraint(op.f("ck_stock_document_line_again"), type_="check")
        line.drop_constraint(op.f("ck_stock_document_line_first"), type_="check")
        for name in ("first_by", "first_moved", "first_counted"):
            line.drop_column(name)
    op.drop_column("series", "skipped")
