"""Updates of terminals: their files, their rows, and what terminals say of them."""
