"""Keep what schemes gave, the claims that ask for it, and goods that go back to suppliers."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DOCUMENTS = "'opening', 'invoice', 'credit_note', 'payment', 'refund', 'write_off'"
_STOCK = "'receipt', 'transfer', 'adjustment', 'move', 'count', 'recall'"
_MOVED = (
    "'opening', 'receipt', 'correction', 'dispatch', 'transfer', 'adjustment', 'move', 'count', "
    "'recall', 'delivery', 'back', 'loss', 'damage'"
)
_BACK = "'supplier_return'"
_TO_CLAIM = sa.text("claim_id IS NULL AND funder <> ''")
_UNREAD = """
INSERT INTO setting (key, value)
SELECT 'claims_unread', CAST(max(id) AS VARCHAR(20)) FROM invoice HAVING max(id) IS NOT NULL
"""


def upgrade() -> None:
    _set_kinds(f"kind IN ({_DOCUMENTS}, 'claim')")
    _make_claims()
    _make_given()
    _make_lines()
    op.execute(_UNREAD)
    _let_goods_go_back()


def _make_claims() -> None:
    op.create_table(
        "claim",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("financial_year", sa.String(32), nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("funder_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("document_id", _ID),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        _check("claim", "state", "state IN ('draft', 'sent', 'accepted', 'withdrawn')"),
        _check("claim", "amount", "amount > 0"),
        _check("claim", "days", "from_day <= until_day"),
        _check("claim", "owed", "state NOT IN ('sent', 'accepted') OR document_id IS NOT NULL"),
        _key("claim", "seller_id", "party"),
        _key("claim", "funder_id", "party"),
        _key("claim", "document_id", "account_document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("key", name=op.f("uq_claim_key")),
        sa.UniqueConstraint(
            "seller_id",
            "financial_year",
            "number",
            name=op.f("uq_claim_seller_id_financial_year_number"),
        ),
    )
    op.create_index(op.f("ix_claim_document_id"), "claim", ["document_id"])
    op.create_index("ix_claim_funder_id_id", "claim", ["funder_id", "id"])


def _make_given() -> None:
    op.create_table(
        "scheme_given",
        sa.Column("id", _ID, nullable=False),
        sa.Column("invoice_id", _ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("order_id", _ID, nullable=False),
        sa.Column("seller_id", _ID, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scheme", sa.String(200), nullable=False),
        sa.Column("funder", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("valued", sa.String(32), nullable=False),
        sa.Column("unit_worth", sa.BigInteger()),
        sa.Column("pack_hash", sa.String(64), nullable=False),
        sa.Column("claim_id", _ID),
        _check("scheme_given", "kind", "kind IN ('discount', 'goods')"),
        _check("scheme_given", "valued", "valued IN ('taken_off', 'list', 'cost')"),
        _check("scheme_given", "kind_valued", "(kind = 'discount') = (valued = 'taken_off')"),
        _check("scheme_given", "something", "quantity <> 0 OR amount <> 0"),
        _key("scheme_given", "document_id", "invoice"),
        _key("scheme_given", "invoice_id", "invoice"),
        _key("scheme_given", "order_id", "order_"),
        _key("scheme_given", "seller_id", "party"),
        _key("scheme_given", "customer_id", "party"),
        _key("scheme_given", "claim_id", "claim"),
        sa.ForeignKeyConstraint(
            ["invoice_id", "line"],
            ["invoice_line.invoice_id", "invoice_line.line"],
            name=op.f("fk_scheme_given_invoice_id_line_invoice_line"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_given")),
    )
    op.create_index(op.f("ix_scheme_given_claim_id"), "scheme_given", ["claim_id"])
    op.create_index(op.f("ix_scheme_given_document_id"), "scheme_given", ["document_id"])
    op.create_index("ix_scheme_given_invoice_id_line", "scheme_given", ["invoice_id", "line"])
    op.create_index("ix_scheme_given_day", "scheme_given", ["day"])
    op.create_index(
        "ix_scheme_given_to_claim",
        "scheme_given",
        ["funder", "day"],
        sqlite_where=_TO_CLAIM,
        postgresql_where=_TO_CLAIM,
    )


def _make_lines() -> None:
    op.create_table(
        "claim_line",
        sa.Column("claim_id", _ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given_id", _ID, nullable=False),
        sa.Column("quantity", _ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        _key("claim_line", "claim_id", "claim"),
        _key("claim_line", "given_id", "scheme_given"),
        sa.PrimaryKeyConstraint("claim_id", "line", name=op.f("pk_claim_line")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_line_given_id"), "claim_line", ["given_id"])
    op.create_table(
        "claim_short",
        sa.Column("payment_id", _ID, autoincrement=False, nullable=False),
        sa.Column("claim_id", _ID, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        _check("claim_short", "amount", "amount > 0"),
        _key("claim_short", "payment_id", "payment"),
        sa.ForeignKeyConstraint(
            ["claim_id", "line"],
            ["claim_line.claim_id", "claim_line.line"],
            name=op.f("fk_claim_short_claim_id_line_claim_line"),
        ),
        sa.PrimaryKeyConstraint("payment_id", "line", name=op.f("pk_claim_short")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_claim_short_claim_id", "claim_short", ["claim_id", "line"])


def _let_goods_go_back() -> None:
    with op.batch_alter_table("stock_document") as document:
        document.add_column(
            sa.Column("supplier", sa.String(200), nullable=False, server_default=sa.text("''"))
        )
        document.add_column(sa.Column("number", sa.String(32)))
        document.create_unique_constraint(
            op.f("uq_stock_document_seller_id_number"), ["seller_id", "number"]
        )
    _set_stock_kinds(f"kind IN ({_STOCK}, 'supplier_return')", f"kind IN ({_MOVED}, {_BACK})")


def _set_stock_kinds(documents: str, movements: str) -> None:
    for table, said in (("stock_document", documents), ("stock_movement", movements)):
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
            changed.create_check_constraint(op.f(f"ck_{table}_kind"), said)


def _check(table: str, name: str, said: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _set_kinds(said: str) -> None:
    with op.batch_alter_table("account_document") as document:
        document.drop_constraint(op.f("ck_account_document_kind"), type_="check")
        document.create_check_constraint(op.f("ck_account_document_kind"), said)


def downgrade() -> None:
    op.execute("DELETE FROM setting WHERE key LIKE 'claims_%'")
    _set_stock_kinds(f"kind IN ({_STOCK})", f"kind IN ({_MOVED})")
    with op.batch_alter_table("stock_document") as document:
        document.drop_constraint(op.f("uq_stock_document_seller_id_number"), type_="unique")
        document.drop_column("number")
        document.drop_column("supplier")
    for table in ("claim_short", "claim_line", "scheme_given", "claim"):
        op.drop_table(table)
    _set_kinds(f"kind IN ({_DOCUMENTS})")
