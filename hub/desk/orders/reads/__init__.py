"""What pages, commands and other nouns see of orders; nothing is locked."""
