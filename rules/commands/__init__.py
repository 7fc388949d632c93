"""The commands of `python -m rules`: what each takes, does and prints."""
