"""From the wire's messages to the hub's own words, and back."""
