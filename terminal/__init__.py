"""The counter terminal: scan, price, send, print; written to disk before anything else happens."""
