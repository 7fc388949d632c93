"""The decision core: one pure function from order, facts, counters and pack to a result."""
