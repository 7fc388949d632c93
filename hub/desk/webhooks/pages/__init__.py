"""Pages of webhooks: the endpoints, and one with its messages."""
