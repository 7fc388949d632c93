"""Answers reports out of the rows of all nouns, in the reader's scope."""
