"""The schemes book: what alone writes counters, what orders used of them, and leases."""
