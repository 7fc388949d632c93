"""What the hub keeps for the people at its pages: views of lists, forms begun, and notes."""
