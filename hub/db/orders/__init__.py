"""The order path in the database: deciding, cancelling, listing."""
