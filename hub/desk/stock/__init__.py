"""Stock: the book of batches, what moved, and what is promised."""
