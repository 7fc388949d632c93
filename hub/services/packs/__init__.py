"""The use cases of rule packs: add, try in shadow, publish, schedule, roll back."""
