"""Keep who let a program in, and which notes are for the shop."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# A program of before is of whoever its history names; `hub`, which is nobody, is a command.
MAKERS = """
UPDATE api_token SET maker_id = (
    SELECT user_account.id FROM user_account WHERE user_account.name = (
        SELECT history.who FROM history
        WHERE history.noun = 'api_token' AND history.ref = api_token.name
        AND history.field = 'roles' ORDER BY history.id DESC LIMIT 1
    )
)
"""


def upgrade() -> None:
    op.add_column("api_token", sa.Column("maker_id", ID))
    op.execute(MAKERS)
    op.add_column("note", sa.Column("shared", sa.Boolean(create_constraint=False)))
    op.execute(sa.text("UPDATE note SET shared = :no").bindparams(no=False))
    with op.batch_alter_table("note") as batch:
        batch.alter_column(
            "shared", existing_type=sa.Boolean(create_constraint=False), nullable=False
        )


def downgrade() -> None:
    with op.batch_alter_table("note") as batch:
        batch.drop_column("shared")
    with op.batch_alter_table("api_token") as batch:
        batch.drop_column("maker_id")
