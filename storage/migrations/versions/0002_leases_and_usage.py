"""Leases among processes, and what was used of a platform's monthly quotas."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "lease",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(80)),
        sa.Column("until", INSTANT),
        sa.PrimaryKeyConstraint("key", name="pk_lease"),
    )
    op.create_table(
        "usage",
        sa.Column("scope", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("used", COUNT, nullable=False),
        sa.PrimaryKeyConstraint("scope", "kind", "period", name="pk_usage"),
    )


def downgrade() -> None:
    """Both are gone."""
    op.drop_table("usage")
    op.drop_table("lease")
