"""The commands of `./orderwire rules`: what each takes, does and prints."""
