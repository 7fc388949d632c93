"""Returns: what a customer is credited for goods that come back, and what that takes back."""
