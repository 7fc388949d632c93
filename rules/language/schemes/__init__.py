"""The `schemes` section: what every kind of scheme says of itself, read and checked."""
