"""Give users several roles: those of before become what grants nobody more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ROLES = {"admin": "admin", "staff": "sales,rule_writer", "viewer": "auditor"}


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch:
        batch.drop_constraint(op.f("ck_user_account_role"), type_="check")
        batch.alter_column(
            "role",
            new_column_name="roles",
            existing_type=sa.String(32),
            type_=sa.String(200),
            existing_nullable=False,
        )
    for old, new in _ROLES.items():
        op.get_bind().execute(
            sa.text("UPDATE user_account SET roles = :new WHERE roles = :old"),
            {"new": new, "old": old},
        )


def downgrade() -> None:
    raise NotImplementedError("restore the copy that was made before: roles cannot be merged")
