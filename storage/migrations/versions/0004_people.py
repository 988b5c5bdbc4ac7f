"""Departments as teams, what was set by hand, where people were seen, codes that join accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Everybody known so far was opened by hand."""
    with op.batch_alter_table("user_account") as table:
        for name in ("role_by_hand", "team_by_hand"):
            table.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true())
            )
    with op.batch_alter_table("user_account") as table:
        for name in ("role_by_hand", "team_by_hand"):
            table.alter_column(name, server_default=None)
    op.add_column("binding", sa.Column("last_seen_at", INSTANT))
    with op.batch_alter_table("stranger") as table:
        table.add_column(sa.Column("tries", BIG, nullable=False, server_default="0"))
        table.add_column(sa.Column("blocked_until", INSTANT))
    with op.batch_alter_table("stranger") as table:
        table.alter_column("tries", server_default=None)
    _create_department()
    _create_join_code()
    op.create_table(
        "book_reading",
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("wanted_at", INSTANT),
        sa.PrimaryKeyConstraint("platform", name="pk_book_reading"),
    )


def _create_department() -> None:
    op.create_table(
        "department",
        sa.Column("id", BIG, nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("corp", sa.String(100), nullable=False),
        sa.Column("department", sa.String(64), nullable=False),
        sa.Column("team_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_department_team_id_team"),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint(
            "platform", "corp", "department", name="uq_department_platform_corp_department"
        ),
    )
    op.create_index("ix_department_team_id", "department", ["team_id"])


def _create_join_code() -> None:
    op.create_table(
        "join_code",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("platform", sa.String(20), nullable=False),
        sa.Column("corp", sa.String(100), nullable=False),
        sa.Column("platform_user", sa.String(100), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_join_code_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_join_code"),
        sa.UniqueConstraint("code_hash", name="uq_join_code_code_hash"),
    )
    op.create_index("ix_join_code_user_id", "join_code", ["user_id"])


def downgrade() -> None:
    """Back to people without a book."""
    for table in ("book_reading", "join_code", "department"):
        op.drop_table(table)
    with op.batch_alter_table("stranger") as stranger:
        stranger.drop_column("blocked_until")
        stranger.drop_column("tries")
    with op.batch_alter_table("binding") as binding:
        binding.drop_column("last_seen_at")
    with op.batch_alter_table("user_account") as user:
        user.drop_column("team_by_hand")
        user.drop_column("role_by_hand")
