"""What is written of the field: entries once each, and the beats with their plan."""
