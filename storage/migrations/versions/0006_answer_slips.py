"""Answers that a platform fetches itself (WeCom's AI bot by callback)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """One table."""
    op.create_table(
        "answer_slip",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("parts", DOCUMENT, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_answer_slip"),
    )
    op.create_index("ix_answer_slip_created_at", "answer_slip", ["created_at"])


def downgrade() -> None:
    """It is gone."""
    op.drop_table("answer_slip")
