"""The names of the masters, read in somebody's scope and kept; and questions read by them."""
