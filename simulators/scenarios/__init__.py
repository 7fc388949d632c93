"""Whole networks in action: replay real orders, demonstrate, demonstrate with faults."""
