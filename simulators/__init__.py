"""Stand-ins for the world around the product: devices, faults, data and whole scenarios."""
