"""People and programs as pages and commands show them."""
