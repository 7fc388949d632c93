"""What takes rows of a file, a module for each kind of masters."""
