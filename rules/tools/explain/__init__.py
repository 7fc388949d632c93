"""A decision told to people: what each line came to, and why a scheme gave nothing."""
