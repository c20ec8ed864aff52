"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BUSY = {"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"}


def where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("act", types.Words(), nullable=False),
        sa.Column("actor", types.Words(), nullable=False),
        sa.Column("surface", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=True),
        sa.Column("message", types.Words(), nullable=True),
        sa.Column("detail", types.Words(), nullable=False),
        sa.Column("prev_hash", types.Words(), nullable=False),
        sa.Column("hash", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_conversation_id"), "audit", ["conversation", "id"], unique=False)
    op.create_table(
        "chat_posts",
        sa.Column("platform", types.Words(), nullable=False),
        sa.Column("room", types.Words(), nullable=False),
        sa.Column("ref", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("role", types.Words(), nullable=False),
        sa.Column("message", types.Words(), nullable=True),
        sa.Column("mark", types.Words(), nullable=False),
        sa.Column("shown", types.Words(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "room", "ref", name=op.f("pk_chat_posts")),
    )
    op.create_index(
        op.f("ix_chat_posts_conversation_created_at"), "chat_posts", ["conversation", "created_at"], unique=False
    )
    op.create_index("ix_chat_posts_message", "chat_posts", ["message"], unique=False, **where("message IS NOT NULL"))
    op.create_index(op.f("ix_chat_posts_platform_created_at"), "chat_posts", ["platform", "created_at"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("address", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "counters",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("hash", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.create_table(
        "cursors",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("seen_until", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_cursors")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("external_id", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("problem", types.Words(), nullable=True),
        sa.Column("handled_at", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_inbox_source_external_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_set_aside", "inbox", ["id"], unique=False, **where("handled_at IS NULL AND problem IS NOT NULL")
    )
    op.create_index(
        "ix_inbox_unhandled", "inbox", ["id"], unique=False, **where("handled_at IS NULL AND problem IS NULL")
    )
    op.create_table(
        "lanes",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("target", types.Words(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=True),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("holder", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lanes")),
        postgresql_with=BUSY,
    )
    op.create_index("ix_lanes_due", "lanes", ["target", "due_at"], unique=False, **where("due_at IS NOT NULL"))
    op.create_table(
        "media_blobs",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("message", types.Words(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_type", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_blobs")),
        sa.UniqueConstraint("message", "position", name=op.f("uq_media_blobs_message_position")),
    )
    op.create_table(
        "outbox",
        sa.Column("lane", types.Words(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("target", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("message", types.Words(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("not_before", types.Moment(), nullable=True),
        sa.Column("attempted_at", types.Moment(), nullable=True),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.Column("stuck_at", types.Moment(), nullable=True),
        sa.Column("problem", types.Words(), nullable=True),
        sa.PrimaryKeyConstraint("lane", "seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        postgresql_with=BUSY,
    )
    op.create_index(
        "ix_outbox_message", "outbox", ["message"], unique=False, **where("settled_at IS NULL AND message IS NOT NULL")
    )
    op.create_index("ix_outbox_stuck", "outbox", ["stuck_at"], unique=False, **where("stuck_at IS NOT NULL"))
    op.create_index("ix_outbox_unsettled", "outbox", ["key"], unique=False, **where("settled_at IS NULL"))
    op.create_table(
        "timers",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("subject", types.Words(), nullable=False),
        sa.Column("due", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_timers_kind_subject")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_timers_due"), "timers", ["due"], unique=False)
    op.create_table(
        "contact_addresses",
        sa.Column("address", types.Words(), nullable=False),
        sa.Column("contact", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_contact_addresses_contact_contacts")),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_contact_addresses")),
    )
    op.create_index(op.f("ix_contact_addresses_contact"), "contact_addresses", ["contact"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", types.Words(), nullable=False),
        sa.Column("contact", types.Words(), nullable=False),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("assignee", types.Words(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("waiting_since", types.Moment(), nullable=True),
        sa.Column("last_inbound_at", types.Moment(), nullable=True),
        sa.Column("last_outbound_at", types.Moment(), nullable=True),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.Column("opted_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_conversations_contact_contacts")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_conversations")),
    )
    op.create_index(
        op.f("ix_conversations_contact_line_number"), "conversations", ["contact", "line", "number"], unique=False
    )
    op.create_table(
        "messages",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("body", types.Words(), nullable=False),
        sa.Column("status", types.Words(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("author", types.Words(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("hold", types.Words(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("release_at", types.Moment(), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("account", types.Words(), nullable=True),
        sa.Column("provider_id", types.Words(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("error_code", types.Words(), nullable=True),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.Column("recovered", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name=op.f("fk_messages_conversation_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        op.f("ix_messages_conversation_created_at"), "messages", ["conversation", "created_at"], unique=False
    )
    op.create_index(
        "ix_messages_pending",
        "messages",
        ["conversation"],
        unique=False,
        **where("kind = 'reply' AND status IN ('held', 'queued', 'failed', 'unknown')"),
    )
    op.create_index(
        "ix_messages_provider", "messages", ["account", "provider_id"], unique=True, **where("provider_id IS NOT NULL")
    )
    op.create_table(
        "threads",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("platform", types.Words(), nullable=False),
        sa.Column("room", types.Words(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("root", sa.Text(), nullable=True),
        sa.Column("earlier", sa.Text(), nullable=True),
        sa.Column("digest", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name=op.f("fk_threads_conversation_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_conversation"), "threads", ["conversation"], unique=False)
    op.create_index("ix_threads_root", "threads", ["root"], unique=True, **where("root IS NOT NULL"))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")
