"""Starts the hub: settings, what is built from them, roles, the command line."""
