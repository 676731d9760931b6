"""What Alembic runs: the migrations, on the connection that `bot.storage.migrate` opened."""

from alembic import context

from bot.storage.migrate import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    compare_type=True,
    # SQLite changes a table by building it anew; elsewhere this makes no difference.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
