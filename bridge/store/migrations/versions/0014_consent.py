"""What is known of an address's consent, and the ledger of it."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("consent", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "consent_ledger",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("contact", types.Words(), nullable=False),
        sa.Column("address", types.Words(), nullable=False),
        sa.Column("line", types.Words(), nullable=False),
        sa.Column("account", types.Words(), nullable=False),
        sa.Column("scope", types.Words(), nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("words", types.Words(), nullable=False),
        sa.Column("person", types.Words(), nullable=True),
        sa.Column("message", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_ledger")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_ledger_contact_id"), "consent_ledger", ["contact", "id"])


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")
