"""Commands about terminals, and the load of a distributor's folder."""
