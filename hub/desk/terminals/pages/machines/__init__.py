"""Pages of the machines behind counters: their software, and how they are."""
