"""The laws about people: accounts and sessions, codes of a second factor, who decides for whom."""
