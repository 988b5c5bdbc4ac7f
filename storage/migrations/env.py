"""How Alembic runs: always on the connection that `storage.migrate` hands over."""

from __future__ import annotations

from alembic import context

from storage.models.all import Base


def run() -> None:
    """Run in the transaction that is open already; batch mode rebuilds tables on SQLite."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
