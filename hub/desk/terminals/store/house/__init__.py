"""A whole house written or taken away inside a given transaction."""
