"""Terminals: the wire's edge, from messages to orders and back."""
