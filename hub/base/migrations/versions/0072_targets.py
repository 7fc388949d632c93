"""Keep targets with their versions, take them from files, and keep webhooks with their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD_KINDS = "kind IN ('customers', 'levels', 'openings', 'orders', 'products', 'stock')"
_KINDS = "kind IN ('customers', 'levels', 'openings', 'orders', 'products', 'stock', 'targets')"
_AIMS = "'order_value', 'standing_orders', 'goods_value', 'quantity', 'received'"


def upgrade() -> None:
    _set_kinds(_KINDS)
    op.create_table(
        "target",
        sa.Column("id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("party_id", _ID),
        sa.Column("goods", sa.String(32), nullable=False),
        sa.Column("thing", sa.String(200), nullable=False),
        sa.Column("span", sa.String(32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        _check("target", "measure", f"measure IN ({_AIMS})"),
        _check("target", "kind", "kind IN ('house', 'rep', 'area', 'beat', 'customer')"),
        _check("target", "goods", "goods IN ('all', 'brand', 'category', 'product')"),
        _check("target", "span", "span IN ('month', 'quarter', 'fy')"),
        _check("target", "amount", "amount > 0"),
        _check("target", "days", "first < last"),
        _check("target", "who", "(kind = 'house') = (who = '')"),
        _check("target", "thing", "(goods = 'all') = (thing = '')"),
        _check("target", "party", "(kind = 'customer') = (party_id IS NOT NULL)"),
        _key("target", "seller_id", "party"),
        _key("target", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            *("seller_id", "measure", "kind", "who", "goods", "thing", "span", "first"),
            name="uq_target_owner",
        ),
    )
    op.create_index(op.f("ix_target_party_id"), "target", ["party_id"])
    op.create_index("ix_target_first_last", "target", ["first", "last"])
    op.create_table(
        "target_version",
        sa.Column("target_id", _ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        _check("target_version", "amount", "amount IS NULL OR amount > 0"),
        _key("target_version", "target_id", "target"),
        sa.PrimaryKeyConstraint("target_id", "version", name=op.f("pk_target_version")),
        sqlite_with_rowid=False,
    )
    _create_webhooks()


def _create_webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("kinds", sa.String(500), nullable=False),
        sa.Column("owner_id", _ID, nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("old_secret", sa.String(200)),
        sa.Column("old_until", sa.BigInteger()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger()),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger()),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _check("webhook", "old_secret", "(old_secret IS NULL) = (old_until IS NULL)"),
        _check("webhook", "stopped", "stopped_at IS NULL OR NOT active"),
        _key("webhook", "owner_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_owner_id"), "webhook", ["owner_id"])
    op.create_table(
        "webhook_event",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("uuid", name=op.f("uq_webhook_event_uuid")),
        sa.UniqueConstraint("key", name=op.f("uq_webhook_event_key")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("webhook_id", _ID, nullable=False),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger()),
        sa.Column("status", sa.Integer()),
        sa.Column("took_ms", sa.Integer()),
        sa.Column("error", sa.String(500)),
        _check("webhook_delivery", "state", "state IN ('waiting', 'sent', 'failed', 'dropped')"),
        _key("webhook_delivery", "webhook_id", "webhook"),
        _key("webhook_delivery", "event_id", "webhook_event"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "webhook_id", "event_id", name=op.f("uq_webhook_delivery_webhook_id_event_id")
        ),
    )
    op.create_index("ix_webhook_delivery_webhook_id_id", "webhook_delivery", ["webhook_id", "id"])
    op.create_index("ix_webhook_delivery_event_id", "webhook_delivery", ["event_id"])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _check(table: str, name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))


def _set_kinds(said: str) -> None:
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_run_kind"), said)


def downgrade() -> None:
    for table in ("webhook_delivery", "webhook_event", "webhook"):
        op.drop_table(table)
    op.drop_table("target_version")
    op.drop_table("target")
    gone = "kind = 'targets'"
    op.execute(
        f"DELETE FROM import_outcome WHERE run_id IN (SELECT id FROM import_run WHERE {gone})"  # noqa: S608
    )
    op.execute(f"DELETE FROM import_edit WHERE run_id IN (SELECT id FROM import_run WHERE {gone})")  # noqa: S608
    op.execute(f"DELETE FROM import_run WHERE {gone}")  # noqa: S608
    _set_kinds(_OLD_KINDS)
