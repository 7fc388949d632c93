"""The pages staff work with and the few addresses terminals fetch from."""
