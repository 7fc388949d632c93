"""Claims: what schemes gave, by who pays for them, and what their funders are asked for."""
