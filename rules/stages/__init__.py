"""The stages of a decision, in their order, and the evaluation that runs them."""
