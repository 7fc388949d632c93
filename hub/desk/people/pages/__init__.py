"""The door: sign in and out."""
