"""What keeps one from taking all: so many things in a while for each, and what the machine has."""
