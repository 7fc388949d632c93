"""Approvals: who releases held orders, and what was said of each."""
