"""The hub's command line: one module for each command."""
