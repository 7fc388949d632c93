"""Stock read for pages, commands and programs, each in the scope of who asks."""
