"""Returns: goods that shops give back, credited at what they were billed for."""
