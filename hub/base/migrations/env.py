"""Run the migrations on the connection that the caller opened; it also commits."""

from alembic import context

from hub.base.engine.columns import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
