"""Pick, send and deliver orders on delivery notes, and say so of each movement of stock."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATES = (
    "state IN ('picking', 'picked', 'dispatched', 'delivered', 'part', 'refused', 'closed_shop', "
    "'cancelled')"
)
_OPEN = "state IN ('dispatched', 'picked', 'picking')"
_SHORT = "short_reason IN ('', 'not_found', 'damaged', 'expired', 'left_out')"
_WHY = "reason IN ('', 'short', 'damaged', 'refused', 'wrong_goods', 'too_late', 'shop_closed')"
_CAUSES = (
    "cause IN ('placed', 'amended', 'held', 'countered', 'released', 'refused', 'expired', "
    "'back_ordered', 'cancelled', 'restored', 'picked_short', 'dispatched', 'delivered', "
    "'came_back')"
)
_MOVEMENTS = (
    "kind IN ('opening', 'receipt', 'correction', 'dispatch', 'transfer', 'adjustment', 'move', "
    "'count', 'recall', 'delivery', 'back', 'loss', 'damage')"
)


def upgrade() -> None:
    _create_wave()
    _create_trip()
    _create_delivery()
    _create_line()
    op.add_column(
        "order_",
        sa.Column("delivery", sa.String(32), nullable=False, server_default=sa.text("''")),
    )
    with op.batch_alter_table(
        "order_revision", table_kwargs={"sqlite_with_rowid": False}
    ) as revision_table:
        revision_table.drop_constraint(op.f("ck_order_revision_cause"), type_="check")
        revision_table.create_check_constraint(op.f("ck_order_revision_cause"), _CAUSES)
    with op.batch_alter_table("stock_movement") as movement:
        movement.add_column(sa.Column("delivery_id", _ID))
        movement.drop_constraint(op.f("ck_stock_movement_kind"), type_="check")
        movement.create_check_constraint(op.f("ck_stock_movement_kind"), _MOVEMENTS)
        movement.create_foreign_key(
            op.f("fk_stock_movement_delivery_id_delivery"), "delivery", ["delivery_id"], ["id"]
        )
        movement.create_index("ix_stock_movement_delivery_id", ["delivery_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _create_wave() -> None:
    op.create_table(
        "wave",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _key("wave", "seller_id", "party"),
        _key("wave", "warehouse_id", "warehouse"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    op.create_index("ix_wave_seller_id", "wave", ["seller_id"])


def _create_trip() -> None:
    op.create_table(
        "trip",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        sa.Column("vehicle", sa.String(64), nullable=False),
        sa.Column("driver", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _key("trip", "seller_id", "party"),
        _key("trip", "warehouse_id", "warehouse"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip")),
    )
    op.create_index("ix_trip_seller_id", "trip", ["seller_id"])
    op.create_index("ix_trip_driver", "trip", ["driver"])


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("warehouse_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wave_id", _ID, nullable=False),
        sa.Column("trip_id", _ID),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("picked_by", sa.String(200)),
        sa.Column("picked_at", sa.BigInteger()),
        sa.Column("passed_by", sa.String(200)),
        sa.Column("passed_why", sa.String(500)),
        sa.Column("dispatched_by", sa.String(200)),
        sa.Column("dispatched_at", sa.BigInteger()),
        sa.Column("closed_by", sa.String(200)),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("closed_day", sa.Date()),
        sa.Column("receiver", sa.String(200), nullable=False, server_default=sa.text("''")),
        sa.Column("word", sa.String(32), nullable=False, server_default=sa.text("''")),
        sa.Column(
            "word_given",
            sa.Boolean(create_constraint=False),
            nullable=False,
            server_default=sa.text("false"),
        ),
        sa.Column("redeliver", sa.Date()),
        sa.Column("note", sa.String(500), nullable=False, server_default=sa.text("''")),
        sa.CheckConstraint(_STATES, name=op.f("ck_delivery_state")),
        _key("delivery", "seller_id", "party"),
        _key("delivery", "warehouse_id", "warehouse"),
        _key("delivery", "customer_id", "party"),
        _key("delivery", "order_id", "order_"),
        _key("delivery", "wave_id", "wave"),
        _key("delivery", "trip_id", "trip"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("seller_id", "number", name=op.f("uq_delivery_seller_id_number")),
    )
    for column in ("order_id", "wave_id", "trip_id"):
        op.create_index(f"ix_delivery_{column}", "delivery", [column])
    op.create_index(
        "ix_delivery_open_order",
        "delivery",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )
    op.create_index("ix_delivery_state_id", "delivery", ["state", "id"])
    op.create_index("ix_delivery_customer_id_id", "delivery", ["customer_id", "id"])


def _create_line() -> None:
    counted = ("picked", "sent", "delivered", "back", "damaged", "lost", "billed")
    zero, empty = sa.text("0"), sa.text("''")
    amounts = {name: sa.Column(name, _ID, nullable=False, server_default=zero) for name in counted}
    op.create_table(
        "delivery_line",
        sa.Column("delivery_id", _ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", _ID, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("batch_id", _ID),
        sa.Column("planned", _ID, nullable=False),
        amounts["picked"],
        sa.Column("short_reason", sa.String(32), nullable=False, server_default=empty),
        *(amounts[name] for name in ("sent", "delivered", "back", "damaged", "lost")),
        sa.Column("reason", sa.String(32), nullable=False, server_default=empty),
        amounts["billed"],
        sa.CheckConstraint("picked BETWEEN 0 AND planned", name=op.f("ck_delivery_line_picked")),
        sa.CheckConstraint("sent BETWEEN 0 AND picked", name=op.f("ck_delivery_line_sent")),
        sa.CheckConstraint(
            "delivered >= 0 AND back >= 0 AND damaged >= 0 AND lost >= 0 "
            "AND delivered + back + damaged + lost <= sent",
            name=op.f("ck_delivery_line_outcome"),
        ),
        sa.CheckConstraint("billed BETWEEN 0 AND delivered", name=op.f("ck_delivery_line_billed")),
        sa.CheckConstraint(_SHORT, name=op.f("ck_delivery_line_short_reason")),
        sa.CheckConstraint(_WHY, name=op.f("ck_delivery_line_reason")),
        _key("delivery_line", "delivery_id", "delivery"),
        _key("delivery_line", "product_id", "product"),
        _key("delivery_line", "batch_id", "batch"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_line")),
        sqlite_with_rowid=False,
    )
    for column in ("product_id", "batch_id"):
        op.create_index(f"ix_delivery_line_{column}", "delivery_line", [column])


def downgrade() -> None:
    """Refuse: goods that are on the road have no place in the schema before."""
    raise NotImplementedError("restore the copy that was made before the upgrade")
