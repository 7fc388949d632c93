"""The compiled pack, its index, and the inputs and results of an evaluation."""
