"""Stock: which batches a line may be sold from, which leaves first, and what is short."""
