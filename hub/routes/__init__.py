"""The addresses of the hub, one module a subject."""
