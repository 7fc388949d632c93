"""Payments: money that came, what it pays, cheques in clearing, refunds and write-offs."""
