"""Contacts by their names, which lead to their customers."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index("ix_contact_name", "contact", ["name"])


def downgrade() -> None:
    """It is gone."""
    op.drop_index("ix_contact_name", "contact")
