"""Name keys by owner, so that a reader's own are found among any number that share a key.

The keys themselves are of a new kind: the table begins empty, and the service fills it at its
start (`storage.complete_keys`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FOLLOW = """
UPDATE name_key SET owner_id = coalesce(NEW.owner_id, 0)
WHERE name_id IN (SELECT id FROM customer_name WHERE customer_id = NEW.id)
"""
_ON_SQLITE = (
    f"""
    CREATE TRIGGER customer_owner_of_keys AFTER UPDATE OF owner_id ON customer
    WHEN OLD.owner_id IS NOT NEW.owner_id BEGIN {_FOLLOW}; END
    """,
)
_ON_POSTGRES = (
    f"""
    CREATE FUNCTION customer_owner_of_keys() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN {_FOLLOW}; RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER customer_owner_of_keys AFTER UPDATE OF owner_id ON customer
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION customer_owner_of_keys()
    """,
)


def upgrade() -> None:
    """The table anew, and a trigger that keeps its owners."""
    op.drop_table("name_key")
    op.create_table(
        "name_key",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("owner_id", BIG, nullable=False),
        sa.Column("name_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", "owner_id", "name_id", name="pk_name_key"),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["customer_name.id"],
            name="fk_name_key_name_id_customer_name",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_name_key_name_id", "name_key", ["name_id"])
    for statement in _ON_SQLITE if _sqlite() else _ON_POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """The table as it was, empty."""
    op.execute("DROP TRIGGER customer_owner_of_keys" + ("" if _sqlite() else " ON customer"))
    if not _sqlite():
        op.execute("DROP FUNCTION customer_owner_of_keys")
    op.drop_table("name_key")
    op.create_table(
        "name_key",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("name_id", BIG, nullable=False),
        sa.Column("customer_id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("key", "name_id", name="pk_name_key"),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["customer_name.id"],
            name="fk_name_key_name_id_customer_name",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="fk_name_key_customer_id_customer",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_name_key_key_customer_id", "name_key", ["key", "customer_id"])
    op.create_index("ix_name_key_name_id", "name_key", ["name_id"])


def _sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
