"""Pages of invoices: lists, records, making, crediting, and what is printed."""
