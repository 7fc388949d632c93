"""Money, quantities and rates as integers, and the only place that rounds."""
