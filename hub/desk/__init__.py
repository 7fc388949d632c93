"""The nouns of the trade, one folder each; a noun imports only nouns that stand below it."""
