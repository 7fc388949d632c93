"""Reports for programs: the same answers and files as their pages have, and who is sent them."""
