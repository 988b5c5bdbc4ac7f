"""What is noted on the road: expenses, service tickets, leads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Three tables."""
    op.create_table(
        "expense",
        sa.Column("id", BIG, nullable=False),
        _points_to("expense", "owner_id", "user_account"),
        _points_to("expense", "customer_id", "customer", nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expense"),
    )
    op.create_index("ix_expense_owner_id_on", "expense", ["owner_id", "on"])
    op.create_index("ix_expense_customer_id", "expense", ["customer_id"])
    op.create_index("ix_expense_on", "expense", ["on"])
    op.create_table(
        "ticket",
        sa.Column("id", BIG, nullable=False),
        _points_to("ticket", "customer_id", "customer"),
        _points_to("ticket", "owner_id", "user_account"),
        sa.Column("what", sa.String(500), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
    )
    op.create_index("ix_ticket_customer_id_status", "ticket", ["customer_id", "status"])
    op.create_index("ix_ticket_owner_id", "ticket", ["owner_id"])
    _create_lead()


def _create_lead() -> None:
    op.create_table(
        "lead",
        sa.Column("id", BIG, nullable=False),
        _points_to("lead", "owner_id", "user_account"),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(100)),
        sa.Column("phone", sa.String(40)),
        sa.Column("source", sa.String(100)),
        sa.Column("product", sa.String(100)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
    )
    op.create_index("ix_lead_owner_id", "lead", ["owner_id"])
    op.create_index("ix_lead_created_at", "lead", ["created_at"])


def downgrade() -> None:
    """All three are gone."""
    for table in ("lead", "ticket", "expense"):
        op.drop_table(table)


def _points_to(table: str, column: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    name = f"fk_{table}_{column}_{to}"
    return sa.Column(column, BIG, sa.ForeignKey(f"{to}.id", name=name), nullable=nullable)
