"""Pages of deliveries: what is to be picked, pick lists, trips, notes and their papers."""
