"""Commands about people, and how a command asks who somebody is."""
