"""What is kept on flash: the journal of orders and the catalogue."""
