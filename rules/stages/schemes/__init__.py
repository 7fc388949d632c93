"""The schemes of all kinds, what they share, and how they meet on a line."""
